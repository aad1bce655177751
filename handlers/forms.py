"""Forms: which fields a command asks for, and what the filled form means.

A form carries the name of what it asks for and, hidden, what it needs to know again. `read` turns the
answers into the same Intent that the typed line would have given.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, time

from handlers import asking
from handlers.catalogue_intents import SaveService, SaveTeam, Swap
from handlers.digest_intents import Subscribe
from handlers.filled import DAY_BEGINS, Values, many, moment, one
from handlers.house import House
from handlers.intents import (
    Ask,
    Away,
    Comment,
    Decline,
    Give,
    Intent,
    Misunderstood,
    Move,
    Note,
    Reopen,
    Resolve,
    SaveSettings,
    Snooze,
    Take,
    WaitUntil,
)
from handlers.notices import Field, Form, Quote, Words
from handlers.poll_intents import MadeGood
from storage.records import Person, Request

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


OUT_OF_DATE = Misunderstood("This form is out of date. Please open it again.")

_CATALOGUE = ("teams", "services", "duty")


def settings_form(person: Person, zone: str, allowed: Collection[str] = ()) -> Form:
    """How I like to be nudged; of the times only those that are `allowed`, or all."""
    options = tuple(slot for slot in SLOTS if not allowed or slot[0] in allowed)
    chosen = "" if len(options) == len(SLOTS) else "Your team chose which of them there are."
    return Form(
        name="settings",
        title="Your settings",
        submit="Save",
        fields=(
            Field(
                "slots",
                "When should nudges reach you?",
                "choice",
                initial=person.slots,
                options=options,
                hint=chosen,
            ),
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
        return asking.read(hidden, values, zone)
    if name == "settings":
        return SaveSettings(one(values, "slots") or "both", many(values, "quiet_days"))
    if name == "away":
        until = moment(values, zone, DAY_BEGINS)
        missing = Misunderstood("Name the day on which you are back.", field="day")
        return Away(until, one(values, "cover") or None) if until else missing
    if name == "digest":
        return _subscribe(values)
    if name in _CATALOGUE:
        return _catalogue(name, hidden, values)
    reader = _READERS.get(name)
    if not (reader or name == "move") or not hidden.get("number", "").isdecimal():
        return OUT_OF_DATE
    if reader is None:
        return _move(int(hidden["number"]), values)
    for field in _STEPS[name][2]:
        if field.required and not one(values, field.name):
            return Misunderstood(_MISSING.get(field.kind, "Say it in a few words."), field=field.name)
    return reader(int(hidden["number"]), values, zone)


def _catalogue(name: str, hidden: Mapping[str, str], values: Values) -> Intent:
    if name == "duty":
        week = _day(one(values, "week"))
        swap = Swap(hidden.get("team", ""), week, one(values, "person") or None) if week else None
        return swap or Misunderstood("Choose a week.", field="week")
    if not hidden.get("read", "").isdecimal():
        return OUT_OF_DATE
    save = SaveTeam if name == "teams" else SaveService
    return save(hidden.get("key", ""), int(hidden["read"]), tuple(values.items()))


def _subscribe(values: Values) -> Intent:
    day, at = one(values, "weekday"), one(values, "time")
    kind, _, key = one(values, "about").partition(":")
    return Subscribe(
        one(values, "channel"),
        int(day) if day.isdecimal() and int(day) < 7 else None,
        time.fromisoformat(at) if at else None,
        one(values, "zone"),
        team=key if kind == "team" else "",
        service=key if kind == "service" else "",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def redraw(name: str, hidden: Mapping[str, str], values: Values, house: House) -> Form | None:
    """A form whose fields follow what is chosen in it, as it is now, with all it remembers.

    None when it has no such field. Nothing that was filled in is lost.
    """
    if name != "file":
        return None
    form = asking.redrawn(hidden, values, house)
    return replace(form, hidden=tuple({**hidden, **dict(form.hidden)}.items()))


def _take(number: int, values: Values, zone: str) -> Intent:
    return Take(number, moment(values, zone))


def _give(number: int, values: Values, zone: str) -> Intent:  # noqa: ARG001 - every reader is given the zone
    return Give(number, one(values, "to"), one(values, "text"))


def _move(number: int, values: Values) -> Intent:
    to = one(values, "to")
    return Move(number, to) if to else Misunderstood("Say where it belongs.", field="to")


def _wait(number: int, values: Values, zone: str) -> Intent:
    until = moment(values, zone)
    assert until is not None
    return WaitUntil(number, until)


def _snooze(number: int, values: Values, zone: str) -> Intent:
    until = moment(values, zone)
    assert until is not None
    return Snooze(number, until, one(values, "text"))


def _worded(intent: Callable[[int, str], Intent]) -> Callable[[int, Values, str], Intent]:
    def reader(number: int, values: Values, zone: str) -> Intent:  # noqa: ARG001 - see _give
        return intent(number, one(values, "text"))

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
    "made good": _worded(MadeGood),
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
    "made good": (
        "Made good:",
        "Made good",
        (
            Field(
                "text", "What was done?", "long", required=False, hint="They read it, and say how it is now."
            ),
        ),
    ),
}
