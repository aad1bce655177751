"""The flower shop with the real Deskbell in it: what every dialog test plays in."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from bot.app import Deskbell
from bot.playground import payloads
from bot.playground.elements import press_of, the_one, touchable
from bot.playground.page import serving
from bot.playground.people import Colleague
from bot.playground.records import Json, Message, View
from bot.playground.shop import (
    CLERK,
    DESIGNER,
    DRIVER,
    MANAGER,
    SHOP_DESK,
    SHOPKEEPER,
    ZONE,
    flower_shop,
    teach,
)
from bot.playground.workspace import Workspace
from bot.settings import Settings
from storage.migrate import upgrade
from storage.tables import posts

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Ten in the morning in the shop."""


Line = tuple[Colleague, str, str]
"""Who types what after `/request`, and what must stand in the one answer."""


NIGHT_ENDS, NIGHT_BEGINS = time(7), time(17)
"""In UTC: nobody's working hours in the shop or in London lie outside."""


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Shop:
    """The shop's people, the app, and the clock, in one hand."""

    def __init__(self, workspace: Workspace, clock: HandClock, settings: Settings) -> None:
        self.workspace, self.clock, self.settings = workspace, clock, settings
        self.clerk: Colleague = workspace.person(CLERK)
        self.flora: Colleague = workspace.person(DESIGNER)
        self.driver: Colleague = workspace.person(DRIVER)
        self.manager: Colleague = workspace.person(MANAGER)
        self.svea: Colleague = workspace.person(SHOPKEEPER)

    async def open(self) -> None:
        """Start the app."""
        self.app = await self.another_app()
        self.workspace.app_url = f"http://127.0.0.1:{self.app.port}/slack/events"

    async def close(self) -> None:
        """Stop the app; the workspace and what was kept stay."""
        self.workspace.app_url = None
        await self.app.stop()

    async def another_app(self) -> Deskbell:
        """One more process's worth of Deskbell, on the same database and workspace."""
        app = Deskbell(self.settings, now=self.clock, pace=timedelta(0), local=True)
        await app.start()
        await app._warming  # then the desk does nothing but what it is asked
        return app

    async def settle(self) -> None:
        """Wait until everything said has been heard, carried out and delivered."""
        for _ in range(3):
            await self.workspace.settled()
            await self.app.finish()
            await self.app.courier.deliver_due()
            await self._in_hand()

    async def _in_hand(self) -> None:
        """The courier's own loop may have claimed something that it has not begun to deliver."""
        for _ in range(20):
            if not await self.app.front.look(partial(is_anything_owed, now=self.clock.at)):
                return
            await asyncio.sleep(0.01)
            await self.app.courier.deliver_due()

    async def says(self, who: Colleague, line: str, channel: str = SHOP_DESK) -> str:
        """`/request line`, and what the person reads; everything owed is delivered then."""
        answer = await who.command(channel, f"/request {line}".rstrip())
        await self.settle()
        return answer.text

    async def dialog(self, *lines: Line, channel: str = SHOP_DESK) -> None:
        """Each line gets exactly one answer, which only who typed it can see, with the expected words in it.

        A form counts as an answer by its title. `""` expects that there is no answer at all.
        """
        for who, line, expected in lines:
            before, modal = self._whispers(), who.modal
            await self.says(who, line, channel)
            fresh = [one for ts, one in self._whispers().items() if ts not in before]
            answers = [one.text for one in fresh if one.ephemeral_to == who.id]
            assert len(answers) == len(fresh), f"others were answered to {line!r}: {fresh}"
            if who.modal is not None and who.modal != modal:
                answers.append(who.modal.title)
            assert len(answers) == bool(expected), f"{line!r} was answered with {answers}"
            assert not expected or expected in answers[0], f"{line!r} was answered with {answers[0]!r}"

    async def press(self, who: Colleague, where: Message | View | None, label: str) -> str:
        """Press a button; what the person reads because of it: an answer, or the title of a form."""
        before, modal = self._whispers(), who.modal
        ack = await who.press(where, label)
        assert ack.ok, ack
        await self.settle()
        fresh = [one for ts, one in self._whispers().items() if ts not in before]
        assert all(one.ephemeral_to == who.id for one in fresh)
        if who.modal is not None and who.modal != modal:
            return who.modal.title if not fresh else f"{who.modal.title} and {fresh}"
        if not fresh and isinstance(where, Message) and where.ephemeral_to:
            return who.sees_message(where.channel, where.ts).text
        return "\n".join(one.text for one in fresh)

    async def press_old(self, who: Colleague, seen: Message, label: str) -> None:
        """Press a button as it was when somebody looked, whatever the message shows by now."""
        button = the_one(seen.blocks, label)
        pressed = payloads.message_actions(self.workspace, who.id, seen, press_of(button, {}), {})
        ack = await self.workspace.delivery.interaction(pressed)
        assert ack.ok, ack
        await self.settle()

    async def submit(self, who: Colleague, **values: Any) -> dict[str, str]:
        """Fill in the form in front of somebody, by field; what stands in the way, if anything does."""
        faults = await who.submit(values)
        await self.settle()
        return faults

    async def writes(
        self, who: Colleague, text: str, channel: str | None = None, under: Message | None = None
    ) -> Message:
        """Write a plain message: in the direct messages with the bot, a channel, or a message's thread."""
        place = channel or (under.channel if under else who.dm)
        said = await who.say(place, text, under.ts if under else None)
        await self.settle()
        return said

    async def reacts(self, who: Colleague, message: Message, *names: str) -> None:
        """Put reactions on a message, one after the other."""
        for name in names:
            await who.react(message, name)
        await self.settle()

    async def unreacts(self, who: Colleague, message: Message, name: str) -> None:
        """Take a reaction off."""
        await who.unreact(message, name)
        await self.settle()

    async def wait(self, **span: float) -> None:
        """Let time pass, with everything that becomes due in it: by half hours, and nights at once."""
        await self.wait_until(self.clock.at + timedelta(**span))

    async def wait_until(self, end: datetime) -> None:
        """The same, up to a moment."""
        while self.clock.at < end:
            self.clock.at = min(a_step_later(self.clock.at), end)
            await self.app.front.sweep()
            await self.app.courier.deliver_due()
        await self.settle()

    def texts(self, who: Colleague, channel: str = SHOP_DESK) -> list[str]:
        """What a person can read in a channel, as a screen reader would say it."""
        return [message.text for message in who.sees(channel)]

    def dm(self, who: Colleague) -> list[Message]:
        """What a person can read in their direct messages with the bot."""
        return who.sees(who.dm)

    def news(self, who: Colleague) -> list[str]:
        """The first line of all that the bot told somebody directly, without cards."""
        told = [one for one in self.dm(who) if one.by_bot and not _is_card(one)]
        return [one.text.split("\n")[0] for one in told]

    def cards(self, number: int, who: Colleague, channel: str = SHOP_DESK) -> list[Message]:
        """Every card of a request in a place."""
        return [one for one in who.sees(channel) if _is_card(one) and one.text.startswith(f"#{number} ")]

    def card(self, number: int, who: Colleague, channel: str = SHOP_DESK) -> Message:
        """The live card of a request in a place; there is exactly one."""
        found = self.cards(number, who, channel)
        assert len(found) == 1, (
            f"{len(found)} cards of #{number} in {[one.text for one in who.sees(channel)]}"
        )
        return found[0]

    def own_card(self, number: int, who: Colleague) -> Message:
        """The live card in somebody's direct messages."""
        return self.card(number, who, who.dm)

    def thread(self, card: Message, who: Colleague) -> list[str]:
        """What stands under a card."""
        return [one.text for one in who.thread(card.channel, card.ts)[1:]]

    def poll(self, who: Colleague) -> Message:
        """The last poll somebody was given, as it stands now."""
        polls = [one for one in self.dm(who) if one.by_bot and one.reactions]
        assert polls, f"no poll in {[one.text for one in self.dm(who)]}"
        return polls[-1]

    def whispers(self, who: Colleague, channel: str = SHOP_DESK) -> list[Message]:
        """What the bot said to somebody alone in a channel."""
        return [one for one in self.workspace.log.all(self._id(channel), who.id) if one.ephemeral_to]

    async def history(self, number: int, who: Colleague | None = None) -> list[str]:
        """The lines of a request's history, without their times."""
        story = await self.says(who or self.flora, f"history {number}")
        return [line.partition(" – ")[2].rstrip(".") for line in story.split("\n")[1:]]

    async def files(self, line: str = "a bouquet", who: Colleague | None = None) -> int:
        """File a request, by the clerk unless somebody else does; its number."""
        answer = await self.says(who or self.clerk, line)
        found = re.match(r"#(\d+) ", answer)
        assert found, answer
        return int(found[1])

    def _id(self, channel: str) -> str:
        found = self.workspace.channel(channel)
        assert found is not None, channel
        return found.id

    def _whispers(self) -> dict[str, Message]:
        everywhere = self.workspace.channels
        everybody = self.workspace.users
        return {
            one.ts: one
            for channel in everywhere
            for user in everybody
            for one in self.workspace.log.all(channel, user)
            if one.ephemeral_to
        }


