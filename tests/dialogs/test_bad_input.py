"""Everything that people, Slack and the disk can do wrong: each has its answer, and nothing kept is lost."""

import asyncio
import io
import json
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from contextlib import closing
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlalchemy import Connection

from bot.playground import payloads
from bot.playground.deliver import signature
from bot.playground.people import Colleague
from bot.playground.records import Json, Message
from bot.playground.shop import DELIVERIES, GENERAL, SHOP_DESK
from tests.shop import Shop, buttons, elements, open_shop

NOTHING_KEPT = "Nothing was kept: the desk cannot write just now. Please say it again in a minute."

# what people type


async def test_what_is_not_understood_gets_the_nearest_line(shop: Shop) -> None:
    await shop.dialog(
        (shop.clerk, "tkae 1", "did you mean “take”?"),
        (shop.clerk, "resolv 1", "did you mean “resolve”?"),
        (shop.clerk, "close #1", "did you mean “resolve”?"),
        (shop.clerk, "take", "Say which request: “take 12”."),
        (shop.clerk, "nudge", "Say which request: “nudge 12”."),
        (shop.clerk, "rate 1 lovely", "Say how it was with a number from 1 (bad) to 5 (great)."),
        (shop.clerk, "give 1 bob", "Say to whom, with an @ before the name."),
        (shop.clerk, "give 1 @bob", "I know nobody called “@bob”."),
        (shop.clerk, "take 1 by blursday", "I do not understand “blursday” as a date"),
        (shop.clerk, "wait 1 until", "There is no request #1."),
        (shop.clerk, "list everything", "I know no list “everything”."),
        (shop.clerk, "help blah", "Say what you need"),
        (shop.clerk, "find", "Say which words to look for."),
        (shop.clerk, "take 1 and 2", "One request at a time"),
        (shop.clerk, "take 12345678901234567890", "No request has a number that long."),
        (shop.clerk, "away until someday", "I do not understand “someday” as a date"),
        (shop.clerk, "privacy", "“privacy” is not here yet."),
        (
            shop.clerk,
            "ribbon by yesterday",
            "is already past. Say a day that is still to come;",
        ),
        (shop.clerk, "ribbon by 2026-11-01", "Sunday 1 November is already past."),
        (shop.clerk, "🌷🌷🌷", "Say in a few words what you need; nothing was filed."),
        (shop.clerk, "?!", "Say in a few words what you need; nothing was filed."),
        (shop.clerk, "@david", "Say in a few words what you need; nothing was filed."),
        (shop.clerk, "!urgent private", "Say in a few words what you need; nothing was filed."),
    )
    assert not shop.cards(1, shop.flora)


async def test_ten_thousand_characters_are_kept_and_one_more_is_not(shop: Shop) -> None:
    words = ("tulip " * 2000)[:9_999] + "s"
    await shop.dialog(
        (shop.clerk, words + "s", "That is 10,001 characters, and 10,000 is the most. Nothing was filed"),
        (shop.clerk, words, "#1 is with the team."),
    )
    card = shop.card(1, shop.flora)
    assert card.text.startswith("#1 tulip tulip")
    assert "…" in card.text
    await shop.dialog((shop.clerk, "note 1 " + words[:9_990], "Added to #1."))
    await shop.dialog((shop.flora, "resolve 1 " + words[:9_980], "#1 is resolved."))
    assert shop.poll(shop.clerk)


@pytest.mark.parametrize(
    "text",
    [
        "يرجى إصلاح الطابعة قبل الغد",
        "אנא תקן את המדפסת",
        "花を三本ください",
        "a 👩‍👩‍👧‍👦 bouquet with ñandú & <b>bold</b> \u202eevil",
        "*bold* _it_ ~no~ `code` ```block``` > quote | pipe \\ back",
        "<https://evil.example|click me> & <mailto:a@b|c>",
        "{{n}} %s ${x} {0} \x00\x07\ue000slack:UFLORA\ue001",
        "e" + "\u0301" * 500 + " zalgo",
    ],
)
async def test_whatever_people_write_is_shown_and_not_executed(shop: Shop, text: str) -> None:
    await shop.dialog((shop.clerk, text, "#1 is with the team."))
    assert harmless(shop.card(1, shop.flora))
    assert harmless(shop.own_card(1, shop.clerk))
    assert "\u202e" not in str(shop.card(1, shop.flora).blocks)


