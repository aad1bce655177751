import pytest

from handlers import forms
from handlers.asking import request_form
from handlers.filing import TITLE
from handlers.forms import read, settings_form, step_form
from handlers.house import House
from handlers.intents import (
    Ask,
    Comment,
    Decline,
    Draft,
    File,
    Give,
    Intent,
    Misunderstood,
    Note,
    Reopen,
    Resolve,
    SaveSettings,
    Snooze,
    Take,
    WaitUntil,
)
from handlers.notices import FIELD_KINDS, Form, Quote
from handlers.poll_intents import MadeGood
from handlers.usages import USAGES
from storage.records import Person, Priority
from storage.types import WallTime
from tests.handlers.office import ANN, BOB, CAT, ZONE, a_request

FIVE = WallTime.parse(f"2026-11-27T17:00[{ZONE}]")
NOON = WallTime.parse(f"2026-11-27T12:00[{ZONE}]")
NUMBER = {"number": "12"}
DAY = {"day": "2026-11-27"}
AT = {"day": "2026-11-27", "time": "12:00"}
STEPS = (
    *("take", "give", "wait", "snooze", "ask", "note", "answer", "resolve", "reopen", "decline", "comment"),
    "made good",
)


@pytest.mark.parametrize(
    ("form", "values", "intent"),
    [
        ("take", DAY, Take(12, FIVE)),
        ("take", AT, Take(12, NOON)),
        ("give", {"to": BOB, "text": "I am off"}, Give(12, BOB, "I am off")),
        ("give", {"to": BOB}, Give(12, BOB)),
        ("wait", DAY, WaitUntil(12, FIVE)),
        ("wait", {}, Misunderstood("Name a day.", field="day")),
        ("snooze", {**AT, "text": "spring"}, Snooze(12, NOON, "spring")),
        ("snooze", {"text": "spring"}, Misunderstood("Name a day.", field="day")),
        ("ask", {"text": " which one? "}, Ask(12, "which one?")),
        ("note", {"text": "soon"}, Note(12, "soon")),
        ("answer", {"text": "the left one"}, Note(12, "the left one")),
        ("resolve", {"text": "done"}, Resolve(12, "done")),
        ("resolve", {}, Resolve(12)),
        ("reopen", {"text": "still empty"}, Reopen(12, "still empty")),
        ("decline", {"text": "not ours"}, Decline(12, "not ours")),
        ("comment", {"text": "quick"}, Comment(12, "quick")),
        ("made good", {"text": "a new one"}, MadeGood(12, "a new one")),
        ("made good", {}, MadeGood(12)),
    ],
)
def test_a_filled_form_is_an_intent(form: str, values: dict[str, str], intent: Intent) -> None:
    assert read(form, NUMBER, dict(values), ZONE) == intent


@pytest.mark.parametrize("verb", STEPS)
def test_each_step_has_a_form_that_knows_its_request(verb: str) -> None:
    form = step_form(verb, a_request(number=12, title="toner"))
    assert form.name == verb
    assert dict(form.hidden) == NUMBER
    assert form.intro == ("toner",)
    assert form.title.endswith("#12")


def test_who_answers_reads_the_question() -> None:
    asked = a_request(title="toner", question="which floor?")
    assert step_form("answer", asked).intro == ("toner", "\n", Quote("which floor?"))
    assert step_form("note", asked).intro == ("toner",)


def test_every_step_with_a_form_has_a_reader() -> None:
    assert set(STEPS) == set(forms._STEPS) == set(forms._READERS)
    assert {*STEPS} - {"take"} <= {usage.verb for usage in USAGES}


def fields(form: Form) -> dict[str, object]:
    return {field.name: field.initial for field in form.fields}


@pytest.mark.parametrize(
    "form",
    [
        request_form(Draft(), House()),
        settings_form(Person(BOB, "Bob"), ZONE),
        *(step_form(v, a_request()) for v in STEPS),
    ],
    ids=lambda form: form.name,
)
def test_forms_fit_where_they_are_shown(form: Form) -> None:
    """Slack's limits are the narrowest: 24 characters for a title and a button, 48 for a label."""
    assert len(form.title) <= 24
    assert len(form.submit) <= 24
    names = [field.name for field in form.fields]
    assert len(names) == len(set(names))
    for field in form.fields:
        assert field.kind in FIELD_KINDS
        assert len(field.label) <= 48
        assert bool(field.options) is (field.kind in ("choice", "choices", "flags"))


@pytest.mark.parametrize(
    ("values", "draft"),
    [
        ({"text": "toner"}, Draft("toner")),
        ({"text": " toner ", "details": " black "}, Draft("toner", "black")),
        ({"text": "toner", "priority": "urgent"}, Draft("toner", priority=Priority.URGENT)),
        ({"text": "toner", "to": BOB}, Draft("toner", to=BOB)),
        ({"text": "toner", "behalf": CAT}, Draft("toner", behalf=CAT)),
        ({"text": "toner", "flags": ("private",)}, Draft("toner", private=True)),
        ({"text": "toner", "flags": ()}, Draft("toner")),
        ({"text": "toner", **DAY}, Draft("toner", needed_by=FIVE)),
        ({"text": "toner", **AT}, Draft("toner", needed_by=NOON)),
    ],
)
def test_a_filled_request(values: dict[str, str | tuple[str, ...]], draft: Draft) -> None:
    assert read("file", {}, values, ZONE) == File(draft)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "…!?"}, "text"),
        ({"text": "x" * (TITLE + 1)}, "text"),
        ({"text": "toner", "time": "12:00"}, "day"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(values: dict[str, str], field: str) -> None:
    wrong = read("file", {}, dict(values), ZONE)
    assert isinstance(wrong, Misunderstood)
    assert wrong.field == field
    assert wrong.why.endswith(".")


def test_what_was_known_fills_the_form_and_comes_back() -> None:
    draft = Draft(
        "toner",
        "black",
        Priority.HIGH,
        to=BOB,
        needed_by=NOON,
        private=True,
        behalf=ANN,
        origin="https://example.slack.com/p1",
    )
    form = request_form(draft, House())
    values = {name: value for name, value in fields(form).items() if value}
    assert read("file", dict(form.hidden), values, ZONE) == File(draft)  # type: ignore[arg-type] # initials


def test_settings_are_shown_and_saved() -> None:
    form = settings_form(Person(BOB, "Bob", slots="morning", quiet_days=("fri",)), ZONE)
    assert fields(form) == {"slots": "morning", "quiet_days": ("fri",)}
    assert read("settings", {}, {"slots": "morning", "quiet_days": ("fri",)}, ZONE) == SaveSettings(
        "morning", ("fri",)
    )
    assert read("settings", {}, {}, ZONE) == SaveSettings("both")


@pytest.mark.parametrize(
    ("name", "hidden"), [("juggle", NUMBER), ("take", {}), ("take", {"number": "12; drop"}), ("", {})]
)
def test_a_form_of_another_release_is_refused(name: str, hidden: dict[str, str]) -> None:
    assert isinstance(read(name, hidden, DAY, ZONE), Misunderstood)


@pytest.mark.parametrize(
    ("name", "values"), [("ask", {}), ("note", {"text": "  "}), ("give", {"text": "why"})]
)
def test_an_empty_form_is_refused_at_its_field(name: str, values: dict[str, str]) -> None:
    """The platform does not send one, but nothing is kept of it when it comes all the same."""
    wrong = read(name, NUMBER, dict(values), ZONE)
    assert isinstance(wrong, Misunderstood)
    assert wrong.field in ("text", "to")
