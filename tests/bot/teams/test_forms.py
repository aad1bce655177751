from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams import forms
from bot.teams.forms import closing, dialog, filled, input_card, task
from handlers import forms as asked
from handlers.asking import request_form
from handlers.house import House
from handlers.intents import Draft
from handlers.mentions import clean
from handlers.notices import FIELD_KINDS, Field, Form
from storage.records import Person, Request, Status
from tests.bot.examples import EXAMPLES, FORM, LONG, NASTY, WILD_FORM
from tests.bot.teams.limits import check_card, check_message, things

PEOPLE = (
    ("teams:29:ann", "Ann"),
    ("teams:29:kim1", "Kim"),
    ("slack:U0KIM", "Kim"),
    ("slack:U1ABLE", "Abe"),
    ("slack:U2BAKE", "Abe"),
)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
REQUEST = Request(12, Status.OPEN, "Toner", "teams:29:ann", "teams:29:kim1", NOW, NOW)
CROWD = tuple((f"teams:29:{n:080}", f"Colleague {n}") for n in range(400))


def inputs(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in things(card) if each["type"].startswith("Input.")}


def sent(card: dict[str, Any], **typed: str) -> dict[str, Any]:
    """What Teams sends when the form is filled in: what stood there, with what was typed over it."""
    [send] = card["actions"]
    begun = {name: each["value"] for name, each in inputs(card).items() if "value" in each}
    return {**send["data"], **begun, **typed}


@pytest.mark.parametrize("name", [name for name, each in EXAMPLES.items() if isinstance(each, Form)])
@pytest.mark.parametrize("people", [(), PEOPLE, CROWD])
@pytest.mark.parametrize("error", ["", NASTY, LONG])
def test_teams_takes_every_form(name: str, people: forms.People, error: str) -> None:
    form = EXAMPLES[name]
    assert isinstance(form, Form)
    in_chat = input_card(form, people, error=error)
    check_message("A form", in_chat)
    opened = dialog(form, people, error=error)
    check_card(opened, dialog=True)
    assert [each["type"] for each in (*opened["actions"], *in_chat["actions"])] == [
        "Action.Submit",
        "Action.Execute",
    ]
    assert in_chat["actions"][0]["verb"] == "fill"


def test_each_kind_of_field_has_its_input() -> None:
    drawn = inputs(dialog(FORM, PEOPLE))
    assert {name: each["type"] for name, each in drawn.items()} == {
        "what": "Input.Text",
        "details": "Input.Text",
        "priority": "Input.ChoiceSet",
        "team": "Input.ChoiceSet",
        "days": "Input.ChoiceSet",
        "by": "Input.Date",
        "at": "Input.Time",
        "to": "Input.ChoiceSet",
        "crew": "Input.ChoiceSet",
        "private": "Input.ChoiceSet",
    }
    assert (drawn["what"]["isMultiline"], drawn["details"]["isMultiline"]) == (False, True)
    assert (drawn["what"]["maxLength"], drawn["what"]["placeholder"]) == (150, "toner")
    assert (drawn["priority"]["style"], drawn["priority"]["value"]) == ("compact", "normal")
    assert (drawn["days"]["style"], drawn["days"]["isMultiSelect"]) == ("expanded", True)
    assert (drawn["by"]["value"], drawn["at"]["value"]) == ("2026-11-27", "09:30")
    assert drawn["to"]["style"] == "filtered"
    assert drawn["crew"]["isMultiSelect"] is True
    assert drawn["private"]["label"] == "private"
    assert (drawn["details"]["isRequired"], drawn["what"]["isRequired"]) == (False, True)
    assert drawn["what"]["errorMessage"] == "Say it in a few words."
    assert "errorMessage" not in drawn["details"]


def test_people_of_one_name_are_told_apart() -> None:
    choices = inputs(dialog(FORM, PEOPLE))["to"]["choices"]
    assert [(each["title"], each["value"]) for each in choices] == [
        ("Ann", "teams:29:ann"),
        ("Kim (Teams)", "teams:29:kim1"),
        ("Kim (Slack)", "slack:U0KIM"),
        ("Abe (Slack) (…ABLE)", "slack:U1ABLE"),
        ("Abe (Slack) (…BAKE)", "slack:U2BAKE"),
    ]