def harmless(message: Message) -> bool:
    """Whether nothing in a message would call a channel, a stranger or a page, or read as markup."""
    said = [one for one in elements(message.blocks) if "type" in one]
    kinds = {one["type"] for one in said}
    people = {one["user_id"] for one in said if one["type"] == "user"}
    assert not kinds & {"mrkdwn", "broadcast", "usergroup", "channel", "link"}, kinds
    assert people <= {"UCARL", "UFLORA", "UDAVID", "UMARGIT", "USVEA"}, people
    assert "<" not in message.text
    assert "\ue000" not in message.text + str(message.blocks)
    return True


EVIL = ("<!channel>", "<!here>", "<@U1|x>", "<#C1|x>", "<https://evil.example|click>", "@channel", "@here")


@pytest.mark.parametrize("evil", EVIL)
async def test_a_call_typed_by_a_person_is_never_made(shop: Shop, evil: str) -> None:
    """In the title, details, notes, questions, outcomes, reasons and comments, wherever those are shown."""
    await shop.says(shop.clerk, f"look {evil} now")
    for who, line in (
        (shop.flora, "take 1"),
        (shop.flora, f"give 1 @david {evil}"),
        (shop.driver, f"ask 1 what is {evil}?"),
        (shop.clerk, f"answer 1 it is {evil}"),
        (shop.driver, f"snooze 1 until friday for {evil}"),
        (shop.driver, f"note 1 hm {evil}"),
        (shop.driver, f"resolve 1 {evil} done"),
        (shop.clerk, f"rate 1 2 {evil}"),
        (shop.clerk, f"reopen 1 {evil} again"),
        (shop.driver, f"decline 1 {evil} no"),
    ):
        await shop.says(who, line)
        assert harmless(shop.card(1, shop.flora)), line
    await shop.says(shop.clerk, "history 1")
    await shop.says(shop.clerk, f"find {evil}")
    await shop.says(shop.clerk, f"list {evil}")
    await shop.says(shop.clerk, f"take 1 by {evil}")
    await shop.writes(shop.flora, f"and {evil}", under=shop.card(1, shop.flora))
    for channel in shop.workspace.channels:
        for user in shop.workspace.users:
            for message in shop.workspace.log.all(channel, user):
                assert not message.by_bot or harmless(message), message.text
    await shop.clerk.open_home()
    await shop.settle()
    assert shop.clerk.home is not None
    assert not {"broadcast", "mrkdwn"} & {one.get("type") for one in elements(shop.clerk.home.blocks)}


async def test_names_of_people_are_text_too(shop: Shop) -> None:
    await shop.workspace.change_user(shop.clerk.id, real_name="<!channel> & *Carl* <@U1|x>")
    await shop.files()
    await shop.says(shop.flora, "take 1")
    await shop.says(shop.flora, "resolve 1")
    for message in (shop.card(1, shop.flora), shop.own_card(1, shop.clerk), shop.poll(shop.clerk)):
        assert harmless(message)
    assert "&lt;!channel&gt; &amp; *Carl* &lt;@U1|x&gt;" in shop.card(1, shop.flora).text
    await shop.workspace.deactivate(shop.clerk.id)
    await shop.files("ribbon", shop.flora)
    await shop.says(shop.flora, "for me @carl ribbon")
    assert all(harmless(one) for one in shop.whispers(shop.flora))


