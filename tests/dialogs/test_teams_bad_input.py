"""Everything odd that people say or somebody sends on Teams: each has its answer, and does no harm."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.playground.records import Json
from bot.playground.teams import payloads
from bot.playground.teams.records import Message
from tests.bot.teams.issuer import TENANT
from tests.dialogs.test_teams_ways_in import WINDOW, answered, press_old
from tests.teams import CLERK, DESK, DRIVER, FLORA, TEAM, TeamsShop, open_teams_shop

CHANNEL = f"{TEAM};messageid=17"


@pytest.fixture
async def shop(shop_url: str) -> AsyncIterator[TeamsShop]:
    async with open_teams_shop(shop_url) as shop:
        yield shop


# what people write


@pytest.mark.parametrize(
    "text",
    [
        "a <b>bold</b> &amp; <i>bouquet</i>",
        "*bold* _it_ ~no~ `code` > quote | pipe \\ back",
        "- [click me](https://evil.example) ![x](https://evil.example/x.png)",
        "look, {{DATE(2026-01-01T00:00:00Z, SHORT)}} ${x} {0} %s",
        "# 1. <script>alert(1)</script>",
        "花を三本ください 👩‍👩‍👧‍👦 يرجى",
    ],
)
async def test_whatever_people_write_is_shown_and_not_executed(shop: TeamsShop, text: str) -> None:
    """In the title, details, notes, questions, outcomes and comments, wherever those are shown."""
    shown = text.replace("{{", "{\u200b{")  # or Teams would read a date into it
    await shop.says(shop.clerk, f"look at {text}")
    card = await shop.card(1, shop.flora)
    assert card.plain.split("\n")[0] == f"#1 look at {shown}"
    await shop.flora.reply(card, f"@Deskbell hm {text}")
    await shop.settle()
    assert shop.chat(shop.clerk)[-1].plain.endswith(f"hm {shown}")
    await shop.says(shop.flora, f"ask 1 what is {text}?")
    assert f"what is {shown}?" in (await shop.own_card(1, shop.clerk)).plain
    await shop.says(shop.clerk, f"answer 1 it is {text}")
    await shop.says(shop.flora, f"resolve 1 now {text}")
    assert f"now {shown}" in (await shop.card(1, shop.flora)).plain
    assert f"now {shown}" in shop.poll(shop.clerk).plain
    await shop.says(shop.clerk, f"rate 1 1 sorry {text}")
    assert f"sorry {shown}" in shop.poll(shop.clerk).plain
    for line, where in (("list open", ""), ("history 1", ""), (f"find {text}", ""), ("show 1", DESK)):
        await shop.says(shop.flora, line, where)
    (found,) = await shop.flora.search("look")
    assert shop.flora.share(found, DESK).plain.startswith(f"#1 look at {shown}")
    everything = [one for place in shop.tenant.conversations for one in shop.tenant.log.all(place)]
    met = [entity["mentioned"]["id"] for one in everything for entity in mentions(one)]
    assert set(met) <= {CLERK, FLORA, DRIVER}, "nobody is called by what somebody typed"


def mentions(message: Message) -> list[Json]:
    """Who is called in what the bot said."""
    return (message.card or {}).get("msteams", {}).get("entities", []) if message.by_bot else []


async def test_names_of_people_are_text_too(shop: TeamsShop) -> None:
    name = "<b>Carl</b> *the* [clerk](https://evil.example)"
    shop.tenant.change_person(CLERK, name=name)
    await shop.app.look_around()
    await shop.files()
    await shop.says(shop.flora, "ask 1 which?")
    assert f"From: {name}" in (await shop.card(1, shop.flora)).plain


async def test_talk_that_is_not_for_us_is_not_heard(shop: TeamsShop) -> None:
    shop.tenant.hears_everything = True
    said = await shop.driver.say(DESK, "good morning", mention_bot=False)
    await shop.clerk.reply(said, "take 1", mention_bot=False)
    await shop.clerk.say(DESK, "@David Holm the lamp is broken")
    await shop.settle()
    assert not [one for one in shop.tenant.log.all(DESK) if one.by_bot]


# the same thing twice, and two things at once


async def test_two_people_press_take_at_once(shop: TeamsShop) -> None:
    await shop.files()
    card = await shop.card(1, shop.flora)
    acks = await asyncio.gather(*(press_old(shop, who, card, "take 1") for who in everybody(shop)))
    said = [answered(ack).split("\n") for ack in acks]
    assert sum(lines[0] == "#1 is yours." for lines in said) == 1
    assert sum("already has #1." in lines[0] or "at the same moment" in lines[0] for lines in said) == 2
    assert all(" has it." in lines[2] for lines in said), "and the present state"
    await shop.settle()
    assert len([line for line in await shop.history(1) if "took it" in line]) == 1


def everybody(shop: TeamsShop) -> tuple[Any, ...]:
    return (shop.flora, shop.driver, shop.manager)


@pytest.mark.parametrize("line", ["a bouquet", "list", "tkae 1", "hello", "take 7"])
@pytest.mark.parametrize("where", ["", TEAM])
async def test_a_message_delivered_twice_is_answered_once(shop: TeamsShop, line: str, where: str) -> None:
    assert await shop.says(shop.clerk, line, where)
    said = [len(shop.tenant.log.all(place)) for place in shop.tenant.conversations]
    for _ in range(2):
        assert (await shop.tenant.delivery.again(shop.tenant.sent("message")[-1])).ok
        await shop.settle()
    assert [len(shop.tenant.log.all(place)) for place in shop.tenant.conversations] == said
    assert not await shop.cards(2, shop.flora)


async def test_a_message_delivered_again_to_another_process_is_kept_once(shop: TeamsShop) -> None:
    await shop.files()
    sent = shop.tenant.sent("message")[-1]
    await shop.close()
    await shop.open()
    assert (await shop.tenant.delivery.again(sent)).ok
    await shop.settle()
    assert not await shop.cards(2, shop.flora)


async def test_a_press_and_a_form_delivered_twice_are_one(shop: TeamsShop) -> None:
    await shop.files()
    await shop.press(shop.flora, await shop.card(1, shop.flora), "Take")
    assert "#1 a bouquet\nFlora Nilsson has it." in answered(
        await shop.tenant.delivery.again(shop.tenant.sent("invoke")[-1])
    )
    assert await shop.history(1) == ["Carl Berg asked for it", "Flora Nilsson took it"]
    await shop.says(shop.clerk, "form")
    await shop.clerk.fill(shop.chat(shop.clerk)[-1], {"text": "two vases"})
    assert answered(await shop.tenant.delivery.again(shop.tenant.sent("invoke")[-1])).startswith("#2 two")
    await shop.settle()
    assert await shop.card(2, shop.flora)
    assert not await shop.cards(3, shop.flora)


async def test_messages_without_an_id_are_not_taken_for_one(shop: TeamsShop) -> None:
    for number, text in enumerate(("a bouquet", "two vases"), 1):
        assert (await shop.tenant.delivery.activity(activity(shop, id=None, text=text))).ok
        await shop.settle()
        assert (await shop.card(number, shop.flora)).plain.startswith(f"#{number} {text}")


async def test_a_button_of_a_request_that_never_was(shop: TeamsShop) -> None:
    await shop.files()
    card = await shop.card(1, shop.flora)
    said = answered(await press_old(shop, shop.flora, card, "take 4711"))
    assert said.startswith("There is no request #4711.")
    assert "\n#1 a bouquet\nWaiting for somebody" in said, "below, the message that was pressed"
    gone = answered(await press_old(shop, shop.flora, replace(card, id="4711"), "take 4711"))
    assert gone.startswith("There is no request #4711.")


# the door


async def knock(shop: TeamsShop, body: bytes, token: str | None = "") -> int:
    """A request at the door, by Microsoft's own token unless another is given; its status."""
    assert shop.tenant.app_url
    assert shop.tenant.mint_token
    shown = shop.tenant.mint_token() if token == "" else token
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {shown}"} if shown else {})
    async with (
        aiohttp.ClientSession() as session,
        session.post(shop.tenant.app_url, data=io.BytesIO(body), headers=headers) as response,
    ):
        return response.status


