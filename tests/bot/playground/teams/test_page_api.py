import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.playground.teams.page_api import PREFIX, add_page
from bot.playground.teams.people import Colleague
from bot.playground.teams.serve import serving
from bot.playground.teams.shop import GRETA, MARGIT, SHOP_DESK, flower_shop
from bot.playground.teams.tenant import Tenant
from tests.bot.playground.teams.florist import (
    Clocks,
    Json,
    ListeningBot,
    asks,
    becomes,
    card,
    dialog,
    execute,
    field,
    opens,
    posted,
    submits,
    text,
)


class Page:
    """A browser with one person's eyes."""

    def __init__(self, http: aiohttp.ClientSession, address: str, viewer: str) -> None:
        self.http, self.address, self.viewer = http, address, viewer

    async def ask(self, path: str, **query: str) -> Json:
        async with self.http.get(self.address + path, params={"as": self.viewer, **query}) as answer:
            return dict(await answer.json())

    async def do(self, path: str, **body: Any) -> Json:
        async with self.http.post(self.address + path, json={"as": self.viewer, **body}) as answer:
            return dict(await answer.json())


@pytest.fixture
async def tenant(clocks: Clocks) -> AsyncIterator[Tenant]:
    shop = flower_shop(clocks.now)
    async with serving(shop, extend=lambda app: add_page(app.router, shop)):
        yield shop


@pytest.fixture
def page(tenant: Tenant, http: aiohttp.ClientSession) -> Page:
    return Page(http, tenant.service_url.replace("/teams/", f"{PREFIX}/"), MARGIT)


async def test_what_is_there(tenant: Tenant, page: Page) -> None:
    begun = await page.ask("bootstrap")
    assert (begun["ok"], begun["viewer"], begun["installed"]) == (True, MARGIT, False)
    assert [each["name"] for each in begun["people"]] == ["Margit Ek", "Greta Holm", "Deskbell"]
    told = await page.ask("conversations")
    assert [(each["name"], each["team"]["name"]) for each in told["conversations"]] == [
        ("General", "Petals & Post"),
        ("Shop desk", "Petals & Post"),
    ]
    tenant.personal(MARGIT)
    told = await page.ask("conversations")
    assert [(each["kind"], each["name"]) for each in told["conversations"]][-1] == ("personal", "Deskbell")
    page.viewer = "29:nobody"
    assert await page.ask("conversations") == {"ok": False, "error": "Nobody here has that id."}


async def test_writing_and_reading(page: Page, bot: ListeningBot, greta: Colleague) -> None:
    said = await page.do("say", conversation=SHOP_DESK, text="@Deskbell help")
    below = await page.do("say", conversation=SHOP_DESK, text="and this", reply_to=said["id"])
    await page.do("react", conversation=SHOP_DESK, id=said["id"], kind="like")
    await page.do("edit", conversation=SHOP_DESK, id=below["id"], text="and that")
    assert bot.types() == ["message"]
    page.viewer = GRETA
    assert (await page.ask("conversations"))["conversations"][1]["unread"] == 2
    await page.do("read", conversation=SHOP_DESK)
    assert (await page.ask("conversations"))["conversations"][1]["unread"] == 0
    [head] = (await page.ask("messages", conversation=SHOP_DESK))["messages"]
    assert (head["plain"], head["reply_count"], head["reactions"]) == (
        "Deskbell help",
        1,
        [{"kind": "like", "people": [MARGIT]}],
    )
    thread = await page.ask("thread", conversation=SHOP_DESK, id=head["id"])
    assert [(each["plain"], each["edited"]) for each in thread["messages"]] == [
        ("Deskbell help", False),
        ("and that", True),
    ]
    refused = await page.do("delete", conversation=SHOP_DESK, id=head["id"])
    assert refused == {"ok": False, "error": "That is somebody else’s message."}


async def test_a_button_is_pressed_where_it_stands(tenant: Tenant, page: Page, bot: ListeningBot) -> None:
    question = asks("Cancel", "Really?", execute("Yes"))
    form = card(field("how"), actions=(submits("Done"),))
    shown = posted(tenant, card(field("note"), actions=(question, opens("Form"))))
    where = {"conversation": SHOP_DESK, "id": shown.id}
    bot.replies = [becomes(card(text("cancelled"), actions=(opens("Form"),))), dialog("How", form)]
    done = await page.do("press", where=where, pointer="/actions/0/card/actions/0", inputs={"note": "late"})
    assert done == {"ok": True, "acknowledged": True, "objections": {}}
    assert bot.heard[-1]["value"]["action"]["data"] == {"line": "yes", "note": "late"}
    [seen] = (await page.ask("messages", conversation=SHOP_DESK))["messages"]
    assert seen["plain"] == "cancelled"
    await page.do("press", where=where, pointer="/actions/0")
    assert (await page.ask("dialog"))["dialog"]["title"] == "How"
    await page.do("press", where="dialog", pointer="/actions/0", inputs={"how": "quickly"})
    assert bot.heard[-1]["value"]["data"] == {"how": "quickly"}
    assert (await page.ask("dialog"))["dialog"] is None
    for pointer in ("/actions/7", "/body", "/actions/x"):
        refused = await page.do("press", where=where, pointer=pointer)
        assert refused == {"ok": False, "error": f"There is no button at {pointer}."}


async def test_what_happens_is_told_as_it_happens(tenant: Tenant, page: Page) -> None:
    async with page.http.get(f"{page.address}events", params={"as": GRETA}) as stream:
        await stream.content.readuntil(b"\n\n")
        tenant.toast(MARGIT, "not for Greta")
        posted(tenant, card(text("hello")))
        async with asyncio.timeout(5):
            told = (await stream.content.readuntil(b"\n\n")).decode()
    name, data = told.strip().split("\n")
    assert name == "event: message"
    assert json.loads(data.removeprefix("data: "))["message"]["plain"] == "hello"