async def test_naming_the_bot_is_not_asking_it(shop: Shop) -> None:
    await shop.dialog(
        (shop.clerk, "a bouquet @deskbell", "#1 is with the team."),
        (shop.flora, "give 1 @deskbell", "Hand over #1"),
        (shop.clerk, "@deskbell", "Ask for something"),
    )
    assert "deskbell" not in shop.card(1, shop.flora).text.lower()


async def test_who_has_left_cannot_be_asked(shop: Shop) -> None:
    await shop.files()
    await shop.workspace.deactivate(shop.svea.id)
    await shop.dialog(
        (shop.clerk, "give 1 @svea", "I know nobody called “@svea”."),
        (shop.clerk, "tape", "did you mean"),
    )
    for line, told in (
        ("ribbon <@USVEA|svea>", "Svea Lund has left, so nobody would see it."),
        ("ribbon for <@USVEA|svea>", "Svea Lund has left"),
        ("give 1 <@USVEA|svea>", "Svea Lund has left, so #1 stays as it is."),
    ):
        assert told in await raw_command(shop, shop.clerk, line)
    assert not shop.cards(2, shop.flora)


async def raw_command(shop: Shop, who: Colleague, text: str, trigger: str = "") -> str:
    """A slash command with its text exactly as Slack would send it; the answer's text."""
    ack = await shop.workspace.delivery.command(command(shop, who, text, trigger))
    await shop.settle()
    assert isinstance(ack.body, dict), ack
    return str(ack.body["text"])


def command(shop: Shop, who: Colleague, text: str, trigger: str = "") -> Json:
    form = payloads.command(shop.workspace, who.id, SHOP_DESK, "/request", text)
    return {**form, "trigger_id": trigger} if trigger else form


# people who leave


async def test_when_the_owner_leaves_the_request_is_open_again(shop: Shop) -> None:
    await shop.files("drive to the market @david")
    await shop.files("a bouquet")
    await shop.says(shop.driver, "take 1")
    await shop.says(shop.driver, "take 2")
    await shop.workspace.deactivate(shop.driver.id)
    await shop.settle()
    for number in (1, 2):
        assert "Waiting for somebody to take it." in shop.card(number, shop.flora).text
        assert "Take" in buttons(shop.card(number, shop.flora))
        assert (await shop.history(number))[-1] == "Its owner has left; it is open again"
    assert shop.news(shop.clerk)[-2:] == [
        "#1 “drive to the market” is open again: David Holm has left.",
        "#2 “a bouquet” is open again: David Holm has left.",
    ]
    assert shop.thread(shop.card(2, shop.flora), shop.flora) == [
        "#2 “a bouquet” is open again: David Holm has left."
    ]
    await shop.dialog((shop.flora, "take 1", "#1 is yours."))


async def test_a_private_request_whose_owner_left_goes_to_the_lead(shop: Shop) -> None:
    await shop.files("private a raise @david")
    await shop.workspace.deactivate(shop.driver.id)
    await shop.settle()
    assert "a raise" in shop.own_card(1, shop.manager).text
    assert not shop.cards(1, shop.flora)


# the same thing twice, and two things at once


async def test_two_people_press_take_at_once(shop: Shop) -> None:
    await shop.files()
    card = shop.card(1, shop.flora)
    await asyncio.gather(*(who.press(card, "Take") for who in (shop.flora, shop.driver, shop.manager)))
    await shop.settle()
    told = [shop.whispers(who)[-1].text for who in (shop.flora, shop.driver, shop.manager)]
    assert sum(one == "#1 is yours." for one in told) == 1
    assert sum("already has #1." in one or "at the same moment" in one for one in told) == 2
    assert len([line for line in await shop.history(1) if "took it" in line]) == 1


async def test_the_same_trigger_twice_files_once(shop: Shop) -> None:
    for _ in range(2):
        assert "#1 is with the team." in await raw_command(shop, shop.clerk, "a bouquet", trigger="1.2.3")
    assert not shop.cards(2, shop.flora)
    sent = next(one for one in reversed(shop.workspace.deliveries) if one.kind == "command")
    assert (await shop.workspace.delivery.again(sent)).ok
    assert len(await shop.history(1)) == 1


