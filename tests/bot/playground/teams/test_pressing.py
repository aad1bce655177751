import pytest

from bot.playground.errors import NotThere
from bot.playground.teams.people import Colleague
from bot.playground.teams.shop import MARGIT, SHOP_DESK
from bot.playground.teams.tenant import Tenant
from tests.bot.playground.teams.florist import (
    Json,
    ListeningBot,
    asks,
    becomes,
    card,
    closing,
    dialog,
    execute,
    field,
    opens,
    posted,
    sentence,
    submits,
    text,
)


class TestPressing:
    """1 another card for oneself, 2 a sentence, 3 an error, 4 no answer, 5 nonsense, 6 a faulty card."""

    BUTTONS = card(text("a request"), actions=(execute("Take"), execute("Done")))

    async def test_1_another_card_until_the_bot_updates_it(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague, greta: Colleague
    ) -> None:
        shown = posted(tenant, self.BUTTONS)
        bot.replies = [becomes(card(text("you took it"), actions=(execute("Done"),)))]
        assert (await margit.press(shown, "Take")).ok
        heard = bot.heard[-1]
        assert (heard["type"], heard["name"], heard["replyToId"]) == (
            "invoke",
            "adaptiveCard/action",
            shown.id,
        )
        assert heard["conversation"]["id"] == f"{SHOP_DESK};messageid={shown.id}"
        assert heard["value"] == {
            "action": {
                "type": "Action.Execute",
                "title": "Take",
                "verb": "say",
                "data": {"line": "take"},
            },
            "trigger": "manual",
        }
        assert (margit.sees_message(shown).plain, margit.buttons(shown)) == ("you took it", ["Done"])
        assert (greta.sees_message(shown).plain, greta.buttons(shown)) == ("a request", ["Take", "Done"])
        tenant.change(greta.sees_message(shown), attachments=greta.sees_message(shown).attachments)
        assert margit.sees_message(shown).plain == "a request"

    async def test_2_3_4_what_comes_as_a_toast(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        shown = posted(tenant, self.BUTTONS)
        tenant.delivery.patience = 0.1
        error = {"code": "Closed", "message": "It is closed."}
        bot.replies = [
            sentence("Taken."),
            {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": error},
            0.3,
        ]
        for _ in range(3):
            await margit.press(shown, "Take")
        assert margit.toasts == ["Taken.", "It is closed.", "Something went wrong. Please try again."]
        assert (margit.sees_message(shown).plain, tenant.faults) == ("a request", [])

    @pytest.mark.parametrize(
        "reply",
        [{}, {"statusCode": 200}, sentence(""), becomes(card(text(""))), becomes({"type": "AdaptiveCard"})],
    )
    async def test_5_6_what_is_no_answer_is_a_fault(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague, reply: Json
    ) -> None:
        shown = posted(tenant, self.BUTTONS)
        bot.replies = [reply]
        await margit.press(shown, "Take")
        assert tenant.faults
        assert margit.sees_message(shown).plain == "a request"

    async def test_a_question_is_unfolded_and_answered(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        question = asks("Cancel", "Really?", execute("Yes, cancel it"))
        shown = posted(tenant, card(text("x"), actions=(question, execute("Take"))))
        assert margit.buttons(shown) == ["Cancel", "Yes, cancel it", "Take"]
        await margit.press(shown, "Cancel")
        assert bot.heard == []
        for label, confirm in (("Yes, cancel it", False), ("Cancel", True), ("Cancel", "Yes, cancel it")):
            bot.replies = [sentence("Gone.")]
            await margit.press(shown, label, confirm=confirm)
        lines = [each["value"]["action"]["data"]["line"] for each in bot.heard]
        assert lines == ["yes, cancel it"] * 3

    async def test_other_buttons(self, tenant: Tenant, bot: ListeningBot, margit: Colleague) -> None:
        link = {"type": "Action.OpenUrl", "title": "Open", "url": "https://petals.example/12"}
        grey = execute("Grey", isEnabled=False)
        shown = posted(tenant, card(text("x"), actions=(link, grey, submits("Say", line="list"))))
        await margit.press(shown, "Open")
        assert (margit.opened, bot.heard) == (["https://petals.example/12"], [])
        for label in ("Grey", "Nowhere"):
            with pytest.raises(NotThere):
                await margit.press(shown, label)
        await margit.press(shown, "Say")
        assert (bot.heard[-1]["type"], bot.heard[-1]["value"]) == ("message", {"line": "list"})
        assert "text" not in bot.heard[-1]

    async def test_a_card_refreshes_itself_for_those_it_names(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        refresh = {"action": execute("Look"), "userIds": [MARGIT]}
        shown = posted(tenant, card(text("for all"), refresh=refresh))
        bot.replies = [becomes(card(text("for you")))]
        await margit.refresh(shown)
        assert bot.heard[-1]["value"]["trigger"] == "automatic"
        assert margit.sees_message(shown).plain == "for you"


class TestDialogs:
    async def test_a_button_opens_one_and_it_stays_until_the_bot_closes_it(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        shown = posted(tenant, card(text("x"), actions=(opens("Resolve"),)))
        form = card(
            field("how", isRequired=True, errorMessage="Say how."), actions=(submits("Done", form="r"),)
        )
        bot.replies = [dialog("Resolve", form)]
        await margit.press(shown, "Resolve")
        fetched = bot.heard[-1]
        assert (fetched["name"], fetched["replyToId"]) == ("task/fetch", shown.id)
        assert fetched["value"]["data"] == {"msteams": {"type": "task/fetch"}, "line": "Resolve …"}
        assert margit.dialog
        assert (margit.dialog.title, margit.dialog.plain, margit.dialog.buttons) == (
            "Resolve",
            "How",
            ["Done"],
        )
        assert await margit.submit() == {"how": "Say how."}
        assert len(bot.heard) == 1
        bot.replies = [dialog("Once more", form), closing("Resolved.")]
        assert await margit.submit({"how": "quickly"}) == {}
        assert bot.heard[-1]["name"] == "task/submit"
        assert bot.heard[-1]["value"]["data"] == {"form": "r", "how": "quickly"}
        assert margit.dialog.title == "Once more"
        await margit.submit({"how": "slowly"})
        assert (tenant.dialogs, margit.toasts) == ({}, ["Resolved."])

    async def test_an_empty_answer_closes_it_and_none_leaves_it(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        shown = posted(tenant, card(text("x"), actions=(opens("Resolve"),)))
        bot.replies = [dialog("Resolve", card(field("how"), actions=(submits("Done"),)))]
        await margit.press(shown, "Resolve")
        tenant.delivery.patience = 0.1
        bot.replies = [0.3]
        await margit.submit()
        assert margit.dialog
        await margit.submit()
        assert (tenant.dialogs, tenant.faults) == ({}, [])
        with pytest.raises(NotThere):
            await margit.submit()

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"task": {}},
            {"task": {"type": "continue", "value": {"title": "x"}}},
            dialog("", card(text("x"))),
            dialog("x", card(text("x"), actions=(execute("Take"),))),
            dialog("x", card(text("x"), actions=(opens("Take"),))),
        ],
    )
    async def test_what_is_no_dialog_is_a_fault(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague, wrong: Json
    ) -> None:
        shown = posted(tenant, card(text("x"), actions=(opens("Resolve"),)))
        bot.replies = [wrong]
        await margit.press(shown, "Resolve")
        assert margit.dialog is None
        assert tenant.faults

    async def test_a_dialog_can_be_closed(self, tenant: Tenant, bot: ListeningBot, margit: Colleague) -> None:
        shown = posted(tenant, card(text("x"), actions=(opens("Resolve"),)))
        bot.replies = [dialog("Resolve", card(text("x")))]
        await margit.press(shown, "Resolve")
        margit.close()
        assert (margit.dialog, len(bot.heard)) == (None, 1)
