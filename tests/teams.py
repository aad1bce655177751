"""The flower shop in Teams, with the real Deskbell in it: what every dialog test of Teams plays in.

Tokens are real: an issuer of our own signs what is delivered, and hands out what the bot speaks with.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from bot.app import Deskbell
from bot.playground.shop import ZONE
from bot.playground.teams.people import Colleague
from bot.playground.teams.records import Message
from bot.playground.teams.serve import serving
from bot.playground.teams.tenant import Tenant
from bot.settings import Settings
from storage.migrate import upgrade
from storage.tables import posts
from tests.bot.teams.issuer import APP, PASSWORD, TENANT, Issuer, issuing
from tests.shop import HandClock, a_step_later, is_anything_owed

TEAM = "19:petals@thread.tacv2"
DESK = "19:desk@thread.tacv2"
CLERK, FLORA, DRIVER, MANAGER, SVEA = "29:carl", "29:flora", "29:david", "29:margit", "29:svea"

Line = tuple[Colleague, str, str]


def petals(now: HandClock, issuer: Issuer) -> Tenant:
    """The shop's tenant: the same five as in Slack, a team with two channels, the bot in all of it."""
    tenant = Tenant(now, id=TENANT, app_id=APP)
    for person, name, zone in (
        (SVEA, "Svea Lund", ZONE),
        (CLERK, "Carl Berg", ZONE),
        (FLORA, "Flora Nilsson", ZONE),
        (DRIVER, "David Holm", ZONE),
        (MANAGER, "Margit Ek", "Europe/London"),
    ):
        tenant.add_person(person, name, f"{person.removeprefix('29:')}@petals.example", tz=zone)
        tenant.installed.add(person)
    tenant.add_team(TEAM, "Petals & Post", members=(SVEA, CLERK, FLORA, DRIVER, MANAGER), bot=True)
    tenant.add_channel(DESK, "Shop desk", team=TEAM)
    tenant.development = False
    tenant.tokens_accepted = lambda token: token.startswith("token-")
    tenant.mint_token = lambda: issuer.mint(tenant.service_url)
    tenant.delivery.retry_delays = (0.0, 0.0, 0.0)
    return tenant