async def test_the_same_press_twice_is_one(shop: Shop) -> None:
    await shop.files()
    await shop.press(shop.flora, shop.card(1, shop.flora), "Take")
    sent = next(one for one in reversed(shop.workspace.deliveries) if one.kind == "interaction")
    assert (await shop.workspace.delivery.again(sent)).ok
    await shop.settle()
    assert await shop.history(1) == ["Carl Berg asked for it", "Flora Nilsson took it"]


async def test_the_same_form_twice_is_one(shop: Shop) -> None:
    await shop.says(shop.clerk, "")
    await shop.submit(shop.clerk, text="tulips")
    sent = next(one for one in reversed(shop.workspace.deliveries) if one.kind == "interaction")
    assert (await shop.workspace.delivery.again(sent)).ok
    await shop.settle()
    assert shop.card(1, shop.flora)
    assert not shop.cards(2, shop.flora)


async def test_an_event_under_another_id_is_the_same_message(shop: Shop) -> None:
    await shop.writes(shop.clerk, "the lamp is broken")
    event = next(
        one.payload["event"]
        for one in shop.workspace.deliveries
        if one.kind == "event" and one.payload["event"].get("user") == shop.clerk.id
    )
    for _ in range(2):
        assert (await shop.workspace.delivery.event(event)).ok
        await shop.settle()
    assert not shop.cards(2, shop.flora)
    await shop.writes(shop.clerk, "in the window", under=shop.own_card(1, shop.clerk))
    event = shop.workspace.deliveries[-1].payload["event"]
    for sent in list(shop.workspace.deliveries):
        if sent.kind == "event" and sent.payload["event"].get("text") == "in the window":
            assert (await shop.workspace.delivery.event(sent.payload["event"])).ok
    await shop.settle()
    assert len(shop.thread(shop.card(1, shop.flora), shop.flora)) == 1


# the door


async def knock(shop: Shop, body: bytes, **headers: str) -> int:
    """A request at the door; its status."""
    assert shop.workspace.app_url
    async with (
        aiohttp.ClientSession() as session,
        session.post(shop.workspace.app_url, data=io.BytesIO(body), headers=headers) as response,
    ):
        return response.status


FORM = "application/x-www-form-urlencoded"


def signed(shop: Shop, body: bytes, at: str, kind: str = FORM) -> dict[str, str]:
    return {
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": signature(shop.workspace.signing_secret, at, body),
        "Content-Type": kind,
    }


async def test_nothing_is_read_that_slack_did_not_sign(shop: Shop) -> None:
    body = urlencode(command(shop, shop.clerk, "a bouquet")).encode()
    now = str(int(time.time()))
    good = signed(shop, body, now)
    forged = {
        "no signature": {"Content-Type": good["Content-Type"]},
        "another secret": {**good, "X-Slack-Signature": signature("other", now, body)},
        "another body": {**good, "X-Slack-Signature": signature(shop.workspace.signing_secret, now, b"x")},
        "no timestamp": {key: value for key, value in good.items() if "Timestamp" not in key},
        "not v0": {**good, "X-Slack-Signature": good["X-Slack-Signature"].replace("v0=", "v1=")},
        "not ascii": {**good, "X-Slack-Signature": "v0=ü"},
        "too old": signed(shop, body, str(int(now) - 400)),
        "to come": signed(shop, body, str(int(now) + 400)),
        **{f"timestamp {at!r}": signed(shop, body, at) for at in ("", "soon", "1e9", "-1", "9" * 5000)},
    }
    for how, headers in forged.items():
        assert await knock(shop, body, **headers) == 401, how
    assert await knock(shop, b"{not json", **{"Content-Type": "application/json"}) == 401
    await shop.settle()
    assert not shop.cards(1, shop.flora)
    assert await knock(shop, body, **good) == 200
    await shop.settle()
    assert shop.card(1, shop.flora)


JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{not json", JSON),
        (b"[1, 2]", JSON),
        (b'"words"', JSON),
        (b"null", JSON),
        (b"payload=%7Bnot+json", FORM),
        (b"payload=%5B%5D", FORM),
        (b"\xff\xfe\x00", JSON),
        (b"\xff\xfe\x00", FORM),
    ],
)
async def test_a_body_that_is_not_what_it_says(shop: Shop, body: bytes, kind: str) -> None:
    assert await knock(shop, body, **signed(shop, body, str(int(time.time())), kind)) == 400


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"type": "message"},
        {"type": "message", "subtype": "bot_message", "username": "ci"},
        {"type": "app_mention", "bot_id": "B1"},
        {"type": "reaction_added", "user": "U1", "reaction": "ticket", "item": {"type": "file"}},
        {"type": "never_heard_of"},
    ],
)
async def test_an_event_with_holes_is_taken_and_forgotten(shop: Shop, event: Json) -> None:
    body = json.dumps({"type": "event_callback", "event": event}).encode()
    assert await knock(shop, body, **signed(shop, body, str(int(time.time())), JSON)) in (200, 404)
    assert all(not one.by_bot for one in shop.flora.sees(SHOP_DESK))


async def test_too_large_a_body_is_not_read(shop: Shop) -> None:
    body = b"x" * 1_500_000
    assert await knock(shop, body, **signed(shop, body, str(int(time.time())))) == 413


async def test_only_slacks_own_way_in_is_open(shop: Shop) -> None:
    assert shop.workspace.app_url
    base = shop.workspace.app_url.removesuffix("/slack/events")
    async with aiohttp.ClientSession() as session:
        for path, status in (("/slack/events", 405), ("/", 404), ("/healthz", 200)):
            async with session.get(base + path) as response:
                assert response.status == status, path


# the disk


def lock(url: str) -> sqlite3.Connection:
    """Somebody else who writes into the database, until they are closed."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


async def test_a_locked_database_keeps_no_command_and_says_so(shop: Shop, shop_url: str) -> None:
    await shop.files("tulips")
    with closing(lock(shop_url)):
        kept, looked = await asyncio.gather(
            shop.clerk.command(SHOP_DESK, "/request a bouquet"),
            shop.svea.command(SHOP_DESK, "/request list open"),
        )
    assert kept.text == NOTHING_KEPT
    assert "#1 tulips" in looked.text, "looking needs no lock"
    await shop.settle()
    await shop.dialog((shop.clerk, "a bouquet", "#2 is with the team."))
    assert shop.card(2, shop.flora)


async def test_a_locked_database_keeps_no_press_and_says_so(shop: Shop, shop_url: str) -> None:
    await shop.files()
    with closing(lock(shop_url)):
        assert (await shop.flora.press(shop.card(1, shop.flora), "Take")).ok
    await shop.settle()
    assert shop.whispers(shop.flora)[-1].text == NOTHING_KEPT
    assert await shop.press(shop.flora, shop.card(1, shop.flora), "Take") == "#1 is yours."


async def test_a_locked_database_leaves_the_form_open_and_says_so(shop: Shop, shop_url: str) -> None:
    await shop.says(shop.clerk, "")
    with closing(lock(shop_url)):
        assert await shop.clerk.submit({"text": "fuel"}) == {"text": NOTHING_KEPT}
    assert not await shop.submit(shop.clerk, text="fuel")
    assert "#1 fuel" in shop.card(1, shop.flora).text


async def test_what_takes_long_is_answered_when_it_is_known(shop: Shop) -> None:
    """Slack's three seconds are kept, and the truth follows."""
    gate = threading.Event()
    busy = asyncio.create_task(shop.app.front.keep(lambda _: gate.wait(10)))
    answer = await shop.clerk.command(SHOP_DESK, "/request a bouquet")
    assert answer.text == "Working on it …"
    gate.set()
    assert await busy
    await shop.settle()
    assert [one.text.split("\n")[-1] for one in shop.whispers(shop.clerk)] == [
        "Working on it …",
        "#1 is with the team. You will hear in your direct messages.",
    ]