def is_anything_owed(tx: Connection, now: datetime) -> bool:
    """Whether the courier has something to deliver."""
    return tx.execute(select(posts.c.id).where(posts.c.due_at <= now).limit(1)).first() is not None


def a_step_later(at: datetime) -> datetime:
    """Half an hour later, or the next morning: nothing is due at night."""
    later = at + timedelta(minutes=30)
    if NIGHT_ENDS <= at.time() < NIGHT_BEGINS:
        return later
    morning = datetime.combine(at.date(), NIGHT_ENDS, UTC)
    return morning if morning > at else morning + timedelta(days=1)


def _is_card(message: Message) -> bool:
    """Cards stand at the top and begin with their number.

    So do polls with a vote, but those have faces; and answers to filing, but those offer to show the card.
    """
    return (
        message.by_bot
        and not message.is_reply
        and not message.ephemeral_to
        and not message.reactions
        and not any(re.fullmatch(r"Show( #\d+)?", label) for label in buttons(message))
        and re.match(r"#\d+ ", message.text) is not None
    )


def buttons(shown: Message | View) -> list[str]:
    """The labels of everything that can be pressed."""
    return [each.label for each in touchable(shown.blocks)]


def harmless_text(message: Message) -> bool:
    """Whether the text for notifications calls nobody: Slack would read tokens in angle brackets."""
    return not message.by_bot or "<" not in message.text


