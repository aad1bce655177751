import pytest

from bot.playground.errors import NotThere
from bot.playground.teams.people import Colleague
from bot.playground.teams.tenant import Tenant
from tests.bot.playground.teams.florist import (
    ListeningBot,
    asks,
    card,
    execute,
    field,
    posted,
    sentence,
    submits,
)

CHOICES = [{"title": "Low", "value": "low"}, {"title": "High, very", "value": "high"}]


class TestFields:
    """1 what is filled in, 2 what is missing, 3 what cannot be chosen, 4 what a question adds."""

    FIELDS = (
        field("what", isRequired=True, errorMessage="Say what.", maxLength=10),
        field("urgent", "Toggle", title="Urgent"),
        field("level", "ChoiceSet", choices=CHOICES, value="low"),
        field("people", "ChoiceSet", choices=CHOICES, isMultiSelect=True),
        field("due", "Date", min="2026-11-23"),
        field("many", "Number", max=5),
    )
    FORM = card(*FIELDS, actions=(submits("File", form="file", hidden={"a": "b"}),))

    async def test_1_what_is_filled_in_is_sent_as_clients_send_it(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        filled = card(*self.FIELDS, actions=(execute("File", verb="fill", data={"form": "file"}),))
        shown = posted(tenant, filled)
        assert list(margit.inputs(shown)) == ["what", "urgent", "level", "people", "due", "many"]
        bot.replies = [sentence("Filed.")]
        values = {"What": "tulips", "people": ["Low", "high"], "level": "High, very", "many": 3}
        assert await margit.fill(shown, values) == {}
        assert bot.heard[-1]["value"]["action"]["data"] == {
            "form": "file",
            "what": "tulips",
            "urgent": "false",
            "level": "high",
            "people": "low,high",
            "many": "3",
        }

    async def test_2_what_is_missing_is_not_sent(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        shown = posted(tenant, self.FORM)
        assert await margit.fill(shown) == {"what": "Say what."}
        assert await margit.fill(shown, {"what": "x" * 11, "due": "2026-11-22", "many": 6}) == {
            "what": "Say what.",
            "due": "Enter a valid value.",
            "many": "Enter a valid value.",
        }
        ack = await margit.press(shown, "File")
        assert (ack.ok, ack.error, margit.objections) == (False, "inputs", {"what": "Say what."})
        assert bot.heard == []

    async def test_3_what_cannot_be_chosen(self, tenant: Tenant, margit: Colleague) -> None:
        shown = posted(tenant, self.FORM)
        for values in ({"level": "Medium"}, {"people": ["low", "nobody"]}, {"nowhere": "x"}):
            with pytest.raises(NotThere):
                await margit.fill(shown, values)

    async def test_4_a_question_sends_the_fields_around_it_too(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        question = asks("Cancel", "Really?", execute("Yes"), execute("No", associatedInputs="none"))
        question["card"]["body"].append(field("why"))
        shown = posted(tenant, card(field("note"), actions=(question, execute("Keep"))))
        bot.replies = [sentence("x")] * 3
        await margit.press(shown, "Yes", {"why": "late", "note": "n"})
        await margit.press(shown, "No")
        await margit.press(shown, "Keep", {"note": "n"})
        sent = [each["value"]["action"]["data"] for each in bot.heard]
        assert sent == [
            {"line": "yes", "note": "n", "why": "late"},
            {"line": "no"},
            {"line": "keep", "note": "n"},
        ]