async def test_an_event_that_cannot_be_kept_is_repeated_until_it_can(shop: Shop, shop_url: str) -> None:
    shop.workspace.delivery.retry_delays = ()
    with closing(lock(shop_url)):
        await shop.clerk.say(shop.clerk.dm, "the lamp is broken")
    (sent,) = [one for one in shop.workspace.deliveries if one.kind == "event" and one.status != 200]
    assert (await shop.workspace.delivery.again(sent)).ok
    await shop.settle()
    assert "#1 the lamp is broken" in shop.card(1, shop.flora).text
    assert not shop.cards(2, shop.flora)


async def test_a_full_disk_keeps_nothing_and_says_so(shop: Shop) -> None:
    await shop.files("tulips")

    def no_more(tx: Connection) -> None:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def enough(tx: Connection) -> None:
        tx.exec_driver_sql("PRAGMA max_page_count = 1000000")

    await shop.app.front.keep(no_more)
    answer = ""
    kept = 1
    for _ in range(20):
        answer = (await shop.clerk.command(SHOP_DESK, f"/request ribbon {'red ' * 2000}")).text
        if answer == NOTHING_KEPT:
            break
        kept += 1
    assert answer == NOTHING_KEPT
    assert "#1 tulips" in (await shop.clerk.command(SHOP_DESK, "/request show 1")).text
    await shop.app.front.keep(enough)
    await shop.wait(minutes=5)
    await shop.dialog((shop.clerk, "a bouquet", f"#{kept + 1} is with the team."))
    assert all(shop.card(number, shop.flora) for number in range(1, kept + 2))


# Slack's own trouble


@pytest.mark.parametrize(
    "trouble",
    [
        {"error": "ratelimited", "status": 429, "retry_after": 30},
        {"status": 500},
        {"status": 503},
        {"error": "internal_error"},
        {"error": "fatal_error"},
        {"error": "account_inactive"},
        {"error": "invalid_auth"},
        {"drop": True},
    ],
)
async def test_what_slack_does_not_take_now_it_is_told_later(shop: Shop, trouble: Json) -> None:
    shop.workspace.fail("chat.postMessage", times=2, **trouble)
    await shop.says(shop.clerk, "a bouquet")
    assert not shop.cards(1, shop.flora)
    await shop.wait(minutes=5)
    assert shop.card(1, shop.flora)
    assert shop.own_card(1, shop.clerk)
    shop.workspace.fail("chat.update", times=2, **trouble)
    await shop.says(shop.flora, "take 1")
    await shop.wait(minutes=5)
    assert "Flora Nilsson has it." in shop.card(1, shop.flora).text
    assert "Flora Nilsson has it." in shop.own_card(1, shop.clerk).text


async def test_a_place_that_is_asked_to_wait_waits_for_as_long(shop: Shop) -> None:
    shop.workspace.fail(
        "chat.postMessage", error="ratelimited", status=429, retry_after=90, channel=SHOP_DESK
    )
    await shop.says(shop.clerk, "a bouquet")
    await shop.says(shop.clerk, "two vases")
    assert not shop.cards(2, shop.flora), "the whole place waits"
    assert shop.own_card(2, shop.clerk), "others do not"
    await shop.wait(seconds=89)
    assert len(shop.workspace.called("chat.postMessage")) == 3
    await shop.wait(seconds=2)
    assert [one.text[:2] for one in shop.flora.sees(SHOP_DESK) if one.by_bot] == ["#1", "#2"]


