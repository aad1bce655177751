"""The main job, as the people of the shop live it."""

from tests.shop import Shop


async def test_a_request_from_filing_to_rating(shop: Shop) -> None:
    said = await shop.says(shop.clerk, "the card printer is out of paper by friday !high")
    assert "#1" in said
    await shop.flora.press(shop.card(1, shop.flora), "Take")
    await shop.settle()
    assert "Flora Nilsson has it." in shop.card(1, shop.flora).text
    assert "Flora Nilsson has taken #1" in shop.dm(shop.clerk)[-1].text
    assert "will be asked how it was" in await shop.says(shop.flora, "resolve 1 new roll in the drawer")
    poll = shop.dm(shop.clerk)[-1]
    assert list(poll.reactions) == [face.mark for face in shop.app.front.house.scale]
    await shop.clerk.react(poll, "star-struck")
    await shop.settle()
    assert "Thank you." in shop.clerk.sees_message(poll.channel, poll.ts).text