class TeamsShop:
    """The shop's people in Teams, the app, and the clock, in one hand."""

    def __init__(self, tenant: Tenant, clock: HandClock, settings: Settings) -> None:
        self.tenant, self.clock, self.settings = tenant, clock, settings
        self.clerk: Colleague = tenant.person(CLERK)
        self.flora: Colleague = tenant.person(FLORA)
        self.driver: Colleague = tenant.person(DRIVER)
        self.manager: Colleague = tenant.person(MANAGER)
        self.svea: Colleague = tenant.person(SVEA)

    async def open(self) -> None:
        """Start the app."""
        self.app = Deskbell(self.settings, now=self.clock, pace=timedelta(0), local=True)
        await self.app.start()
        await self.app._warming  # then the desk does nothing but what it is asked
        self.tenant.app_url = f"http://127.0.0.1:{self.app.port}/teams/messages"

    async def close(self) -> None:
        """Stop the app; the tenant and what was kept stay. No card that was shown had a fault."""
        self.tenant.app_url = None
        await self.app.stop()
        assert self.tenant.faults == []

    async def settle(self) -> None:
        """Wait until everything said has been heard, carried out and delivered."""
        for _ in range(3):
            await self.app.finish()
            await self.app.courier.deliver_due()
            for _ in range(20):  # what a place must wait for is owed, and not to be delivered now
                if not await self.app.front.look(partial(is_anything_owed, now=self.clock.at)):
                    break
                await asyncio.sleep(0.01)
                await self.app.courier.deliver_due()

    async def says(self, who: Colleague, line: str, where: str = "") -> str:
        """Write a line, in the chat with the bot or to it in a channel; what the bot answers to it."""
        before = await self._answers(who, where)
        await who.say(where or who.chat, line, mention_bot=True if where else None)
        await self.settle()
        after = await self._answers(who, where)
        return "\n".join(one.summary for key, one in after.items() if key not in before)

    async def dialog(self, *lines: Line, where: str = "") -> None:
        """Each line gets one answer with the expected words in it; `""` expects none."""
        for who, line, expected in lines:
            answer = await self.says(who, line, where)
            assert bool(answer) == bool(expected), f"{line!r} was answered with {answer!r}"
            assert expected in answer, f"{line!r} was answered with {answer!r}"

    async def press(self, who: Colleague, where: Message | None, label: str, **inputs: Any) -> str:
        """Press a button, on a message or in the dialog in front; what the person reads because of it."""
        who.toasts.clear()
        ack = await who.press(where or who.dialog, label, inputs)
        assert ack.ok, ack
        await self.settle()
        if who.toasts:
            return who.toasts[-1]
        if who.dialog is not None:
            return who.dialog.title
        return who.sees_message(where).plain if where else ""

    async def submit(self, who: Colleague, **values: Any) -> dict[str, str]:
        """Fill in the dialog in front of somebody; what stands in the way, if anything does."""
        faults = await who.submit(values)
        await self.settle()
        return faults

    async def wait(self, **span: float) -> None:
        """Let time pass, with everything that becomes due in it: by half hours, and nights at once."""
        end = self.clock.at + timedelta(**span)
        while self.clock.at < end:
            self.clock.at = min(a_step_later(self.clock.at), end)
            await self.app.front.sweep()
            await self.app.courier.deliver_due()
        await self.settle()

    def chat(self, who: Colleague) -> list[Message]:
        """What somebody reads in their chat with the bot."""
        return who.sees(who.chat)

    def news(self, who: Colleague) -> list[str]:
        """The first line of all that the bot told somebody in their chat."""
        return [one.summary.split("\n")[0] for one in self.chat(who) if one.by_bot]

    def poll(self, who: Colleague) -> Message:
        """The last poll somebody was given, as it stands now."""
        polls = [one for one in self.chat(who) if one.by_bot and "rate " in str(one.card) and one.card]
        assert polls, [one.summary for one in self.chat(who)]
        return polls[-1]

    async def cards(self, number: int, who: Colleague, where: str = DESK) -> list[Message]:
        """Every card of a request in a place, as a person sees it."""
        place = f"teams:{where if where != who.chat else who.id}"
        keys = await self.app.front.look(partial(_messages, key=f"card:{number}:{place}"))
        return [one for one in who.sees(where) if one.id in keys]

    async def card(self, number: int, who: Colleague, where: str = DESK) -> Message:
        """The live card of a request in a place; there is exactly one."""
        found = await self.cards(number, who, where)
        assert len(found) == 1, [one.summary for one in who.sees(where)]
        return found[0]

    async def own_card(self, number: int, who: Colleague) -> Message:
        """The live card in somebody's chat with the bot."""
        return await self.card(number, who, who.chat)

    def thread(self, card: Message, who: Colleague) -> list[str]:
        """What stands under a card."""
        return [one.summary or one.plain for one in who.thread(card)[1:]]

    async def history(self, number: int, who: Colleague | None = None) -> list[str]:
        """The lines of a request's history, without their times."""
        story = await self.says(who or self.flora, f"history {number}")
        return [line.partition(" – ")[2].rstrip(".") for line in story.split("\n")[1:]]

    async def leaves(self, who: Colleague) -> None:
        """Somebody leaves the team, and with it its channels."""
        await self.tenant.remove_member(TEAM, who.id, by=MANAGER)
        await self.settle()

    async def files(self, line: str = "a bouquet", who: Colleague | None = None) -> int:
        """File a request, by the clerk unless somebody else does; its number."""
        answer = await self.says(who or self.clerk, line)
        found = re.match(r"#(\d+) ", answer)
        assert found, answer
        return int(found[1])

    def _all(self, place: str) -> list[Message]:
        """Everything in a conversation, replies too."""
        found = self.tenant.conversation(place)
        return self.tenant.log.all(found.id) if found else []

    async def _answers(self, who: Colleague, where: str) -> dict[tuple[str, str], Message]:
        """What the bot said to somebody that is none of the posts it owes."""
        owed = await self.app.front.look(_all_messages)
        places = [who.chat, *([where] if where else [])]
        said = [one for place in places for one in self._all(place)]
        return {(one.conversation, one.id): one for one in said if one.by_bot and one.id not in owed}


def _messages(tx: Connection, key: str) -> set[str]:
    found = tx.execute(select(posts.c.message).where(posts.c.key == key)).scalars()
    return {str(message).rpartition("/")[2] for message in found}


def _all_messages(tx: Connection) -> set[str]:
    found = tx.execute(select(posts.c.message).where(posts.c.message.is_not(None))).scalars()
    return {str(message).rpartition("/")[2] for message in found}


def teams_settings(issuer: Issuer, tenant: Tenant) -> dict[str, Any]:
    """What an app in the tenant is told of it."""
    return {
        "teams_app_id": APP,
        "teams_app_password": PASSWORD,
        "teams_tenant_id": TENANT,
        "teams_development": True,  # the service is on this machine, and speaks plain HTTP
        "teams_openid_url": issuer.openid_url,
        "teams_login_url": issuer.address,
        "teams_service_url": tenant.service_url,
    }


@asynccontextmanager
async def open_teams_shop(
    database_url: str, clock: HandClock | None = None, **more: Any
) -> AsyncIterator[TeamsShop]:
    """The shop in Teams alone, served over real sockets, with the app on a database of its own."""
    clock = clock or HandClock()
    async with issuing() as issuer:
        tenant = petals(clock, issuer)
        async with serving(tenant):
            upgrade(database_url)
            known = {
                "database_url": database_url,
                "port": 0,
                "triage_channel": DESK,
                "lead": "margit@petals.example",
                "timezone": ZONE,
                "digest": "",
                **teams_settings(issuer, tenant),
            }
            shop = TeamsShop(tenant, clock, Settings(_env_file=None, **{**known, **more}))  # type: ignore[call-arg] # pydantic-settings' own
            await shop.open()
            try:
                yield shop
            finally:
                await shop.close()
