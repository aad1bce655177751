"""One Deskbell on both platforms: the flower shop's people in Slack and in Teams, with one database.

A dialog that is the same wherever people sit is told with a `Seat`: somebody's desk, on either platform.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Literal, Protocol

from bot.app import Deskbell
from bot.playground import people as slack
from bot.playground.page import serving
from bot.playground.shop import CLERK, DESIGNER, DRIVER, MANAGER, SHOP_DESK, SHOPKEEPER, flower_shop, teach
from bot.playground.teams import people as teams
from bot.playground.teams.serve import serving as serving_teams
from storage.migrate import upgrade
from tests import teams as tenant_of
from tests.bot.teams.issuer import issuing
from tests.shop import HandClock, Shop, shop_settings
from tests.teams import DESK, TEAM, TeamsShop, petals, teams_settings

Platform = Literal["slack", "teams"]
CHANNELS: dict[Platform, str] = {"slack": "#shop-desk", "teams": DESK}
"""Where the triage channel may be."""
LEADS: dict[Platform, str] = {"slack": "@margit", "teams": "margit@petals.example"}
SERVE = {
    "slack": (DESIGNER, DRIVER, MANAGER),
    "teams": (tenant_of.FLORA, tenant_of.DRIVER, tenant_of.MANAGER),
}
ASK = {"slack": (CLERK, SHOPKEEPER), "teams": (tenant_of.CLERK, tenant_of.SVEA)}


class Seat(Protocol):
    """Somebody's desk: what they do there, and what they read, in words that are the same everywhere."""

    id: str

    async def says(self, line: str) -> str:
        """Type a line to the bot alone; its answer."""

    async def presses(self, number: int, label: str) -> str:
        """Press a button on the card at the triage channel; what is read because of it."""

    async def fills(self, number: int, label: str, **values: Any) -> None:
        """Press a button there that opens a form, and send the form."""

    async def replies(self, number: int, text: str) -> None:
        """Write under their own card: in its thread, or with the card quoted."""

    async def replies_at_the_desk(self, number: int, text: str) -> None:
        """Write under the card in the triage channel."""

    async def votes(self, score: int) -> str:
        """Answer the last poll with the face of that score; what the poll says then."""

    async def card(self, number: int) -> str:
        """The one live card in the triage channel, read aloud."""

    async def own_card(self, number: int) -> str:
        """The one live card in their own chat."""

    async def under(self, number: int) -> list[str]:
        """What stands under the card in the triage channel."""

    async def hears(self, number: int) -> list[str]:
        """All that the bot told them alone, but for the card: in their chat, and under the card."""


class InSlack:
    """Somebody who works in Slack."""

    def __init__(self, both: "Both", who: slack.Colleague) -> None:
        self._both, self._shop, self._who = both, both.slack, who
        self.id = f"slack:{who.id}"

    async def says(self, line: str) -> str:
        return await self._shop.says(self._who, line, self._who.dm)

    async def presses(self, number: int, label: str) -> str:
        return await self._shop.press(self._who, self._shop.card(number, self._who), label)

    async def fills(self, number: int, label: str, **values: Any) -> None:
        await self.presses(number, label)
        assert not await self._shop.submit(self._who, **values)

    async def replies(self, number: int, text: str) -> None:
        await self._shop.writes(self._who, text, under=self._shop.own_card(number, self._who))

    async def replies_at_the_desk(self, number: int, text: str) -> None:
        await self._shop.writes(self._who, text, under=self._shop.card(number, self._who))

    async def votes(self, score: int) -> str:
        poll = self._shop.poll(self._who)
        await self._shop.reacts(self._who, poll, self._both.app.front.house.scale[score - 1].mark)
        return self._shop.poll(self._who).text

    async def card(self, number: int) -> str:
        return self._shop.card(number, self._who).text

    async def own_card(self, number: int) -> str:
        return self._shop.own_card(number, self._who).text

    async def under(self, number: int) -> list[str]:
        return self._shop.thread(self._shop.card(number, self._who), self._who)

    async def hears(self, number: int) -> list[str]:
        cards = self._shop.cards(number, self._who, self._who.dm)
        under = [one for card in cards for one in self._who.thread(card.channel, card.ts)[1:]]
        said = {one.ts: one for one in (*self._shop.dm(self._who), *under) if one.by_bot}
        shown = {card.ts for card in cards}
        return [_sentence(said[ts].text) for ts in sorted(said) if ts not in shown]


