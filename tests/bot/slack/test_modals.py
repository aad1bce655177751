import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.modals import answers, errors, form_name, hidden, home, modal, redraws
from handlers.notices import FIELD_KINDS, Field, Form, HomePage
from tests.bot.examples import EXAMPLES, FORM, NASTY, WILD_FORM
from tests.bot.slack.limits import check_home, check_modal, shown

FORMS = {name: notice for name, notice in EXAMPLES.items() if isinstance(notice, Form)}
PAGES = {name: notice for name, notice in EXAMPLES.items() if isinstance(notice, HomePage)}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_slack_opens_it(form: Form) -> None:
    check_modal(modal(form))


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_slack_publishes_it(page: HomePage) -> None:
    view = home(page)
    check_home(view)
    assert [block["type"] for block in view["blocks"]].count("header") == 3


def test_home_shows_its_three_lists_and_how_much_is_left_out() -> None:
    said = shown(home(PAGES["home"])["blocks"])
    assert "You wait for nothing." in said
    assert "and 4 more" in said
    assert "and 18 more" in said


TEXT = st.text(max_size=400)
FIELDS = st.builds(
    Field,
    st.just("f"),
    TEXT,
    st.sampled_from(FIELD_KINDS),
    st.booleans(),
    st.one_of(st.none(), TEXT, st.lists(TEXT, max_size=3).map(tuple)),
    st.lists(st.tuples(TEXT, TEXT), max_size=12).map(tuple),
    TEXT,
    TEXT,
    st.integers(-1, 5_000),
)


@settings(max_examples=60, deadline=None)
@given(FIELDS, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=12))
def test_any_form_is_taken(field: Field, title: str, submit: str, remembered: dict[str, str]) -> None:
    check_modal(modal(Form("any", title, submit, (field,), (title,), tuple(remembered.items()))))


def test_the_fields_become_what_slack_has_for_them() -> None:
    inputs = {block["block_id"]: block for block in modal(FORM)["blocks"] if block["type"] == "input"}
    assert {name: block["element"]["type"] for name, block in inputs.items()} == {
        "what": "plain_text_input",
        "details": "plain_text_input",
        "priority": "static_select",
        "team": "static_select",
        "days": "multi_static_select",
        "by": "datepicker",
        "at": "timepicker",
        "to": "users_select",
        "crew": "multi_users_select",
        "private": "checkboxes",
    }
    assert [name for name, block in inputs.items() if block["optional"]] == [
        "details",
        "by",
        "at",
        "to",
        "crew",
        "private",
    ]
    assert inputs["what"]["element"]["initial_value"] == NASTY
    assert inputs["what"]["element"]["max_length"] == 150
    assert inputs["details"]["element"]["multiline"] is True
    assert inputs["details"]["hint"]["text"] == "as many as help"
    assert inputs["priority"]["element"]["initial_option"]["value"] == "normal"
    assert inputs["days"]["element"]["initial_options"][0]["text"]["text"] == "Tuesday"
    assert inputs["by"]["element"]["initial_date"] == "2026-11-27"
    assert inputs["at"]["element"]["initial_time"] == "09:30"
    assert inputs["to"]["element"]["initial_user"] == "U0ANN"
    assert inputs["crew"]["element"]["initial_users"] == ["U0ANN"]  # nobody of another platform


def test_a_title_too_long_is_cut() -> None:
    assert modal(FORM)["title"]["text"] == "A new request, whatever…"


def test_the_form_knows_itself_again() -> None:
    view = modal(FORM, {"place": "slack:C01"})
    assert form_name(view["callback_id"]) == "request"
    assert form_name("another app's") is None
    assert hidden(view["private_metadata"]) == {
        "number": "12",
        "place": "slack:C01",
        "origin": "https://example.com/1",
    }


def test_a_number_outlives_a_link_that_is_too_long_to_remember() -> None:
    assert hidden(modal(WILD_FORM)["private_metadata"]) == {"number": "7"}


@pytest.mark.parametrize("metadata", ["", "{", "[]", "null", '{"number": 12}'])
def test_metadata_of_others_is_nothing(metadata: str) -> None:
    assert hidden(metadata) == {}