def test_of_a_crowd_as_many_as_there_is_room_for_and_who_was_chosen() -> None:
    chosen = CROWD[-1][0]
    form = Form("give", "Hand over", "Hand over", (Field("to", "To whom?", "person", initial=chosen),))
    for card, least in ((dialog(form, CROWD), 300), (input_card(form, CROWD), 100)):
        drawn = inputs(card)["to"]
        assert len(drawn["choices"]) > least
        assert drawn["value"] == chosen
        assert drawn["choices"][-1]["value"] == chosen


def test_who_was_named_before_can_be_chosen_though_they_are_here_no_more() -> None:
    gone = Field("crew", "Crew", "people", initial=("teams:29:gone",), options=(("teams:29:gone", "Gus"),))
    alone = inputs(dialog(Form("teams", "Team", "Keep", (gone,))))["crew"]
    assert [each["title"] for each in alone["choices"]] == ["Gus"]
    among = inputs(dialog(Form("teams", "Team", "Keep", (gone,)), PEOPLE))["crew"]
    assert (among["value"], len(among["choices"])) == ("teams:29:gone", len(PEOPLE) + 1)


def test_hints_stand_below_and_an_error_on_top() -> None:
    card = dialog(FORM, error="Say **when**. {{DATE(x)}}")
    wrong, intro, *_ = card["body"]
    assert (wrong["type"], wrong["style"]) == ("Container", "attention")
    assert wrong["items"][0]["inlines"][0]["text"] == "⚠ Say **when**. {\u200b{DATE(x)}}"
    assert intro["inlines"][0]["text"] == "Asked by Ann Lindqvist: "
    at = next(at for at, each in enumerate(card["body"]) if each.get("id") == "details")
    assert card["body"][at + 1]["inlines"][0]["text"] == "as many as help"


def test_what_was_typed_is_kept_when_something_is_wrong() -> None:
    values: forms.Values = {"what": "a chair", "days": ("mon", "tue"), "by": "", "private": (), "team": "it"}
    drawn = inputs(dialog(FORM, error="No.", values=values))
    assert drawn["what"]["value"] == "a chair"
    assert drawn["days"]["value"] == "mon,tue"
    assert drawn["team"]["value"] == "it"
    assert "value" not in drawn["by"]
    assert "value" not in drawn["private"]
    assert drawn["details"]["value"] == "a\nb"


def test_an_absurdly_long_text_is_shown_as_far_as_it_goes() -> None:
    [drawn] = inputs(dialog(Form("x", "X", "X", (Field("a", "A", initial=LONG, max_length=99),)))).values()
    assert (len(drawn["value"]), drawn["value"][-1]) == (99, "…")


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co"]), max_size=30).map(clean)
VALUES = st.lists(st.text("ab,%2C05 é", max_size=8).map(clean), min_size=1, max_size=8, unique=True)


@given(TEXTS, VALUES, st.data())
def test_what_is_filled_in_comes_back(text: str, options: list[str], data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(options))
    several = tuple(each for each in options if data.draw(st.booleans()))
    offered = tuple((each, f"Option {each}") for each in options)
    form = Form(
        "file",
        "Ask",
        "Ask",
        (
            Field("text", "Text", initial=text),
            Field("long", "Long", "long", initial=text),
            Field("choice", "Choice", "choice", initial=one, options=offered),
            Field("choices", "Choices", "flags", initial=several, options=offered),
            Field("more", "More", "choices", initial=several, options=offered),
            Field("day", "Day", "date", initial="2026-11-27"),
            Field("time", "Time", "time", initial="09:30"),
            Field("to", "To", "person", initial="slack:U0KIM"),
            Field("crew", "Crew", "people", initial=("slack:U0KIM", "teams:29:ann")),
        ),
        hidden=(("number", "12"), ("origin", "https://x.example")),
    )
    assert {field.kind for field in form.fields} == set(FIELD_KINDS)
    for card in (dialog(form, PEOPLE), input_card(form, PEOPLE)):
        name, hidden, values = filled(sent(card))
        assert (name, hidden) == ("file", {"number": "12", "origin": "https://x.example"})
        assert values == {
            "text": text,
            "long": text,
            "choice": one,
            "choices": several,
            "more": several,
            "day": "2026-11-27",
            "time": "09:30",
            "to": "slack:U0KIM",
            "crew": ("teams:29:ann", "slack:U0KIM"),  # in the order of the choices
        }


