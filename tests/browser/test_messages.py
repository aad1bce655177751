"""Reactions, threads, what only one person sees, and time."""

from dataclasses import replace

import pytest
from playwright.async_api import expect

from bot.playground.page import serving

from . import gallery
from .conftest import Look
from .shop import ANN, FLOWERS, IDA, OFFICE, TOM, Shop

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_reactions_toggle_and_everybody_sees_it(shop: Shop, look: Look) -> None:
    said = shop.workspace.post(FLOWERS, TOM, "The van is loaded")
    shop.workspace.react(said, TOM, "truck")
    ann, ida = await look(ANN), await look(IDA)
    pill = ann.locator("[data-reaction=truck]")
    await expect(pill).to_have_attribute("aria-pressed", "false")
    await pill.click()
    await expect(pill).to_have_attribute("aria-pressed", "true")
    await expect(ida.locator("[data-reaction=truck] .count")).to_have_text("2")
    await pill.click()
    await expect(ida.locator("[data-reaction=truck] .count")).to_have_text("1")


async def test_the_picker_adds_a_reaction(shop: Shop, look: Look) -> None:
    shop.workspace.post(FLOWERS, TOM, "The van is loaded")
    page = await look()
    await page.locator(".message").hover()
    await page.get_by_role("button", name="Add a reaction").click()
    await page.get_by_label("Search emoji").fill("ticket")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-reaction=ticket]")).to_have_attribute("aria-pressed", "true")


async def test_an_ephemeral_message_is_for_its_person_only(shop: Shop, look: Look) -> None:
    ann, ida = await look(ANN), await look(IDA)
    shop.workspace.post(FLOWERS, shop.workspace.bot_user, "Filed as #12", ephemeral_to=ANN)
    shop.workspace.post(FLOWERS, TOM, "Back at four")
    await expect(ann.get_by_text("Only visible to you")).to_be_visible()
    await expect(ida.get_by_text("Back at four").first).to_be_visible()
    assert await ida.get_by_text("Filed as").count() == 0
    await ann.get_by_role("button", name="Dismiss").click()
    await expect(ann.locator(".message").filter(has_text="Filed as")).to_have_count(0)


async def test_changes_and_deletions_arrive(shop: Shop, look: Look) -> None:
    first = shop.workspace.post(FLOWERS, TOM, "Leaving at noon")
    second = shop.workspace.post(FLOWERS, TOM, "Wrong channel")
    page = await look()
    shop.workspace.change(first, text="Leaving at one", edited=True)
    shop.workspace.remove(second)
    await expect(page.locator(".message")).to_have_count(1)
    await expect(page.locator(".message-text")).to_have_text("Leaving at one (edited)")


async def test_a_thread_and_a_broadcast(shop: Shop, look: Look) -> None:
    parent = shop.workspace.post(FLOWERS, TOM, "Which ribbon?")
    page = await look()
    shop.workspace.post(FLOWERS, IDA, "The blue one", thread_ts=parent.ts, broadcast=True)
    await page.get_by_role("button", name="1 reply").click()
    panel = page.get_by_role("complementary", name="Thread")
    await expect(panel.locator(".message")).to_have_count(2)
    await panel.get_by_role("combobox").fill("Blue it is")
    await page.keyboard.press("Enter")
    await expect(panel.locator(".message")).to_have_count(3)
    await expect(page.get_by_role("button", name="2 replies")).to_be_visible()
    await expect(page.locator("main .message")).to_have_count(2)
    await expect(page.locator("main")).to_contain_text("replied to a thread")


async def test_commands_do_not_work_in_threads(shop: Shop, look: Look) -> None:
    parent = shop.workspace.post(FLOWERS, TOM, "Which ribbon?")
    page = await look(place=f"{FLOWERS}&thread={parent.ts}")
    box = page.get_by_role("complementary").get_by_role("combobox")
    await box.fill("/request take 12")
    await box.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("do not work in threads")
    await expect(box).to_have_value("/request take 12")
    assert shop.app.of("command") == []


