"""Forms as dialogs and as cards to fill in, and what comes back from them.

Several choices come back as one text with commas between. So in what is offered a comma is coded, and so is
the empty choice, which Teams takes for none; the card's data says which fields were chosen from a list.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.layout import SENTENCE
from bot.parts import Heading, Prose, aloud
from bot.pieces import clip, clip_line, legible, one_line
from bot.teams.cards import SIZE, AdaptiveCard, Drawing, attachment, card, draw, size
from bot.teams.lines import Element, escaped, literal, rich_text
from handlers.mentions import clean
from handlers.notices import Field, Form
from storage.records import PersonId

People = Sequence[tuple[PersonId, str]]
Answers = dict[str, str | tuple[str, ...]]
Values = Mapping[str, str | tuple[str, ...]]
Options = Sequence[tuple[str, str]]

REDRAW = "redraw"
"""What a card's data says when the form is not sent, but asked to follow what was chosen in it."""
ASKED = "_fields"
"""Where a card's data says which fields it has: free text, or one or several chosen from a list."""
DIALOG = 60_000
"""Bytes of a form in a dialog, which is no message."""
FIELDS = 98
TITLE = 64
SUBMIT = 40
OPTION = 75
OPTION_VALUE = 150
HINT = 500
NAME = 255
LABEL = 200
PLACEHOLDER = 150
TYPED = 3_000
TICKS = 10
REMEMBERED = 3_000

_ROOM = (
    (300, 300, 3_000),
    (150, 150, 3_000),
    (75, 100, 3_000),
    (30, 100, 3_000),
    (10, 100, 3_000),
    (10, 30, 3_000),
    (10, 10, 1_000),
    (10, 10, 100),
)
"""How many people, other choices, and characters typed before, there is room for: tried from the first on."""
_OURS = frozenset({"form", "hidden", ASKED, REDRAW, "msteams"})
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_EMPTY = "%00"
_MANY = {"choice": "one", "person": "one", "people": "several", "choices": "several", "flags": "several"}
_MISSING = {
    "choice": "Choose one.",
    "choices": "Choose at least one.",
    "date": "Name a day.",
    "flags": "Tick at least one.",
    "people": "Name at least one colleague.",
    "person": "Name a colleague.",
    "time": "Name a time.",
}
"""What is said of an empty field that must be filled, by its kind."""


def dialog(form: Form, people: People = (), *, error: str = "", values: Values | None = None) -> AdaptiveCard:
    """The form as the card of a dialog. `error` stands on top; `values` are what was filled in before."""
    above = draw([_intro(form)] if form.intro or not form.fields else [])  # its title has the title
    return _fitting(_Sheet(form, people, error, values or {}), above, {"type": "Action.Submit"}, DIALOG)


def input_card(
    form: Form, people: People = (), *, error: str = "", values: Values | None = None
) -> AdaptiveCard:
    """The form as a card in a chat."""
    send = {"type": "Action.Execute", "verb": "fill"}
    above = draw([Heading(_title(form)), Prose((clip_line(form.intro, SENTENCE),))])
    return _fitting(_Sheet(form, people, error, values or {}), above, send, SIZE)


def task(form: Form, people: People = (), *, error: str = "", values: Values | None = None) -> Element:
    """The answer to an invoke that opens the form, or keeps it open."""
    tall = "large" if len(form.fields) > 3 else "medium"
    return window(_title(form), dialog(form, people, error=error, values=values), tall)


def window(title: str, content: AdaptiveCard, height: str = "large") -> Element:
    """The answer to an invoke that shows a card in a dialog."""
    shown = {
        "title": one_line(title, TITLE),
        "height": height,
        "width": "medium",
        "card": attachment(content),
    }
    return {"task": {"type": "continue", "value": shown}}


def closing(text: str) -> Element:
    """The answer to an invoke that says something in place of the dialog."""
    return {"task": {"type": "message", "value": text}}


def spoken(form: Form) -> str:
    """The form as notifications and screen readers say it."""
    return aloud([Prose(((_title(form),), clip_line(form.intro, SENTENCE)))])