def activity(shop: TeamsShop, **other: Any) -> Json:
    """A message of the clerk's in his chat, but for the other parts; None takes one away."""
    usual = payloads.activity(shop.tenant, "message", CLERK, shop.tenant.personal(CLERK), id="1716")
    whole = {**usual, "text": "a bouquet", "entities": [], "attachments": [], **other}
    return {name: value for name, value in whole.items() if value is not None}


async def test_only_teams_itself_is_heard(shop: TeamsShop) -> None:
    good = json.dumps(activity(shop)).encode()
    elsewhere = {"id": "a:1", "conversationType": "personal", "tenantId": "another-tenant"}
    for body, token, status in (
        (good, None, 401),
        (good, "x.y.z", 401),
        (b"{not json", None, 401),
        (json.dumps(activity(shop, conversation=elsewhere)).encode(), "", 401),
        (json.dumps(activity(shop, channelData={"tenant": {"id": "another"}})).encode(), "", 401),
        (json.dumps(activity(shop, serviceUrl="https://evil.example/")).encode(), "", 401),
        (json.dumps(activity(shop, channelId="webchat")).encode(), "", 401),
        (b" " * 2_000_000, "", 413),
        (b"{not json", "", 400),
        (b"[1, 2]", "", 400),
        (b"null", "", 400),
        (b"{}", "", 400),
        (b"\xff\xfe", "", 400),
    ):
        assert await knock(shop, body, token) == status, (body[:60], token)
    await shop.settle()
    assert await kept(shop) == 0
    assert await knock(shop, good) == 200
    await shop.settle()
    assert await kept(shop) == 1


