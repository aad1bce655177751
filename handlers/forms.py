"""Forms: which fields a command asks for, and what the filled form means.

A form carries the name of what it asks for and, hidden, what it needs to know again. `read` turns the
answers into the same Intent that the typed line would have given.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from handlers.filing import TITLE, has_words
from handlers.intents import (
    Ask,
    Away,
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
from handlers.notices import Field, Form, Quote, Words
from storage.records import Person, Priority, Request
from storage.types import WallTime

Values = Mapping[str, str | tuple[str, ...]]

DAY_BEGINS, DAY_END = time(9), time(17)
PRIORITIES = (("low", "Low"), ("normal", "Normal"), ("high", "High"), ("urgent", "Urgent"))
SLOTS = (
    ("both", "Twice a day, at 09:30 and 14:00"),
    ("morning", "Once a day, at 09:30"),
    ("afternoon", "Once a day, at 14:00"),
    ("at once", "One by one, at once"),
)
WEEKDAYS = (
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
)


def request_form(draft: Draft) -> Form:
    """The form for a new request, filled with what is known."""
    day = draft.needed_by.local if draft.needed_by else None
    return Form(
        name="file",
        title="Ask for something",
        submit="Ask",
        fields=(
            Field("text", "What do you need?", initial=draft.text or None, max_length=TITLE),
            Field("details", "Details", "long", required=False, initial=draft.details or None),
            Field(
                "to",
                "Who should do it?",
                "person",
                required=False,
                initial=draft.to,
                hint="Leave it empty for the team.",
            ),
            Field(
                "priority", "How urgent is it?", "choice", initial=draft.priority.value, options=PRIORITIES
            ),
            Field(
                "day", "Needed by", "date", required=False, initial=day.date().isoformat() if day else None
            ),
            Field("time", "At", "time", required=False, initial=day.strftime("%H:%M") if day else None),
            Field("behalf", "On behalf of", "person", required=False, initial=draft.behalf),
            Field(
                "flags",
                "Who may see it?",
                "flags",
                required=False,
                initial=("private",) if draft.private else (),
                options=(("private", "Private: only those who work on it"),),
            ),
        ),
        hidden=(("origin", draft.origin),),
    )


def settings_form(person: Person, zone: str) -> Form:
    """How I like to be nudged."""
    return Form(
        name="settings",
        title="Your settings",
        submit="Save",
        fields=(
            Field("slots", "When should nudges reach you?", "choice", initial=person.slots, options=SLOTS),
            Field(
                "quiet_days",
                "Days without nudges",
                "flags",
                required=False,
                initial=person.quiet_days,
                options=WEEKDAYS,
                hint="Urgent requests reach you all the same.",
            ),
        ),
        intro=(f"Times are on your clock: {zone}. It comes from your profile.",),
    )


def step_form(verb: str, request: Request) -> Form:
    """The form that asks for the rest of a command."""
    title, submit, fields = _STEPS[verb]
    return Form(
        name=verb,
        title=f"{title} #{request.number}",
        submit=submit,
        fields=fields,
        intro=_about(verb, request),
        hidden=(("number", str(request.number)),),
    )


def _about(verb: str, request: Request) -> Words:
    """What stands above the fields: which request it is, and what was asked when it is answered."""
    asked = verb == "answer" and request.question
    return (request.title, "\n", Quote(request.question)) if asked else (request.title,)


def read(name: str, hidden: Mapping[str, str], values: Values, zone: str) -> Intent:
    """What a filled form asks for. A field that is wrong gives `Misunderstood` with the field's name."""
    if name == "file":
        return _filed(hidden, values, zone)
    if name == "settings":
        return SaveSettings(_one(values, "slots") or "both", _many(values, "quiet_days"))
    if name == "away":
        until = _moment(values, zone, DAY_BEGINS)
        missing = Misunderstood("Name the day on which you are back.", field="day")
        return Away(until, _one(values, "cover") or None) if until else missing
    reader = _READERS.get(name)
    if reader is None or not hidden.get("number", "").isdecimal():
        return Misunderstood("This form is out of date. Please open it again.")
    for field in _STEPS[name][2]:
        if field.required and not _one(values, field.name):
            return Misunderstood(_MISSING.get(field.kind, "Say it in a few words."), field=field.name)
    return reader(int(hidden["number"]), values, zone)