async def test_an_answer_lost_on_the_way_is_said_again(shop: Shop) -> None:
    """Slack has posted, and the answer never came: twice is better than never, and the last one is live."""
    shop.workspace.fail("chat.postMessage", before=False, drop=True, channel=SHOP_DESK)
    await shop.says(shop.clerk, "a bouquet")
    await shop.wait(minutes=5)
    assert len(shop.cards(1, shop.flora)) == 2
    await shop.says(shop.flora, "take 1")
    assert "Flora Nilsson has it." in shop.cards(1, shop.flora)[-1].text


async def test_a_card_somebody_deleted_is_posted_once_more(shop: Shop) -> None:
    await shop.files()
    shop.workspace.remove(shop.card(1, shop.flora))
    await shop.says(shop.flora, "take 1")
    assert "Flora Nilsson has it." in shop.card(1, shop.flora).text
    await shop.says(shop.flora, "resolve 1")
    assert "resolved it" in shop.card(1, shop.flora).text


async def test_a_poll_somebody_deleted_is_posted_once_more(shop: Shop) -> None:
    await shop.files()
    await shop.says(shop.flora, "resolve 1")
    shop.workspace.remove(shop.poll(shop.clerk))
    await shop.says(shop.clerk, "rate 1 4")
    thanks = [one for one in shop.dm(shop.clerk) if "Thank you. You chose" in one.text]
    assert len(thanks) == 1


@pytest.mark.parametrize("error", ["channel_not_found", "not_in_channel", "is_archived"])
async def test_a_channel_that_is_closed_to_us_has_a_fallback(shop: Shop, error: str) -> None:
    """The card goes to the lead, who can hand it on; the requester's own card is as ever."""
    shop.workspace.fail("chat.postMessage", error=error, channel=SHOP_DESK, times=100)
    await shop.says(shop.clerk, "a bouquet")
    assert "Waiting for somebody to take it." in shop.own_card(1, shop.manager).text
    assert shop.own_card(1, shop.clerk)
    assert (await shop.history(1))[-1].startswith("Its card could not be shown where it was, and moved")
    await shop.press(shop.manager, shop.own_card(1, shop.manager), "Take")
    assert shop.news(shop.clerk)[-1] == "Margit Ek has taken #1 “a bouquet”."


async def test_a_channel_that_closes_while_a_request_is_taken(shop: Shop) -> None:
    await shop.files()
    await shop.says(shop.flora, "take 1")
    await shop.workspace.archive(SHOP_DESK)
    shop.workspace.fail("chat.update", error="is_inactive", channel=SHOP_DESK, times=100)
    await shop.says(shop.clerk, "note 1 white ones", GENERAL)
    assert "Flora Nilsson has it." in shop.own_card(1, shop.manager).text
    assert "Carl Berg: “white ones”" in shop.own_card(1, shop.manager).text
    assert shop.thread(shop.own_card(1, shop.manager), shop.manager) == ["Carl Berg on #1:\n“white ones”."]


@pytest.mark.parametrize("line", ["a bouquet", "a bouquet private"])
async def test_what_the_team_said_among_itself_stays_there_when_the_channel_closes(
    shop: Shop, line: str
) -> None:
    await shop.manager.remove(SHOP_DESK, shop.clerk.id)
    await shop.says(shop.clerk, line, GENERAL)
    await shop.says(shop.flora, "note 1 🔒 she never pays")
    await shop.workspace.archive(SHOP_DESK)
    shop.workspace.fail("chat.update", error="is_archived", channel=SHOP_DESK, times=100)
    await shop.says(shop.clerk, "note 1 white ones", GENERAL)
    assert shop.own_card(1, shop.manager)
    for who, reads in ((shop.clerk, False), (shop.manager, True)):
        story = await shop.says(who, "history 1", GENERAL)
        assert ("she never pays" in story) is reads, story


async def test_the_bot_is_put_out_of_the_channel(shop: Shop) -> None:
    await shop.files()
    await shop.manager.remove(SHOP_DESK, shop.workspace.bot_user)
    await shop.says(shop.clerk, "two vases", GENERAL)
    assert shop.own_card(2, shop.manager)
    assert shop.own_card(2, shop.clerk)