def elements(value: Any) -> list[Json]:
    """Every object inside blocks: to look for what Slack would execute."""
    if isinstance(value, dict):
        return [value, *(each for inside in value.values() for each in elements(inside))]
    if isinstance(value, list):
        return [each for inside in value for each in elements(inside)]
    return []


@asynccontextmanager
async def open_shop(
    database_url: str, clock: HandClock | None = None, **settings: Any
) -> AsyncIterator[Shop]:
    """The shop, served over real sockets, with the app on a database of its own."""
    clock = clock or HandClock()
    workspace = flower_shop(clock)
    teach(workspace, [])
    workspace.delivery.retry_delays = (0.0, 0.0, 0.0)
    async with serving(workspace) as base:
        upgrade(database_url)
        shop = Shop(workspace, clock, shop_settings(workspace, base, database_url, **settings))
        await shop.open()
        try:
            yield shop
        finally:
            await shop.close()


def shop_settings(workspace: Workspace, base: str, database_url: str, **more: Any) -> Settings:
    """Settings for an app in the shop."""
    known = {
        "database_url": database_url,
        "port": 0,
        "slack_bot_token": workspace.bot_token,
        "slack_signing_secret": workspace.signing_secret,
        "slack_api_url": f"{base}/slack/api/",
        "triage_channel": "#shop-desk",
        "lead": "@margit",
        "timezone": ZONE,
        "digest": "",
    }
    return Settings(_env_file=None, **{**known, **more})  # type: ignore[call-arg] # pydantic-settings' own