async def kept(shop: TeamsShop) -> int:
    """How many requests there are."""
    counted = "SELECT count(*) FROM requests"
    return int(await shop.app.front.look(lambda tx: tx.exec_driver_sql(counted).scalar_one()))


# activities that are not as they should be


def cases() -> dict[str, Json]:
    """What is missing or odd, by name; nobody can be answered to any of it."""
    here = {"id": CHANNEL, "conversationType": "channel", "tenantId": TENANT}
    return {
        "no conversation": {"conversation": None},
        "a conversation without an id": {"conversation": {"tenantId": TENANT}},
        "a conversation with a number": {"conversation": {"id": 5, "tenantId": TENANT}},
        "a conversation that is a list": {"conversation": [1]},
        "nobody": {"from": None},
        "somebody without an id": {"from": {"name": "Carl"}},
        "a number": {"from": {"id": 29, "name": 5}},
        "half a character": {"from": {"id": "29:\ud800"}},
        "ourselves": {"from": {"id": "28:x"}, "recipient": {"id": "28:x"}},
        "no mention": {"conversation": here, "entities": [None, 5, {"type": "mention"}]},
        "odd mentions": {"conversation": here, "entities": [{"type": "mention", "mentioned": "28:x"}]},
        "a reaction to nothing": {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        "odd reactions": {"type": "messageReaction", "replyToId": "1", "reactionsAdded": [5, {"type": []}]},
        "an edit of nothing": {"type": "messageUpdate", "channelData": {"tenant": {"id": TENANT}}},
        "odd members": {"type": "conversationUpdate", "membersAdded": [None, {"id": 5}], "from": None},
        "an odd installation": {"type": "installationUpdate", "action": ["add"]},
        "a button without a line": {"type": "invoke", "name": "adaptiveCard/action", "value": [1]},
        "an odd dialog": {"type": "invoke", "name": "task/submit", "value": {"data": [1]}},
        "a search for nothing": {
            "type": "invoke",
            "name": "composeExtension/query",
            "value": {"parameters": 5},
        },
        "odd extension": {
            "type": "invoke",
            "name": "composeExtension/fetchTask",
            "value": {"messagePayload": 5},
        },
        "an invoke of nobody": {"type": "invoke", "name": "task/fetch", "from": None},
        "an unknown invoke": {"type": "invoke", "name": ["x"]},
        "an unknown activity": {"type": "typing"},
    }


@pytest.mark.parametrize("case", cases())
async def test_what_has_holes_is_taken_and_nothing_is_kept(shop: TeamsShop, case: str) -> None:
    said = activity(shop, **cases()[case])
    invoke = said["type"] == "invoke"
    assert await knock(shop, json.dumps(said).encode()) in ((200, 404) if invoke else (200,))
    await shop.settle()
    assert await kept(shop) == 0
    odd = await shop.app.front.look(lambda tx: tx.exec_driver_sql("SELECT id FROM people").scalars().all())
    assert set(odd) <= {f"teams:{who}" for who in shop.tenant.people}


@pytest.mark.parametrize(
    "more",
    [
        {"entities": None, "attachments": None, "channelData": None, "timestamp": None, "recipient": None},
        {"entities": [None, {"type": "clientInfo", "timezone": 5}], "attachments": [5, {"content": 5}]},
        {
            "entities": 5,
            "attachments": "x",
            "channelData": {"tenant": {"id": TENANT}, "team": 5},
            "value": [],
        },
        {"from": {"id": CLERK, "name": ["x"], "aadObjectId": 5}, "locale": 5, "localTimezone": 5},
    ],
)
async def test_what_is_odd_beside_the_words_does_no_harm(shop: TeamsShop, more: Json) -> None:
    assert await knock(shop, json.dumps(activity(shop, **more)).encode()) == 200
    await shop.settle()
    assert (await shop.card(1, shop.flora)).plain.startswith("#1 a bouquet")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["\ud800", "29:x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type"]), inner),
    max_leaves=4,
)
TYPES = ("message", "messageUpdate", "messageReaction", "conversationUpdate", "installationUpdate")
INVOKES = ("adaptiveCard/action", "task/fetch", "task/submit", "composeExtension/query")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_whatever_comes_in_is_never_our_fault(shop: TeamsShop, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([CHANNEL, WINDOW, shop.clerk.chat]))
    said = activity(shop, **full(place), type=data.draw(st.sampled_from([*TYPES, "invoke"])))
    said |= {"id": data.draw(st.text(max_size=3)), "name": data.draw(st.sampled_from(INVOKES))}
    for _ in range(data.draw(st.integers(1, 4))):
        mutate(said, data)
    said |= {"serviceUrl": shop.tenant.service_url, "channelId": "msteams"}
    status = await knock(shop, json.dumps(said).encode())
    assert status < 500, said


