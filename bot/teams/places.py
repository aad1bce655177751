"""The channels of the teams that the bot is in, and what they are called."""

from collections.abc import Collection
from functools import partial

from bot.chat import Undelivered
from bot.front import Front
from bot.lookups import Lookups
from bot.teams import words
from bot.teams.activity import Activity, event, told
from bot.teams.connectors import Connectors
from bot.teams.references import References, conversation_of
from handlers import directory
from handlers.directory import Located
from storage.records import PlaceId

GENERAL = "General"
"""The first channel of every team, for which Teams tells no name."""
STANDARD = "standard"
"""The kind of channel that a bot is in when its team is; older answers name no kind."""
CHANGES = frozenset({"channelCreated", "channelRenamed", "channelRestored", "teamRenamed", "teamRestored"})
"""What happens to channels and is told, beside their end."""
UNREAD = "the channels of a team could not be read"
REMOVED, DELETED = "BotNotInConversationRoster", "ConversationNotFound"
"""Why a place is lost, in Teams' words."""


class Places:
    """Keeps the names of channels as Teams has them, and which team each is in."""

    def __init__(self, connectors: Connectors, references: References, front: Front) -> None:
        self._connectors = connectors
        self._references = references
        self._front = front
        self._channels: dict[str, list[Located]] = {}
        self._lookups = Lookups(UNREAD, self._read)

    async def refresh(self) -> None:
        """Read the channels of every team that the bot is in."""
        await self._lookups.everything(self._references.teams())

    async def look_up(self) -> None:
        """Read the channels of teams that were met and not read yet."""
        await self._lookups.news(self._references.teams())

    async def changed(self, activity: Activity) -> None:
        """A channel or a team is new, or called otherwise."""
        reference = conversation_of(activity)
        if event(activity) in CHANGES and reference is not None and reference.team:
            await self._lookups.one(reference.team)

    def team_of(self, place: PlaceId) -> str:
        """The team that a channel is in; empty when nobody has told."""
        for team, channels in self._channels.items():
            if any(each.place == place for each in channels):
                return team
        return self._references.team_of(place)

    async def ended(self, activity: Activity) -> None:
        """A channel was deleted; or the bot was removed from a group chat, or a team with its channels."""
        team, channel = (told(activity["channelData"], which) for which in ("team", "channel"))
        conversation = words.place(activity["conversation"]["id"].partition(";")[0])
        if event(activity) == "channelDeleted":
            await self._lose({words.place(channel)} if channel else set(), DELETED)
            return
        everything = {each.place for each in self._channels.pop(team, ())}
        everything |= self._references.places_of(team) if team else set()
        await self._lose({*everything, conversation}, REMOVED)

    async def _lose(self, places: Collection[PlaceId], why: str) -> None:
        for team, channels in self._channels.items():
            self._channels[team] = [each for each in channels if each.place not in places]
        await self._references.lose(sorted(places), why)

    async def _read(self, team: str) -> None:
        service_url = self._references.teams().get(team)
        if service_url is None:
            return
        try:
            name = str((await self._connectors.team(service_url, team)).get("name") or "")
            channels = await self._connectors.channels(service_url, team)
        except Undelivered as error:
            if error.permanent:
                self._channels[team] = []
                await self._keep()
            raise
        self._channels[team] = [
            Located(words.place(str(each["id"])), name, str(each.get("name") or GENERAL))
            for each in channels
            if each.get("id") and each.get("type", STANDARD) in (STANDARD, None)
        ]
        await self._keep()

    async def _keep(self) -> None:
        """Keep the names; only when all teams were read are there no others."""
        house = self._front.house
        present = [each for channels in self._channels.values() for each in channels]
        whole = self._channels.keys() >= self._references.teams().keys()
        await self._front.keep(
            partial(directory.places_are, house=house, prefix=words.PREFIX, present=present, whole=whole)
        )