def test_a_form_of_the_desk_means_what_it_would_have_meant_typed() -> None:
    form = request_form(Draft(text="toner", private=True), House())
    name, hidden, values = filled(sent(dialog(form, PEOPLE), to="teams:29:ann", day="2026-11-27"))
    read = asked.read(name, hidden, values, "Europe/Stockholm")
    assert read == asked.read(
        "file",
        {"origin": ""},
        {
            "text": "toner",
            "to": "teams:29:ann",
            "priority": "normal",
            "day": "2026-11-27",
            "flags": ("private",),
        },
        "Europe/Stockholm",
    )
    form = asked.settings_form(Person("teams:29:ann", "main", "Ann", quiet_days=("mon", "fri")), "UTC")
    assert filled(sent(input_card(form)))[2] == {"slots": "both", "quiet_days": ("mon", "fri")}
    assert filled(sent(input_card(form), quiet_days=""))[2]["quiet_days"] == ()


def test_what_was_left_empty_is_empty_whether_teams_says_so_or_not() -> None:
    form = asked.step_form("give", REQUEST)
    for typed in ({}, {"to": "", "text": ""}):
        name, hidden, values = filled(sent(dialog(form, PEOPLE), **typed))
        assert (name, hidden, values) == ("give", {"number": "12"}, {"to": "", "text": ""})


def test_a_link_too_long_to_remember_is_forgotten_before_the_number() -> None:
    assert filled(sent(dialog(WILD_FORM)))[1] == {"number": "7"}


def test_what_was_typed_is_cleaned() -> None:
    assert filled({"form": "x", "text": "a\x00\r\nb \ue000slack:U0BOSS\ue001"})[2] == {
        "text": "a\nb slack:U0BOSS"
    }


STRANGE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
KEYS = st.sampled_from(["form", "hidden", "_fields", "text", "to", "msteams"])
KINDS = st.dictionaries(st.sampled_from(["text", "to", "x"]), st.sampled_from(["one", "several", None, "?"]))


@given(STRANGE | st.dictionaries(KEYS, STRANGE | KINDS))
def test_whatever_comes_back_is_survived(data: Any) -> None:
    name, hidden, values = filled(data)
    assert isinstance(name, str)
    assert all(isinstance(value, str) for value in hidden.values())
    for value in values.values():
        assert isinstance(value, str) or all(isinstance(each, str) for each in value)


def test_a_dialog_is_opened_and_closed_as_teams_wants_it() -> None:
    value = task(FORM, PEOPLE)["task"]["value"]
    assert task(FORM)["task"]["type"] == "continue"
    assert (value["title"], value["height"], value["width"]) == (
        "A new request, whatever it may be",
        "large",
        "medium",
    )
    assert value["card"] == {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "content": dialog(FORM, PEOPLE),
    }
    assert closing("Done.") == {"task": {"type": "message", "value": "Done."}}


def test_a_form_that_follows_a_choice_has_a_button_that_asks_it_to() -> None:
    about = Field("about", "About", "choice", options=(("a", "A"), ("b", "B")), redraws=True)
    form = Form("file", "Ask", "Ask", (about, Field("text", "What?")))
    for card in (dialog(form), input_card(form)):
        send, again = card["actions"]
        assert (send["title"], again["title"]) == ("Ask", "Show its questions")
        assert not forms.asks_redraw(send["data"])
        assert forms.asks_redraw(again["data"])
        assert filled(again["data"]) == filled(send["data"])
        assert not any(each["isRequired"] for each in inputs(card).values())
        assert inputs(card)["text"]["label"] == "What? *"
    assert len(dialog(Form("file", "Ask", "Ask", form.fields[1:]))["actions"]) == 1