def full(place: str) -> Json:
    """Every part that any activity has, in one."""
    return {
        "conversation": {"id": place, "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}, "team": {"id": TEAM}, "eventType": "editMessage"},
        "entities": [{"type": "mention", "mentioned": {"id": "28:x"}, "text": "<at>x</at>"}],
        "replyToId": "17",
        "reactionsAdded": [{"type": "like"}],
        "membersAdded": [{"id": FLORA}],
        "action": "add",
        "value": {
            "action": {"verb": "say", "data": {"line": "list", "form": "file", "hidden": {"number": "1"}}},
            "data": {"line": "list", "form": "file", "text": "tulips", "_fields": {"text": "text"}},
            "parameters": [{"name": "query", "value": "tulips"}],
            "messagePayload": {"from": {"user": {"id": "x"}}, "body": {"content": "x"}},
        },
    }


def mutate(said: Json, data: st.DataObject) -> None:
    """Put something else, or nothing, in the place of some part, at any depth."""
    here: Any = said
    for _ in range(data.draw(st.integers(0, 3))):
        inner = [
            each for each in (here.values() if isinstance(here, dict) else here) if each and is_part(each)
        ]
        if not inner:
            break
        here = data.draw(st.sampled_from(inner))
    keys = list(here) if isinstance(here, dict) else list(range(len(here)))
    if keys:
        here[data.draw(st.sampled_from(keys))] = data.draw(ANYTHING)


def is_part(value: object) -> bool:
    return isinstance(value, dict | list)
