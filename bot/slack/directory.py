"""Who is who in Slack: looked up in the background and kept, so that no click ever waits for it."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import Undelivered
from bot.emoji import mark
from bot.front import Front
from bot.lookups import Lookups
from bot.slack import words
from bot.slack.chat import calling
from handlers import directory
from storage.records import Channel, Person, PersonId, PlaceId

log = structlog.get_logger()

PAGE = 200
WITHOUT_END = timedelta(days=365)
"""So long a status counts that nobody has set an end to, from when it was read; none counts longer."""
UNREAD = "the members of a triage channel could not be read"


def described(user: dict[str, Any], home: Collection[str] = ()) -> Person:
    """A colleague as Slack's `user` object describes them; `home` are the ids of the organisation's own."""
    profile = user.get("profile") or {}
    handle = str(user.get("name") or "")
    name = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or handle
    return Person(
        id=words.person(str(user["id"])),
        name=str(name) or str(user["id"]),
        handle=handle,
        zone=str(user.get("tz") or ""),
        email=_verified_email(user, home),
        active=not user.get("deleted", False),
        bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
    )


def _verified_email(user: dict[str, Any], home: Collection[str]) -> str:
    """The address that Slack vouches for: confirmed, and of somebody of our own.

    In shared channels there are people of other organisations, where somebody else decides whose an address
    is. Slack gives no address without the scope users:read.email.
    """
    enterprise = user.get("enterprise_user") or {}
    at = {user.get("team_id"), enterprise.get("enterprise_id"), *(enterprise.get("teams") or ())}
    if user.get("is_email_confirmed") is not True or at.isdisjoint(home):
        return ""
    return str((user.get("profile") or {}).get("email") or "").lower()


def absent_until(user: Mapping[str, Any], away: Collection[str], now: datetime) -> datetime | None:
    """Until when somebody is away by their status, whose emoji is one of `away`; None when they are here."""
    profile = user.get("profile") or {}
    if user.get("deleted") or mark(str(profile.get("status_emoji") or "")) not in away:
        return None
    latest, ends = now + WITHOUT_END, profile.get("status_expiration")
    if not isinstance(ends, int) or not 0 < ends < latest.timestamp():
        return latest
    return datetime.fromtimestamp(ends, UTC)


def _status(user: Mapping[str, Any]) -> tuple[object, ...]:
    profile = user.get("profile") or {}
    return profile.get("status_emoji"), profile.get("status_expiration"), user.get("deleted")


class Directory:
    """Keeps people, the channels that the bot is in, and the triage channels' members as Slack has them."""

    def __init__(
        self,
        client: AsyncWebClient,
        front: Front,
        now: Callable[[], datetime],
        home: Collection[str],
        away: Collection[str] = (),
    ) -> None:
        """`home` are the ids of the workspace and of the organisation it belongs to.

        `away` are the emoji that say in somebody's status that they are not there.
        """
        self._client = client
        self._front = front
        self._now = now
        self._home = home
        self._away = away
        self._statuses: dict[PersonId, tuple[object, ...]] = {}
        self._triage = Lookups(UNREAD, self._members)

    async def refresh(self) -> None:
        """Read everybody, where the bot is, and who is in the triage channels."""
        try:
            await self._everybody()
            await self._channels()
        except Undelivered as error:
            log.warning("Slack's directory could not be read", why=error.why)
        await self._triage.everything(self._triage_channels())

    async def look_up(self) -> None:
        """Ask about whoever was met, and about each channel that has become a triage channel."""
        await self.look_up_unknown()
        await self._triage.news(self._triage_channels())

    async def look_up_unknown(self) -> None:
        """Ask Slack about people who were met and are not known yet."""
        house = self._front.house
        for person in await self._front.look(lambda tx: directory.unknown(tx, house, words.PREFIX)):
            user = words.user(person)
            if user is None:
                continue
            try:
                async with calling(self._client.timeout):
                    answer = await self._client.users_info(user=user)
            except Undelivered as error:
                log.info("Slack did not say who somebody is", why=error.why)
                return
            await self.describe(answer["user"])

    async def describe(self, user: dict[str, Any]) -> None:
        """Keep what Slack says of one person."""
        await self._keep([user])

    async def joined(self, channel: str, user: str) -> None:
        """Somebody came to a channel."""
        house = self._front.house
        await self._front.keep(
            lambda tx: directory.joined(tx, house, words.place(channel), words.person(user))
        )

    async def left(self, channel: str, user: str) -> None:
        """Somebody left a channel."""
        house = self._front.house
        await self._front.keep(lambda tx: directory.left(tx, house, words.place(channel), words.person(user)))

    async def came(self, channel: str) -> None:
        """The bot came to a channel, or the channel came back: what is it called, and who is in it?"""
        house, place = self._front.house, words.place(channel)
        try:
            async with calling(self._client.timeout):
                answer = await self._client.conversations_info(channel=channel)
        except Undelivered as error:
            log.info("Slack did not say where the bot is", why=error.why)
            return
        found = answer["channel"]
        if found.get("is_member") and not found.get("is_archived"):
            known, now = _channel(found), self._now()
            await self._front.keep(lambda tx: directory.came(tx, house, known, now))
        if place in house.channels:
            await self._triage.one(place)

    async def renamed(self, channel: str, name: str) -> None:
        """A channel has another name."""
        house, known = self._front.house, Channel(words.place(channel), name)
        await self._front.keep(lambda tx: directory.renamed(tx, house, known))

    async def gone(self, channel: str, why: str) -> None:
        """Nothing can be said in a channel any more: the bot was removed, or it was archived."""
        house, now, place = self._front.house, self._now(), words.place(channel)
        await self._front.keep(lambda tx: directory.gone(tx, house, place, why, now))

    async def _keep(self, users: list[dict[str, Any]]) -> None:
        """Keep what Slack says of people. A status counts when it is new: whoever said they are back, is."""
        house, now = self._front.house, self._now()
        everybody = [
            replace(described(user, self._home), absent_until=absent_until(user, self._away, now))
            for user in users
        ]
        statuses = {words.person(str(user["id"])): _status(user) for user in users}
        silent = {person for person, status in statuses.items() if self._statuses.get(person) == status}
        await self._front.keep(
            partial(directory.describe_all, house=house, everybody=everybody, now=now, silent=silent)
        )
        self._statuses |= statuses

    def _triage_channels(self) -> list[PlaceId]:
        return [place for place in self._front.house.channels if place.startswith(words.PREFIX)]

    async def _everybody(self) -> None:
        async for page in self._pages("users.list", "members"):
            await self._keep(page)

    async def _channels(self) -> None:
        house = self._front.house
        present: list[Channel] = []
        kinds = {"types": "public_channel,private_channel", "exclude_archived": "true"}
        async for page in self._pages("users.conversations", "channels", **kinds):
            present += map(_channel, page)
        await self._front.keep(lambda tx: directory.channels_are(tx, house, words.PREFIX, present))

    async def _members(self, place: PlaceId) -> None:
        house = self._front.house
        channel, _ = words.target(place)
        present: list[str] = []
        async for page in self._pages("conversations.members", "members", channel=channel):
            present.extend(words.person(user) for user in page)
        await self._front.keep(lambda tx: directory.members_are(tx, house, place, present))

    async def _pages(self, method: str, what: str, **arguments: str) -> AsyncIterator[list[Any]]:
        cursor = ""
        while True:
            async with calling(self._client.timeout):
                answer = await self._client.api_call(
                    method, params={**arguments, "limit": PAGE, "cursor": cursor}
                )
            yield list(answer[what])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _channel(found: Mapping[str, Any]) -> Channel:
    return Channel(words.place(str(found["id"])), str(found.get("name") or found["id"]))


async def find_channels(client: AsyncWebClient, names: set[str]) -> dict[str, str]:
    """The ids of channels by name, without those that are not found. Raises `Undelivered`."""
    wanted = {name.lstrip("#").lower() for name in names}
    found: dict[str, str] = {}
    cursor = ""
    while wanted:
        async with calling(client.timeout):
            answer = await client.conversations_list(
                types="public_channel,private_channel", exclude_archived=True, limit=PAGE, cursor=cursor
            )
        for channel in answer["channels"]:
            if channel["name"].lower() in wanted:
                wanted.discard(channel["name"].lower())
                found[channel["name"].lower()] = channel["id"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return found


async def find_person(client: AsyncWebClient, handle: str) -> str | None:
    """The id of the active colleague of that handle, if there is one. Raises `Undelivered`."""
    wanted, cursor = handle.lstrip("@").lower(), ""
    while True:
        async with calling(client.timeout):
            answer = await client.users_list(limit=PAGE, cursor=cursor)
        for user in answer["members"]:
            if str(user.get("name", "")).lower() == wanted and not user.get("deleted"):
                return str(user["id"])
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return None