def _filed(hidden: Mapping[str, str], values: Values, zone: str) -> Intent:
    text, details = _one(values, "text"), _one(values, "details")
    if not has_words(text):
        return Misunderstood("Say in a few words what you need.", field="text")
    if len(text) > TITLE:
        return Misunderstood(f"At most {TITLE} characters; the rest belongs in the details.", field="text")
    if _one(values, "time") and not _one(values, "day"):
        return Misunderstood("A time needs a day, too.", field="day")
    return File(
        Draft(
            text=text,
            details=details,
            priority=Priority(_one(values, "priority") or "normal"),
            to=_one(values, "to") or None,
            needed_by=_moment(values, zone),
            private="private" in _many(values, "flags"),
            behalf=_one(values, "behalf") or None,
            origin=hidden.get("origin", ""),
        )
    )


def _take(number: int, values: Values, zone: str) -> Intent:
    return Take(number, _moment(values, zone))


def _give(number: int, values: Values, zone: str) -> Intent:  # noqa: ARG001 - every reader is given the zone
    return Give(number, _one(values, "to"), _one(values, "text"))


def _wait(number: int, values: Values, zone: str) -> Intent:
    until = _moment(values, zone)
    assert until is not None
    return WaitUntil(number, until)


def _snooze(number: int, values: Values, zone: str) -> Intent:
    until = _moment(values, zone)
    assert until is not None
    return Snooze(number, until, _one(values, "text"))


def _worded(intent: Callable[[int, str], Intent]) -> Callable[[int, Values, str], Intent]:
    def reader(number: int, values: Values, zone: str) -> Intent:  # noqa: ARG001 - see _give
        return intent(number, _one(values, "text"))

    return reader


_READERS: dict[str, Callable[[int, Values, str], Intent]] = {
    "take": _take,
    "give": _give,
    "wait": _wait,
    "snooze": _snooze,
    "ask": _worded(Ask),
    "note": _worded(Note),
    "answer": _worded(Note),
    "resolve": _worded(Resolve),
    "reopen": _worded(Reopen),
    "decline": _worded(Decline),
    "comment": _worded(Comment),
}

_MISSING = {"date": "Name a day.", "person": "Name a colleague."}
"""What is said of an empty field that must be filled, by its kind."""

_DAY = Field("day", "Until which day?", "date")
_TIME = Field("time", "At", "time", required=False, hint="Without a time: 17:00.")

_STEPS: dict[str, tuple[str, str, tuple[Field, ...]]] = {
    "take": ("Promise", "Promise", (Field("day", "By which day?", "date"), _TIME)),
    "give": (
        "Hand over",
        "Hand over",
        (Field("to", "To whom?", "person"), Field("text", "Why?", required=False, max_length=500)),
    ),
    "wait": ("Pause", "Pause", (_DAY, _TIME)),
    "snooze": (
        "Snooze",
        "Snooze",
        (_DAY, _TIME, Field("text", "Why? The requester sees it.", max_length=300)),
    ),
    "ask": ("Ask about", "Ask", (Field("text", "What do you need to know?", "long"),)),
    "note": ("Note to", "Add", (Field("text", "What should both sides know?", "long"),)),
    "answer": ("Answer", "Answer", (Field("text", "Your answer", "long"),)),
    "resolve": (
        "Done:",
        "Done",
        (Field("text", "What was done?", "long", required=False, hint="The requester reads it."),),
    ),
    "reopen": ("Reopen", "Reopen", (Field("text", "What is still missing?", "long", required=False),)),
    "decline": ("Decline", "Decline", (Field("text", "Why? The requester reads it.", "long"),)),
    "comment": ("Comment on", "Add", (Field("text", "Your comment", "long"),)),
}


def _moment(values: Values, zone: str, unless_said: time = DAY_END) -> WallTime | None:
    day, at = _one(values, "day"), _one(values, "time")
    if not day:
        return None
    return WallTime(
        datetime.combine(date.fromisoformat(day), time.fromisoformat(at) if at else unless_said), zone
    )


def _one(values: Values, name: str) -> str:
    value = values.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _many(values: Values, name: str) -> tuple[str, ...]:
    value = values.get(name, ())
    return value if isinstance(value, tuple) else ()
