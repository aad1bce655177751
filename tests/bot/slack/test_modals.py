import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.modals import answers, errors, form_name, hidden, home, modal
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
        "private": "checkboxes",
    }
    assert [name for name, block in inputs.items() if block["optional"]] == [
        "details",
        "by",
        "at",
        "to",
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
