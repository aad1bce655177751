"""Who is who in Teams: told by what is heard, and looked up in the background."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any
from zoneinfo import available_timezones

import structlog

from bot.chat import Undelivered
from bot.front import Front
from bot.lookups import Lookups
from bot.teams import words
from bot.teams.activity import Activity
from bot.teams.connectors import Connectors
from bot.teams.places import DELETED, REMOVED, Places
from bot.teams.references import References, conversation_of
from handlers import directory
from storage.records import Person, PersonId, PlaceId

log = structlog.get_logger()

UNREAD = "the members of a triage channel could not be read"


def described(member: Mapping[str, Any]) -> Person:
    """A colleague as a conversation's roster describes them."""
    email = str(member.get("email") or member.get("userPrincipalName") or "").lower()
    name = str(member.get("name") or "") or " ".join(
        filter(None, (str(member.get("givenName") or ""), str(member.get("surname") or "")))
    )
    return Person(
        id=words.person(str(member["id"])),
        name=name or email or str(member["id"]),
        handle=str(member.get("userPrincipalName") or email).partition("@")[0],
        email=email,
        bot=is_bot(str(member["id"])),
    )


def is_bot(account: str) -> bool:
    """Whether an account is a bot's: our own, or another app's."""
    return account.startswith("28:")


class Directory:
    """Keeps people and the triage channels' members as Teams has them."""

    def __init__(
        self, connectors: Connectors, references: References, front: Front, now: Callable[[], datetime]
    ) -> None:
        self._connectors = connectors
        self._references = references
        self._front = front
        self._now = now
        self.places = Places(connectors, references, front)
        self._triage = Lookups(UNREAD, self._members)
        self._met: dict[PersonId, tuple[str, str]] = {}
        self._accounts: dict[str, PersonId] = {}

    def person(self, object_id: str) -> PersonId | None:
        """The person behind a directory object's id, if they were met or are in a channel of ours."""
        return self._accounts.get(object_id)

    async def heard(self, activity: Activity) -> None:
        """Keep the name and the time zone that an activity tells, when they are new."""
        sender = activity["from"]
        if not sender["id"]:
            return
        person, name = words.person(sender["id"]), sender["name"]
        if isinstance(sender.get("aadObjectId"), str):
            self._accounts[sender["aadObjectId"]] = person
        told = (name, zone_of(activity))
        if self._met.get(person) == told:
            return
        house = self._front.house
        await self._front.keep(lambda tx: directory.introduce(tx, house, person, *told))
        self._met[person] = told

    async def came_and_went(self, activity: Activity, came: Sequence[str], went: Sequence[str]) -> None:
        """Somebody joined or left a conversation. A team's people are in all its channels."""
        reference = conversation_of(activity)
        if reference is None or not (came or went):
            return
        if any(map(is_bot, came)):  # who is there already is told to nobody
            await self.refresh()
            return
        for place in self._triage_channels():
            team = self.places.team_of(place)
            if place == reference.place or (team and team == reference.team):
                await self._move(place, came, went)
            elif reference.team and not team:
                await self._triage.one(place)

    async def ended(self, activity: Activity) -> None:
        """The bot was removed from a team or a group chat, or a channel is gone."""
        unplaced = [place for place in self._triage_channels() if not self.places.team_of(place)]
        await self.places.ended(activity)
        for place in unplaced:  # it may have been there
            await self._check(place)

    async def refresh(self) -> None:
        """Read where the bot is, who is in the triage channels, and who everybody is that is met there."""
        await self.places.refresh()
        await self._triage.everything(self._triage_channels())
        await self._references.refresh_colleagues()

    async def look_up(self) -> None:
        """Ask about whoever and whatever was met, and each channel that has become a triage channel."""
        await self.look_up_unknown()
        await self.places.look_up()
        await self._triage.news(self._triage_channels())

    async def look_up_unknown(self) -> None:
        """Ask Teams about people who were met and are not described yet."""
        house = self._front.house
        unknown = await self._front.look(lambda tx: directory.unknown(tx, house, words.PREFIX))
        ours = [(person, user) for person in unknown if (user := words.user(person))]
        for person, user in ours:
            try:
                reference = await self._references.find(person)
                member = await self._connectors.member(reference.service_url, reference.conversation, user)
            except Undelivered as error:
                log.info("Teams did not say who somebody is", why=error.why)
                continue
            if member.get("id"):
                await self._keep([described(member)])
        if ours:
            await self._references.refresh_colleagues()

    async def roster(self, place: PlaceId) -> list[Person]:
        """Who is in a conversation, and remember them by their accounts. Raises `Undelivered`."""
        reference = await self._references.find(place)
        members = await self._connectors.members(reference.service_url, reference.conversation)
        sound = [member for member in members if member.get("id")]
        for member in sound:
            account = member.get("aadObjectId") or member.get("objectId")
            if isinstance(account, str):
                self._accounts[account] = words.person(str(member["id"]))
        return [described(member) for member in sound]

    def _triage_channels(self) -> list[PlaceId]:
        return [place for place in self._front.house.channels if place.startswith(words.PREFIX)]

    async def _members(self, place: PlaceId) -> None:
        house = self._front.house
        everybody = await self.roster(place)
        await self._keep(everybody)
        present = [person.id for person in everybody if not person.bot]
        await self._front.keep(lambda tx: directory.members_are(tx, house, place, present))

    async def _check(self, place: PlaceId) -> None:
        try:
            await self.roster(place)
        except Undelivered as error:
            if error.why in (REMOVED, DELETED):
                await self._references.lose([place], error.why)

    async def _move(self, place: PlaceId, came: Sequence[str], went: Sequence[str]) -> None:
        house = self._front.house
        for change, members in ((directory.joined, came), (directory.left, went)):
            for member in map(words.person, members):
                await self._front.keep(partial(change, house=house, place=place, person=member))

    async def _keep(self, everybody: list[Person]) -> None:
        """Keep what Teams says of people. Whether somebody is away it says nowhere."""
        house, now, silent = self._front.house, self._now(), {person.id for person in everybody}
        await self._front.keep(
            partial(directory.describe_all, house=house, everybody=everybody, now=now, silent=silent)
        )


def zone_of(activity: Activity) -> str:
    """The sender's time zone, when their client tells one that exists."""
    told = [
        str(each.get("timezone") or "") for each in activity["entities"] if each.get("type") == "clientInfo"
    ]
    zone = next((zone for zone in (*told, str(activity.get("localTimezone") or "")) if zone), "")
    return zone if zone in _zones() else ""


@cache
def _zones() -> set[str]:
    return available_timezones()
