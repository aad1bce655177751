"""Forms: what was typed stays, what is wrong is said where it is wrong."""

import pytest
from playwright.async_api import expect

from . import gallery
from .conftest import Look
from .shop import ANN, Shop

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_errors_stand_at_their_fields(shop: Shop, look: Look) -> None:
    page = await look()
    shop.show_modal(ANN, gallery.modal())
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="File it").click()
    what, stems = dialog.get_by_label("What"), dialog.get_by_label("Stems")
    await expect(what).to_be_focused()
    await expect(what).to_have_accessible_description("This one is needed.")
    await expect(stems).to_have_accessible_description("At least one stem. This one is needed.")
    await expect(stems).to_have_attribute("aria-invalid", "true")
    assert shop.app.heard == []

    shop.app.answer = {"response_action": "errors", "errors": {"b-day": "That day has passed."}}
    await what.fill("A bouquet")
    await stems.fill("12")
    await dialog.get_by_label("Needed by").fill("2026-09-01")
    await dialog.get_by_role("button", name="File it").click()
    await expect(dialog.get_by_label("Needed by")).to_be_focused()
    await expect(dialog.get_by_label("Needed by")).to_have_accessible_description("That day has passed.")
    await expect(what).not_to_have_attribute("aria-invalid", "true")
    await expect(what).to_have_value("A bouquet")


async def test_every_value_arrives_and_the_modal_closes(shop: Shop, look: Look) -> None:
    page = await look()
    shop.show_modal(ANN, gallery.modal())
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What").fill("Peonies")
    await dialog.get_by_label("Details").fill("White\nand tall")
    await dialog.get_by_label("Stems").fill("40")
    await dialog.get_by_label("Flower").select_option("tulips")
    await dialog.get_by_label("Mix").select_option("peonies")
    await dialog.get_by_role("button", name="Remove Roses").click()
    await dialog.get_by_label("On behalf of").select_option("UTOM")
    await dialog.get_by_label("Keep informed").select_option("UIDA")
    await dialog.get_by_label("Needed by").fill("2026-10-03")
    await dialog.get_by_label("Before").fill("09:30")
    await dialog.get_by_label("Delivery").fill("2026-10-03T14:00")
    await dialog.get_by_label("Vase").check()
    await dialog.get_by_label("Large").check()
    await dialog.get_by_role("button", name="File it").click()
    await expect(dialog).to_have_count(0)
    values = shop.app.of("view_submission")[0]["view"]["state"]["values"]
    held = {block.removeprefix("b-"): next(iter(actions.values())) for block, actions in values.items()}
    assert held["title"]["value"] == "Peonies"
    assert held["details"]["value"] == "White\nand tall"
    assert held["stems"]["value"] == "40"
    assert held["flower"]["selected_option"]["value"] == "tulips"
    assert [each["value"] for each in held["mix"]["selected_options"]] == ["peonies"]
    assert held["for"]["selected_user"] == "UTOM"
    assert held["followers"]["selected_users"] == ["UIDA"]
    assert held["day"]["selected_date"] == "2026-10-03"
    assert held["hour"]["selected_time"] == "09:30"
    assert held["moment"]["selected_date_time"] == 1_791_028_800  # noon in UTC: Ann is in Amsterdam
    assert [each["value"] for each in held["extras"]["selected_options"]] == ["vase"]
    assert held["size"]["selected_option"]["value"] == "l"


async def test_an_update_keeps_what_was_typed(shop: Shop, look: Look) -> None:
    page = await look()
    flower = {
        "block_id": "service",
        "dispatch_action": True,
        "type": "input",
        "label": gallery.words("Service"),
    }
    choice = {"type": "static_select", "action_id": "service", "options": gallery.FLOWERS}
    body = gallery.modal()
    body["blocks"] = [{**flower, "element": choice}, *body["blocks"][1:3]]
    id = shop.show_modal(ANN, body)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What").fill("Peonies")
    await dialog.get_by_label("Service").focus()
    async with page.expect_response("**/api/press"):
        await dialog.get_by_label("Service").select_option("tulips")
    view = shop.workspace.views.find(id)
    assert view is not None
    more = {"type": "section", "text": gallery.words("Tulips come on Fridays.")}
    shop.workspace.views.update(view, {**body, "blocks": [*body["blocks"], more]})
    shop.workspace.show_modal(ANN)
    await expect(dialog.get_by_text("Tulips come on Fridays.")).to_be_visible()
    await expect(dialog.get_by_label("What")).to_have_value("Peonies")
    await expect(dialog.get_by_label("Service")).to_have_value("tulips")
    await expect(dialog.get_by_label("Service")).to_be_focused()
    pressed = shop.app.of("block_actions")[0]
    assert pressed["actions"][0]["selected_option"]["value"] == "tulips"


async def test_escape_closes_and_the_app_hears_of_it(shop: Shop, look: Look) -> None:
    page = await look()
    shop.show_modal(ANN, gallery.modal(notify_on_close=True))
    await page.get_by_role("dialog").wait_for()
    async with page.expect_response("**/api/close"):
        await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(shop.app.of("view_closed")) == 1


async def test_the_focus_stays_in_the_modal(shop: Shop, look: Look) -> None:
    page = await look()
    shop.show_modal(ANN, gallery.modal())
    await page.get_by_role("dialog").wait_for()
    for _ in range(40):
        await page.keyboard.press("Tab")
        outside = "document.activeElement !== document.body && !document.activeElement.closest('dialog')"
        assert not await page.evaluate(outside)