async def test_unread_counts(shop: Shop, look: Look) -> None:
    page = await look()
    office = page.get_by_role("navigation").get_by_role("button", name="office")
    shop.workspace.post(OFFICE, IDA, "Tea?")
    await expect(office).to_contain_text("1 unread")
    await office.click()
    await expect(page.locator(".divider.unread")).to_be_visible()
    await expect(office).not_to_contain_text("unread")
    assert shop.workspace.unread(ANN, OFFICE) == 0


async def test_buttons_tell_the_app_once_and_ask_first(shop: Shop, look: Look) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": gallery.PRESSED}]
    shop.workspace.post(FLOWERS, shop.workspace.bot_user, "#12", blocks=blocks)
    page = await look()
    await page.get_by_role("button", name="Decline").click()
    await page.get_by_role("button", name="Keep it").click()
    await page.get_by_role("button", name="Decline").click()
    await page.get_by_role("button", name="Decline it").click()
    await page.get_by_role("button", name="More choices").click()
    await page.get_by_role("menuitem", name="Wait").click()
    await expect(page.get_by_role("menu")).to_have_count(0)
    await page.get_by_role("button", name="Take it").click()
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)
    actions = [payload["actions"][0] for payload in shop.app.of("block_actions")]
    assert [action["action_id"] for action in actions] == ["decline", "more", "take"]
    assert actions[1]["selected_option"]["value"] == "wait"


async def test_the_shortcut_is_in_the_menu(shop: Shop, look: Look) -> None:
    said = shop.workspace.post(FLOWERS, TOM, "We are out of ribbon")
    page = await look()
    await page.locator(".message").hover()
    await page.get_by_role("button", name="More actions").click()
    async with page.expect_response("**/api/shortcut"):
        await page.get_by_role("menuitem", name="Make it a request").click()
    assert shop.app.of("message_action")[0]["message"]["ts"] == said.ts


async def test_the_clock_moves(shop: Shop, look: Look) -> None:
    page = await look()
    clock = page.get_by_role("group", name="The workspace’s clock")
    await expect(clock.locator("time")).to_contain_text("11:12")
    await clock.get_by_role("button", name="+4 hours").click()
    await expect(clock.locator("time")).to_contain_text("15:12")


async def test_a_refusal_is_said_and_the_text_stays(shop: Shop, look: Look) -> None:
    page = await look(strict=False)
    shop.workspace.users[ANN] = replace(
        shop.workspace.users[ANN], deleted=True
    )  # the page has not heard of it
    box = page.get_by_role("combobox", name="Message #flowers")
    await box.fill("Anybody here?")
    await box.press("Enter")
    await expect(
        page.get_by_role("alert").filter(has_text="This account has been deactivated.")
    ).to_be_visible()
    await expect(box).to_have_value("Anybody here?")


async def test_an_archived_channel_is_only_read(shop: Shop, look: Look) -> None:
    page = await look()
    await shop.workspace.archive(FLOWERS)
    await expect(page.get_by_text("#flowers is archived")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Message #flowers")).to_be_hidden()


async def test_who_is_taken_out_of_a_channel_is_led_elsewhere(shop: Shop, look: Look) -> None:
    page = await look()
    await shop.workspace.leave(FLOWERS, ANN)
    await expect(page.get_by_role("heading", name="#office", exact=True)).to_be_visible()
    await expect(page.get_by_text("You are no longer in that channel.")).to_be_visible()


async def test_a_lost_connection_is_said_and_taken_up_again(shop: Shop, look: Look) -> None:
    async with serving(shop.workspace) as url:
        page = await look(strict=False)
        await page.goto(f"{url}/#as={ANN}&in={FLOWERS}")
        await page.locator(".empty").wait_for()
    await expect(page.get_by_text("Connection lost")).to_be_visible()
    shop.workspace.post(FLOWERS, TOM, "Said meanwhile")
    async with serving(shop.workspace, port=int(url.rsplit(":", 1)[1])):
        await expect(page.get_by_text("Said meanwhile").first).to_be_visible(timeout=10_000)
        await expect(page.get_by_text("Connection lost")).to_have_count(0)
