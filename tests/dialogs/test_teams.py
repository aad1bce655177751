"""What people do in Teams, and what they read because of it."""

from collections.abc import AsyncIterator

import pytest

from tests.teams import DESK, TeamsShop, open_teams_shop


@pytest.fixture
async def shop(shop_url: str) -> AsyncIterator[TeamsShop]:
    async with open_teams_shop(shop_url) as shop:
        yield shop


async def test_a_request_from_filing_to_rating(shop: TeamsShop) -> None:
    said = await shop.says(shop.clerk, "/request the card printer is out of paper by friday !high")
    assert said.startswith("#1 the card printer is out of paper.\n#1 is with the team.")
    card = await shop.card(1, shop.flora)
    assert "Waiting for somebody to take it." in card.plain
    await shop.press(shop.flora, card, "Take")
    assert "Flora Nilsson has it." in (await shop.card(1, shop.flora)).plain
    assert "Flora Nilsson has taken #1" in shop.news(shop.clerk)[-1]
    assert "will be asked how it was" in await shop.says(shop.flora, "resolve 1 new roll in the drawer")
    poll = shop.poll(shop.clerk)
    await shop.press(shop.clerk, poll, "🤩 great")
    assert "Thank you. You chose 🤩 great." in shop.poll(shop.clerk).plain


async def test_in_a_channel_it_hears_its_name(shop: TeamsShop) -> None:
    await shop.dialog(
        (shop.clerk, "the fridge hums", "#1 the fridge hums"),
        (shop.flora, "take 1", "#1 is yours."),
        where=DESK,
    )
    await shop.clerk.say(DESK, "just talking", mention_bot=False)
    await shop.settle()
    assert shop.tenant.sent("message")[-1].activity["text"] != "just talking"
