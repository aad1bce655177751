"""What Teams and the disk can do wrong: people are told, and nothing that was kept is lost or doubled."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from bot.app import Deskbell
from bot.playground.records import Json
from bot.settings import BadSettings
from tests.dialogs.test_bad_input import NOTHING_KEPT, lock
from tests.dialogs.test_teams_bad_input import kept
from tests.dialogs.test_teams_ways_in import answered
from tests.teams import DESK, TeamsShop, open_teams_shop


@pytest.fixture
async def shop(shop_url: str) -> AsyncIterator[TeamsShop]:
    async with open_teams_shop(shop_url) as shop:
        yield shop


# the start


async def test_a_lead_is_found_when_the_app_is_in_the_team_and_not_before(shop: TeamsShop) -> None:
    shop.tenant.fail("pagedmembers", status=403, code="BotNotInConversationRoster", times=1)
    another = Deskbell(shop.settings, now=shop.clock)
    with pytest.raises(BadSettings, match="DESKBELL_LEAD: the bot cannot see yet who is in that channel"):
        await another.start()


# the disk


async def test_what_cannot_be_kept_is_said_so(shop: TeamsShop, shop_url: str) -> None:
    await shop.files()
    await shop.says(shop.clerk, "form")
    form, card = shop.chat(shop.clerk)[-1], await shop.card(1, shop.driver)
    await shop.driver.press(card, "Ask …")
    with closing(lock(shop_url)):
        pressed, _, _, _ = await asyncio.gather(
            shop.flora.press(card, "Take"),
            shop.clerk.fill(form, {"text": "two vases"}),
            shop.driver.submit({"text": "which?"}),
            shop.manager.say(shop.manager.chat, "a chair for the office"),
        )
        assert answered(pressed).startswith(f"{NOTHING_KEPT}\n#1 a bouquet\nWaiting for somebody")
        await shop.app.finish()
        assert [one.summary for one in shop.chat(shop.manager) if one.by_bot] == [NOTHING_KEPT]
    assert shop.clerk.sees_message(form).plain.startswith(f"⚠ {NOTHING_KEPT}")
    assert shop.clerk.inputs(form)["text"]["value"] == "two vases"
    assert shop.driver.dialog
    assert shop.driver.dialog.plain.startswith(f"⚠ {NOTHING_KEPT}")
    assert shop.tenant.sent("message")[-1].status == 200, "it is not to be delivered again: they were told"
    assert await kept(shop) == 1
    assert (await shop.says(shop.manager, "a chair for the office")).startswith("#2 a chair")
    assert await shop.own_card(2, shop.manager)


async def test_an_event_that_cannot_be_kept_is_repeated_until_it_can(shop: TeamsShop, shop_url: str) -> None:
    number = await shop.files()
    await shop.says(shop.flora, f"resolve {number}")
    poll = shop.poll(shop.clerk)
    shop.tenant.delivery.retry_delays = ()
    with closing(lock(shop_url)):
        await shop.clerk.react(poll, "heart")
    sent = shop.tenant.sent("messageReaction")[-1]
    assert sent.status == 503
    assert (await shop.tenant.delivery.again(sent)).ok
    await shop.settle()
    assert "You chose 🤩 great." in shop.poll(shop.clerk).plain


async def test_what_takes_long_is_answered_when_it_is_known(shop: TeamsShop) -> None:
    await shop.files()
    gate = threading.Event()
    busy = asyncio.create_task(shop.app.front.keep(lambda _: gate.wait(10)))
    card = await shop.card(1, shop.flora)
    said = answered(await shop.flora.press(card, "Take"))
    assert said.startswith("Working on it. The answer follows in our chat.\n#1 a bouquet")
    gate.set()
    assert await busy
    await shop.settle()
    assert shop.news(shop.flora) == ["#1 is yours."]


# Teams' own trouble


@pytest.mark.parametrize(
    "trouble",
    [
        {"retry_after": 30},
        {"status": 500},
        {"status": 502},
        {"status": 412, "code": "PreconditionFailed"},
        {"drop": True},
    ],
)
async def test_what_teams_does_not_take_now_it_is_told_later(shop: TeamsShop, trouble: Json) -> None:
    shop.tenant.fail("send", conversation=DESK, **trouble)
    await shop.says(shop.clerk, "a bouquet")
    assert not await shop.cards(1, shop.flora)
    await shop.wait(minutes=5)
    assert await shop.card(1, shop.flora)
    shop.tenant.fail("update", times=2, **trouble)
    await shop.says(shop.flora, "take 1")
    await shop.wait(minutes=5)
    assert "Flora Nilsson has it." in (await shop.card(1, shop.flora)).plain
    assert "Flora Nilsson has it." in (await shop.own_card(1, shop.clerk)).plain


async def test_a_place_that_is_asked_to_wait_waits_for_as_long(shop: TeamsShop) -> None:
    shop.tenant.fail("send", retry_after=90, conversation=DESK)
    await shop.says(shop.clerk, "a bouquet")
    await shop.says(shop.clerk, "two vases")
    assert not shop.flora.sees(DESK), "the whole place waits"
    assert await shop.own_card(2, shop.clerk), "others do not"
    await shop.wait(seconds=89)
    assert not shop.flora.sees(DESK)
    await shop.wait(seconds=2)
    assert [one.summary[:2] for one in shop.flora.sees(DESK)] == ["#1", "#2"]


async def test_what_was_sent_without_an_id_is_not_sent_again(shop: TeamsShop) -> None:
    shop.tenant.fail("send", status=202, before=False, conversation=DESK, times=2)
    await shop.says(shop.clerk, "a bouquet")
    await shop.says(shop.clerk, "two vases")
    await shop.wait(minutes=5)
    assert [one.summary[:2] for one in shop.flora.sees(DESK)] == ["#1", "#2"]
    await shop.says(shop.clerk, "note 1 white ones")
    card = await shop.card(1, shop.flora)
    assert shop.thread(card, shop.flora) == ["Carl Berg on #1:\n“white ones”."]
    await shop.says(shop.flora, "take 1")
    assert "Flora Nilsson has it." in (await shop.card(1, shop.flora)).plain
    await shop.says(shop.flora, "resolve 1")
    assert "resolved it" in (await shop.card(1, shop.flora)).plain
    assert len([one for one in shop.flora.sees(DESK) if one.summary.startswith("#1 a bouquet")]) == 2


async def test_a_card_somebody_deleted_is_posted_once_more(shop: TeamsShop) -> None:
    await shop.files()
    shop.tenant.remove(await shop.card(1, shop.flora))
    await shop.says(shop.flora, "take 1")
    assert "Flora Nilsson has it." in (await shop.card(1, shop.flora)).plain
    await shop.says(shop.flora, "resolve 1")
    assert "resolved it" in (await shop.card(1, shop.flora)).plain
    assert len(shop.flora.sees(DESK)) == 2, "the deleted one and the new one"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, "BotNotInConversationRoster"),
        (403, "ForbiddenOperationException"),
        (404, "ConversationNotFound"),
    ],
)
async def test_a_channel_that_is_closed_to_us_has_a_fallback(shop: TeamsShop, status: int, code: str) -> None:
    """The card goes to the lead, who can hand it on; the requester's own card is as ever."""
    shop.tenant.fail("send", status=status, code=code, conversation=DESK, times=100)
    await shop.says(shop.clerk, "a bouquet")
    own = await shop.own_card(1, shop.manager)
    assert "Waiting for somebody to take it." in own.plain
    assert (await shop.history(1))[-1].startswith("Its card could not be shown where it was, and moved")
    await shop.press(shop.manager, own, "Take")
    assert shop.news(shop.clerk)[-1].startswith("Margit Ek has taken #1 “a bouquet”.")
