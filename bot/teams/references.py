"""Where to reach whom in Teams: conversation references, kept from everything that is heard.

They stand in the database, so that a bot that was started again can speak first. Here they are remembered
too, because nearly every activity brings one that is known.
"""

from collections.abc import Iterable
from functools import partial

from bot.front import Front
from bot.teams import words
from bot.teams.activity import PERSONAL, Activity, account, is_by_us, told
from bot.teams.connectors import Connectors
from handlers import directory
from storage.records import Conversation, PersonId, PlaceId


class References:
    """Conversations by place, and the colleagues a form can offer."""

    def __init__(self, connectors: Connectors, service_url: str, tenant: str, bot: str) -> None:
        """`service_url` and `tenant` serve for places nothing was heard from yet; `bot` is our own id."""
        self._connectors = connectors
        self._service_url = service_url
        self._tenant = tenant
        self._bot = bot
        self._known: dict[PlaceId, Conversation] = {}
        self._by_conversation: dict[str, Conversation] = {}
        self._unkept: set[PlaceId] = set()
        self.colleagues: list[tuple[PersonId, str]] = []
        """Ids and names, for forms in which a colleague is chosen."""

    def attach(self, front: Front) -> None:
        """Keep them at this front desk."""
        self._front = front

    async def load(self) -> None:
        """Remember what the database has."""
        house = self._front.house
        for each in await self._front.look(lambda tx: directory.known_conversations(tx, house)):
            self._remember(each)
        await self.refresh_colleagues()

    async def refresh_colleagues(self) -> None:
        """Read anew whom a form can offer."""
        house = self._front.house
        found = await self._front.look(lambda tx: directory.colleagues(tx, house))
        self.colleagues = [(person.id, person.name) for person in found]

    async def heard(self, activity: Activity) -> None:
        """Keep where an activity came from."""
        reference = conversation_of(activity)
        if reference is None:
            return
        if self._known.get(reference.place) != reference or reference.place in self._unkept:
            await self.keep(reference)

    async def keep(self, reference: Conversation) -> None:
        """Remember it here, where it serves at once, and in the database."""
        house, now = self._front.house, self._front.now()
        self._remember(reference)
        self._unkept.add(reference.place)
        await self._front.keep(lambda tx: directory.met(tx, house, reference, now))
        self._unkept.discard(reference.place)

    async def forget(self, place: PlaceId) -> None:
        """Somebody does not want to hear from the bot any more."""
        self._drop(place)
        house = self._front.house
        await self._front.keep(lambda tx: directory.forgotten(tx, house, place))

    async def lose(self, places: Iterable[PlaceId], why: str) -> None:
        """The bot is in these channels and group chats no more, or they are gone."""
        house, now = self._front.house, self._front.now()
        for place in places:
            self._drop(place)
            await self._front.keep(partial(directory.gone, house=house, place=place, why=why, now=now))

    def teams(self) -> dict[str, str]:
        """The teams that the bot is in, each with the URL of the service that knows it."""
        return {each.team: each.service_url for each in self._known.values() if each.team}

    def team_of(self, place: PlaceId) -> str:
        """The team of a channel from which something was heard; empty for any other place."""
        known = self._known.get(place)
        return known.team if known else ""

    def places_of(self, team: str) -> set[PlaceId]:
        """The channels of a team from which something was heard."""
        return {place for place, each in self._known.items() if each.team == team}

    async def find(self, place: PlaceId) -> Conversation:
        """Where a place or a conversation is. A chat with a person is begun. Raises `Undelivered`."""
        found = self._known.get(place) or self._by_conversation.get(place.removeprefix(words.PREFIX))
        if found is None:
            house = self._front.house
            found = await self._front.look(lambda tx: directory.conversation(tx, house, place))
        if found is None:
            found = await self._begin(place)
        return found

    async def _begin(self, place: PlaceId) -> Conversation:
        person = words.user(place)
        name = place.removeprefix(words.PREFIX)
        if person is None:
            return Conversation(place, name, self._service_url, self._tenant)
        conversation = await self._connectors.create_personal(
            self._service_url, self._tenant, self._bot, person
        )
        begun = Conversation(place, conversation, self._service_url, self._tenant)
        await self.keep(begun)
        return begun

    def _drop(self, place: PlaceId) -> None:
        gone = self._known.pop(place, None)
        if gone is not None:
            self._by_conversation.pop(gone.conversation, None)

    def _remember(self, reference: Conversation) -> None:
        self._known[reference.place] = reference
        self._by_conversation[reference.conversation] = reference
        if reference.service_url:
            self._service_url = reference.service_url


def conversation_of(activity: Activity) -> Conversation | None:
    """The reference in an activity: the chat with a person, a group or a channel; None when it has none."""
    said, data = activity["conversation"], activity["channelData"]
    service_url, tenant = activity.get("serviceUrl"), said.get("tenantId")
    personal = said.get("conversationType") == PERSONAL
    if not isinstance(service_url, str) or not service_url or (personal and is_by_us(activity)):
        return None
    return Conversation(
        place=words.person(account(activity, "from")) if personal else words.place(said["id"]),
        conversation=said["id"].partition(";")[0],
        service_url=service_url,
        tenant=tenant if tenant and isinstance(tenant, str) else told(data, "tenant"),
        team=told(data, "team"),
    )