def filled(data: object) -> tuple[str, dict[str, str], Answers]:
    """Which form was filled in, what it remembered, and what was filled in. Never raises.

    `data` is `value.data` of `task/submit` and of `composeExtension/submitAction`, and `value.action.data` of
    `adaptiveCard/action`. Several choices are a tuple. A field left empty is "" or ().
    """
    given = data if isinstance(data, dict) else {}
    name, asked = given.get("form"), _texts(given.get(ASKED))
    typed = {field: value for field, value in given.items() if isinstance(field, str) and field not in _OURS}
    answers: Answers = {
        field: _answer(typed.get(field), asked.get(field, "text")) for field in (*asked, *typed)
    }
    return name if isinstance(name, str) else "", _texts(given.get("hidden")), answers


def asks_redraw(data: object) -> bool:
    """Whether a form came back only to follow what was chosen in it."""
    return isinstance(data, dict) and bool(data.get(REDRAW))


def _texts(remembered: object) -> dict[str, str]:
    if not isinstance(remembered, dict):
        return {}
    return {
        key: value for key, value in remembered.items() if isinstance(key, str) and isinstance(value, str)
    }


def _answer(value: object, kind: str) -> str | tuple[str, ...]:
    if kind == "several":
        each = value.split(",") if isinstance(value, str) else ()
        return tuple(_decoded(one) for one in each if one)
    text = clean(value) if isinstance(value, str) else ""
    return _decoded(text) if kind == "one" else text


def _coded(value: str) -> str:
    return value.replace("%", "%25").replace(",", "%2C") or _EMPTY


def _decoded(value: str) -> str:
    return "" if value == _EMPTY else clean(value.replace("%2C", ",").replace("%25", "%"))


def _title(form: Form) -> str:
    return one_line(form.title, TITLE) or "Request"


def _submit(form: Form) -> str:
    return literal(one_line(form.submit, SUBMIT)) or "Send"


def _actions(form: Form, send: Element) -> list[Element]:
    """Sending it; and where its fields follow a choice, which no card does by itself, asking it to."""
    last = {**send, "title": _submit(form), "style": "positive", "data": _data(form)}
    if not _redraws(form):
        return [last]
    return [last, {**send, "title": "Show its questions", "data": {**_data(form), REDRAW: "yes"}}]


def _redraws(form: Form) -> bool:
    return any(field.redraws for field in form.fields)


def _data(form: Form) -> Element:
    """What comes back with what was filled in: which form it was, what it remembers, what can be chosen."""
    asked = {field.name: _MANY.get(field.kind, "text") for field in form.fields[:FIELDS]}
    return {"form": form.name[:NAME], "hidden": _remembered(form), ASKED: asked}


def _remembered(form: Form) -> dict[str, str]:
    """Without the longest values if they do not all fit: a number outlives a link."""
    kept = sorted(form.hidden, key=lambda item: len(item[1]))
    while sum(len(key) + len(value) for key, value in kept) > REMEMBERED:
        kept.pop()
    return dict(kept)