@pytest.mark.parametrize(
    ("element", "answer"),
    [
        ({"type": "plain_text_input", "value": "toner\r\nplease "}, "toner\nplease"),
        ({"type": "plain_text_input", "value": None}, ""),
        (
            {"type": "plain_text_input", "value": "\ue000slack:U0BOSS\ue001 &amp; <@U1>"},
            "slack:U0BOSS &amp; <@U1>",
        ),
        ({"type": "static_select", "selected_option": {"value": "high"}}, "high"),
        ({"type": "static_select", "selected_option": None}, ""),
        ({"type": "static_select", "selected_option": {"value": "—"}}, ""),
        ({"type": "multi_static_select", "selected_options": [{"value": "a"}, {"value": "b"}]}, ("a", "b")),
        ({"type": "multi_static_select", "selected_options": []}, ()),
        ({"type": "checkboxes", "selected_options": [{"value": "private"}]}, ("private",)),
        ({"type": "checkboxes"}, ()),
        ({"type": "datepicker", "selected_date": "2026-11-27"}, "2026-11-27"),
        ({"type": "datepicker", "selected_date": None}, ""),
        ({"type": "timepicker", "selected_time": "09:30"}, "09:30"),
        ({"type": "users_select", "selected_user": "U0ANN"}, "slack:U0ANN"),
        ({"type": "users_select", "selected_user": None}, ""),
        ({"type": "multi_users_select", "selected_users": ["U0ANN", "U1BO"]}, ("slack:U0ANN", "slack:U1BO")),
        ({"type": "multi_users_select", "selected_users": []}, ()),
        ({"type": "multi_users_select"}, ()),
    ],
)
def test_what_was_filled_in_comes_back_by_field(
    element: dict[str, Any], answer: str | tuple[str, ...]
) -> None:
    assert answers({"field": {"answer": element}}) == {"field": answer}


def test_fields_without_an_element_have_no_answer() -> None:
    assert answers({}) == {}
    assert answers({"field": {}}) == {}


def test_what_is_wrong_is_said_beside_the_field() -> None:
    assert errors({"by": "That date is past."}) == {
        "response_action": "errors",
        "errors": {"by": "That date is past."},
    }
    assert len(json.dumps(errors({"by": "x" * 5_000}))) < 2_200


ABOUT = Field("about", "About", "choice", options=(("a", "A"), ("b", "B")), redraws=True)
SIZE = Field("size", "Size", "choice", options=(("s", "Small"), ("l", "Large")))


def a_form(*fields: Field) -> Form:
    return Form("file", "Ask", "Ask", fields)


def open_with(form: Form, **held: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack tells of it, with what was filled in by field."""
    values = {
        block["block_id"]: {
            block["element"]["action_id"]: {
                "type": block["element"]["type"],
                **held.get(block["block_id"], {}),
            }
        }
        for block in modal(form)["blocks"]
        if block["type"] == "input"
    }
    return {**modal(form), "state": {"values": values}}


def ids(view: dict[str, Any]) -> dict[str, str]:
    return {each["block_id"]: each["element"]["action_id"] for each in view["blocks"] if "element" in each}


def test_a_field_that_changes_the_form_tells_of_its_choice() -> None:
    view = modal(a_form(ABOUT, SIZE))
    assert [block.get("dispatch_action", False) for block in view["blocks"]] == [True, False]
    choice = {"view": view, "actions": [{"type": "static_select", "action_id": "answer:2"}]}
    assert redraws(choice)
    assert not redraws({**choice, "actions": [{"type": "button", "action_id": "say:0", "value": "list"}]})
    assert not redraws({**choice, "view": {"type": "home"}})


def test_a_redrawn_field_keeps_its_id_while_it_stays_as_it_is() -> None:
    text = Field("text", "What?", initial="roses")
    before = open_with(a_form(ABOUT, Field("text", "What?"), SIZE), text={"value": "roses"})
    after = modal(a_form(replace(ABOUT, initial=None), text, SIZE), over=before)
    assert ids(after) == {"about": "answer", "text": "answer", "size": "answer"}
    check_modal(after)


def test_a_redrawn_field_that_shows_something_else_gets_another_id() -> None:
    large = {"selected_option": {"value": "l"}}
    before = open_with(a_form(ABOUT, SIZE), size=large)
    emptied = modal(a_form(ABOUT, SIZE), over=before)
    assert ids(emptied) == {"about": "answer", "size": "answer:1"}
    other = replace(SIZE, options=(("tall", "Tall"), ("l", "Large")), initial="l")
    assert ids(modal(a_form(ABOUT, other), over=before))["size"] == "answer:1"
    again = {**emptied, "state": {"values": {"size": {"answer:1": {"type": "static_select", **large}}}}}
    assert ids(modal(a_form(ABOUT, SIZE), over=again))["size"] == "answer:2"


def test_what_is_wrong_with_the_whole_form_is_said_on_top() -> None:
    view = modal(a_form(SIZE), error="Choose again.")
    check_modal(view)
    assert "⚠ Choose again." in shown(view["blocks"][:1])


def test_a_form_of_more_options_than_a_view_holds_shows_the_first_and_what_is_chosen() -> None:
    options = tuple((f"{n} {'ö' * 70}", f"{n} {'ö' * 70}") for n in range(100))
    fields = [
        Field(f"f{n}", f"Field {n}", "choice", options=options, initial=options[99][0]) for n in range(25)
    ]
    view = modal(a_form(*fields))
    check_modal(view)
    assert len(json.dumps(view)) <= 250_000
    for block in view["blocks"]:
        assert block["element"]["initial_option"] in block["element"]["options"]