async def test_an_answer_in_a_channel_where_the_bot_is_not(shop: Shop) -> None:
    await shop.manager.remove(GENERAL, shop.workspace.bot_user)
    await shop.dialog((shop.clerk, "a bouquet", "#1 is with the team."), channel=GENERAL)


async def test_a_form_that_slack_does_not_open(shop: Shop) -> None:
    shop.workspace.fail("views.open", error="expired_trigger_id")
    await shop.dialog((shop.clerk, "", "The form could not be opened in time. Please try again."))
    shop.workspace.fail("views.open", status=500)
    await shop.dialog((shop.clerk, "", "The form could not be opened in time."), (shop.clerk, "", "Ask for"))


# what is private


@pytest.fixture
async def quiet(shop_url: str) -> AsyncIterator[Shop]:
    """A shop where the driver and the shopkeeper do not belong to the triage channel, but can read it."""
    async with open_shop(shop_url, digest=f"fri 16:00 {GENERAL}") as shop:
        for who in (shop.driver, shop.svea):
            await shop.workspace.leave(SHOP_DESK, who.id)
        yield shop


OUTSIDERS = (
    *("list", "list mine", "list for me", "list team", "list open", "list late", "list waiting"),
    *("find raise", "digest", "show 1", "history 1", "follow 1", "note 1 hello", "home"),
)


async def test_nothing_of_a_private_request_is_seen_by_others(quiet: Shop) -> None:
    shop = quiet
    secret = "secretraise"
    await shop.says(shop.clerk, f"private {secret} by wednesday", GENERAL)
    await shop.says(shop.flora, "ask 1 how much secretraise?")
    await shop.says(shop.clerk, "answer 1 a lot of secretraise", GENERAL)
    await shop.wait(days=2)
    await shop.says(shop.flora, "take 1")
    await shop.says(shop.clerk, "nudge 1", GENERAL)
    await shop.says(shop.clerk, "note 1 secretraise please", GENERAL)
    await shop.wait(days=1)
    for line in OUTSIDERS:
        told = await shop.says(shop.driver, line, GENERAL)
        assert secret not in told, line
        assert "Carl Berg" not in told, line
    assert "Nothing contains" in await shop.says(shop.driver, "find secretraise", GENERAL)
    await shop.wait(days=3)
    await shop.says(shop.flora, "resolve 1 secretraise it is")
    await shop.driver.open_home()
    await shop.settle()
    assert shop.driver.home is not None
    assert secret not in str(shop.driver.home.blocks)
    for channel in (SHOP_DESK, GENERAL, DELIVERIES, shop.driver.dm, shop.svea.dm):
        for message in shop.workspace.log.all(channel):
            assert secret not in message.text + str(message.blocks), (channel, message.text)
            assert "Carl Berg" not in message.text, (channel, message.text)
    assert not shop.cards(1, shop.driver, shop.driver.dm)
    locked = [one for one in shop.workspace.log.all(SHOP_DESK) if one.text.startswith("#1 Private request")]
    assert len(locked) == 1
    assert secret in shop.own_card(1, shop.clerk).text


async def test_the_locked_card_shows_itself_to_those_who_may(quiet: Shop) -> None:
    shop = quiet
    await shop.says(shop.clerk, "private a raise", GENERAL)
    card = shop.card(1, shop.flora)
    assert card.text == "#1 Private request.\nA private request, open."
    assert buttons(card) == ["Show me", "Take it"]
    assert "a raise" in await shop.press(shop.flora, card, "Show me")
    await shop.svea.join(DELIVERIES)
    await shop.workspace.join(SHOP_DESK, shop.svea.id)
    await shop.workspace.leave(SHOP_DESK, shop.svea.id)
    assert "#1 is private, and you are not part of it." in await shop.says(shop.svea, "take 1", GENERAL)