def _intro(form: Form) -> Prose:
    """What stands above the fields; a card cannot be empty."""
    return Prose((clip_line(form.intro, SENTENCE) if form.intro else (_title(form),),))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A form, and what it is filled in with so far."""

    form: Form
    people: People
    error: str
    values: Values

    def initial(self, field: Field) -> tuple[str, ...]:
        """What stands in a field: what was filled in before, else what the form begins with."""
        value = self.values.get(field.name, field.initial)
        return (value,) if isinstance(value, str) else tuple(value or ())


def _fitting(sheet: _Sheet, above: Drawing, send: Element, most: int) -> AdaptiveCard:
    """The card with as many people to choose from, and options, as there is room for."""
    for room in _ROOM:
        inputs = [
            each
            for field in sheet.form.fields[:FIELDS]
            if sheet.people or field.options or field.kind not in ("person", "people")  # nobody of nobody
            for each in _input(sheet, field, room)
        ]
        body = [*_wrong(sheet.error), *above.body, *inputs]
        drawn = card(Drawing(body, above.entities), spoken(sheet.form), _actions(sheet.form, send))
        if size(drawn) <= most:
            break
    return drawn


def _wrong(error: str) -> list[Element]:
    said = rich_text([f"⚠ {clip(error, SENTENCE)}"]) if error.strip() else None
    return [{"type": "Container", "style": "attention", "items": [said]}] if said else []


def _input(sheet: _Sheet, field: Field, room: tuple[int, int, int]) -> list[Element]:
    """A field, and its hint below.

    In a form that may be asked to follow a choice nothing is required by the card, which would not let it
    ask; a star says the same, and what is missing is told when it is sent.
    """
    label = literal(one_line(field.label, LABEL)) or field.name
    required = field.required and not _redraws(sheet.form)
    missing = {"errorMessage": _MISSING.get(field.kind, "Say it in a few words.")} if required else {}
    star = " *" if field.required and not required else ""
    asked = {"id": field.name, "label": label + star, "isRequired": required, **missing}
    drawn = [{**asked, **_element(sheet, field, room)}]
    hint = rich_text([one_line(field.hint, HINT)], size="small", isSubtle=True)
    return [*drawn, {**hint, "spacing": "none"}] if hint else drawn


def _element(sheet: _Sheet, field: Field, room: tuple[int, int, int]) -> Element:
    people, choices, typed = room
    initial = sheet.initial(field)
    first = initial[0] if initial else ""
    match field.kind:
        case "choice" | "choices" | "flags" if field.options:
            options = [each for each in field.options if len(each[0]) <= OPTION_VALUE]
            return _choice_set(field, _some(options, initial, choices), initial)
        case "person":
            offered = _some(_by_name(_with(sheet.people, field)), initial, people)
            return {**_choice_set(field, offered, initial), "style": "filtered"}
        case "people":
            return _choice_set(field, _some(_by_name(_with(sheet.people, field)), initial, people), initial)
        case "date":
            return {"type": "Input.Date", **_placeholder(field), **_first(first, _DATE)}
        case "time":
            return {"type": "Input.Time", **_placeholder(field), **_first(first, _TIME)}
        case _:
            return _text_input(field, first, typed)


def _text_input(field: Field, begun: str, typed: int) -> Element:
    longest = min(max(field.max_length, 1), TYPED)
    room = min(longest, typed)
    shown = begun if len(begun) <= room else begun[: room - 1] + "…"
    return {
        "type": "Input.Text",
        "isMultiline": field.kind == "long",
        "maxLength": longest,
        **_placeholder(field),
        **({"value": legible(shown)} if shown else {}),
    }


def _choice_set(field: Field, options: Options, initial: Sequence[str]) -> Element:
    several = _MANY[field.kind] == "several"
    expanded = several and len(options) <= TICKS
    chosen = [_coded(value) for value, _ in options if value in initial]
    show = escaped if expanded else literal  # beside tick boxes Teams may read Markdown
    return {
        "type": "Input.ChoiceSet",
        "style": "expanded" if expanded else "compact",
        "isMultiSelect": several,
        "choices": [{"title": show(_option(*each)), "value": _coded(each[0])} for each in options],
        **_placeholder(field),
        **({"value": ",".join(chosen if several else chosen[:1])} if chosen else {}),
    }


def _option(value: str, label: str) -> str:
    return one_line(label, OPTION) or one_line(value, OPTION) or "—"


def _some(options: Options, initial: Sequence[str], most: int) -> Options:
    """The first of them, and what is chosen already."""
    return [each for at, each in enumerate(options) if at < most or each[0] in initial]


def _with(people: People, field: Field) -> People:
    """Who can be chosen: everybody here, and whom the field names already, who may be here no more."""
    here = {person for person, _ in people}
    return [*people, *(each for each in field.options if each[0] not in here)]


def _by_name(people: People) -> Options:
    """People to choose from. Two of one name carry their platform behind it, or else the end of their id."""
    names = [(person, one_line(name, OPTION - 20) or "somebody") for person, name in people]
    for more in (_platform, _end):
        known = Counter(name for _, name in names)
        names = [(who, f"{name} ({more(who)})" if known[name] > 1 else name) for who, name in names]
    return names


def _platform(person: PersonId) -> str:
    return person.partition(":")[0].capitalize()


def _end(person: PersonId) -> str:
    return "…" + person[-4:]


def _placeholder(field: Field) -> Element:
    placeholder = one_line(field.placeholder, PLACEHOLDER)
    return {"placeholder": literal(placeholder)} if placeholder else {}


def _first(initial: str, shape: re.Pattern[str]) -> Element:
    return {"value": initial} if shape.fullmatch(initial) else {}