class InTeams:
    """Somebody who works in Teams."""

    def __init__(self, both: "Both", who: teams.Colleague) -> None:
        self._both, self._shop, self._who = both, both.teams, who
        self.id = f"teams:{who.id}"

    async def says(self, line: str) -> str:
        return await self._shop.says(self._who, line)

    async def presses(self, number: int, label: str) -> str:
        return await self._shop.press(self._who, await self._shop.card(number, self._who), label)

    async def fills(self, number: int, label: str, **values: Any) -> None:
        await self.presses(number, label)
        assert not await self._shop.submit(self._who, **values)

    async def replies(self, number: int, text: str) -> None:
        await self._who.reply(await self._shop.own_card(number, self._who), text)
        await self._shop.settle()

    async def replies_at_the_desk(self, number: int, text: str) -> None:
        await self._who.reply(await self._shop.card(number, self._who), text, mention_bot=True)
        await self._shop.settle()

    async def votes(self, score: int) -> str:
        face = self._both.app.front.house.scale[score - 1].label
        poll = self._shop.poll(self._who)
        (button,) = (label for label in self._who.buttons(poll) if label.endswith(f" {face}"))
        await self._shop.press(self._who, poll, button)
        return self._shop.poll(self._who).plain

    async def card(self, number: int) -> str:
        return (await self._shop.card(number, self._who)).plain

    async def own_card(self, number: int) -> str:
        return (await self._shop.own_card(number, self._who)).plain

    async def under(self, number: int) -> list[str]:
        return self._shop.thread(await self._shop.card(number, self._who), self._who)

    async def hears(self, number: int) -> list[str]:
        cards = {card.id for card in await self._shop.cards(number, self._who, self._who.chat)}
        said = [one for one in self._shop.chat(self._who) if one.by_bot and one.id not in cards]
        return [_sentence(one.summary) for one in said]


class Both:
    """The workspace, the tenant, the one app, and the clock, in one hand."""

    def __init__(self, slack: Shop, teams: TeamsShop) -> None:
        self.slack, self.teams, self.clock = slack, teams, slack.clock

    @property
    def app(self) -> Deskbell:
        """The one app of both."""
        return self.slack.app

    async def open(self) -> None:
        """Start it."""
        await self.slack.open()
        self.teams.app = self.app
        self.teams.tenant.app_url = f"http://127.0.0.1:{self.app.port}/teams/messages"

    async def close(self) -> None:
        """Stop it; what was said and kept stays. No card in Teams had a fault."""
        self.teams.tenant.app_url = None
        await self.slack.close()
        assert self.teams.tenant.faults == []

    async def settle(self) -> None:
        """Wait until everything said has been heard, carried out and delivered, on both."""
        await self.slack.settle()
        await self.teams.settle()

    async def wait(self, **span: float) -> None:
        """Let time pass, with everything that becomes due in it."""
        await self.slack.wait(**span)
        await self.settle()

    async def look_up(self) -> None:
        """What is done now and then: ask the platforms who everybody is."""
        for side in self.app._sides:
            for _, _, act in side.beats():
                await act()

    def seat(self, platform: Platform, name: str) -> Seat:
        """Somebody's desk there: clerk, flora, driver, manager or svea."""
        if platform == "slack":
            return InSlack(self, getattr(self.slack, name))
        return InTeams(self, getattr(self.teams, name))


def _sentence(text: str) -> str:
    """The first line; with the next, when it leads to that."""
    first, *rest = text.split("\n")
    return f"{first} {rest[0]}" if first.endswith(":") and rest else first


@asynccontextmanager
async def open_both(
    database_url: str, desk: Platform = "slack", *, apart: bool = True, **more: Any
) -> AsyncIterator[Both]:
    """One app on both platforms, with the triage channel on `desk`.

    Kept `apart`, those who serve work there, the others on the other platform, and nobody on both.
    """
    clock = HandClock()
    workspace = flower_shop(clock)
    teach(workspace, [])
    workspace.delivery.retry_delays = (0.0, 0.0, 0.0)
    async with AsyncExitStack() as stack:
        issuer = await stack.enter_async_context(issuing())
        tenant = petals(clock, issuer)
        base = await stack.enter_async_context(serving(workspace))
        await stack.enter_async_context(serving_teams(tenant))
        upgrade(database_url)
        wanted = {"triage_channel": CHANNELS[desk], "lead": LEADS[desk], **teams_settings(issuer, tenant)}
        settings = shop_settings(workspace, base, database_url, **{**wanted, **more})
        both = Both(Shop(workspace, clock, settings), TeamsShop(tenant, clock, settings))
        if apart:
            for person in (ASK if desk == "slack" else SERVE)["slack"]:
                await workspace.deactivate(person)
            for person in (SERVE if desk == "slack" else ASK)["teams"]:
                await tenant.remove_member(TEAM, person)
        await both.open()
        try:
            yield both
        finally:
            await both.close()


__all__ = ["SHOP_DESK", "Both", "InSlack", "InTeams", "Platform", "Seat", "open_both"]
