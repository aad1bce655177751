"""Forms as modals and what comes back from them, and the Home tab."""

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.layout import SENTENCE
from bot.parts import Prose
from bot.pieces import clip, clip_line, one_line
from bot.slack import words as slack
from bot.slack.blocks import Block, draw, plain_text
from bot.slack.render import LAYOUT, render
from handlers.mentions import clean
from handlers.notices import Field, Form, HomePage, Notice

View = dict[str, Any]
Answers = dict[str, str | tuple[str, ...]]

FORM = "form:"
ANSWER = "answer"
METADATA = 3_000
MODAL_TITLE = 24
FIELDS = 98
TYPED = 3_000
OPTIONS = 100
TICKS = 10
OPTION_VALUE = 150
HOME_ROWS = 12

_NONE = "—"
"""Stands for an option whose value is empty, which Slack does not take."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def modal(form: Form, also: Mapping[str, str] | None = None) -> View:
    """The form as a modal. `also` is remembered beside what the form hides, and comes back with it."""
    return {
        "type": "modal",
        "callback_id": (FORM + form.name)[:255],
        "title": plain_text(one_line(form.title, MODAL_TITLE) or "Request"),
        "submit": plain_text(one_line(form.submit, MODAL_TITLE) or "Send"),
        "close": plain_text("Cancel"),
        "private_metadata": _remember({**dict(form.hidden), **(also or {})}),
        "blocks": [*draw([_intro(form)]), *(_input(field) for field in form.fields[:FIELDS])],
    }


def window(notice: Notice) -> View:
    """A notice as a modal, for where no message can be shown: a click in the Home tab or in a modal."""
    return {
        "type": "modal",
        "title": plain_text("Deskbell"),
        "close": plain_text("Close"),
        "blocks": render(notice).blocks,
    }


def home(page: HomePage) -> View:
    """What waits for me, what I wait for."""
    return {"type": "home", "blocks": draw(LAYOUT.parts(page, HOME_ROWS))}


def form_name(callback_id: str) -> str | None:
    """Which form a submitted modal was, or None when it was none of ours."""
    return callback_id.removeprefix(FORM) if callback_id.startswith(FORM) else None


def hidden(private_metadata: str) -> dict[str, str]:
    """What the form remembered; nothing when it cannot be read."""
    try:
        remembered = json.loads(private_metadata or "{}")
    except ValueError:
        return {}
    if not isinstance(remembered, dict):
        return {}
    return {key: value for key, value in remembered.items() if isinstance(value, str)}


def answers(state_values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Answers:
    """What was filled in, by field: text, dates as YYYY-MM-DD, people as ours, several options as a tuple.

    A field left empty is "", or an empty tuple where several could be chosen.
    """
    return {
        name: _answer(element)
        for name, elements in state_values.items()
        for element in list(elements.values())[:1]
    }


def errors(sentences: Mapping[str, str]) -> dict[str, Any]:
    """The answer to a submitted modal that keeps it open and says what is wrong beside each field."""
    said = {field: clip(sentence, 2_000) for field, sentence in sentences.items()}
    return {"response_action": "errors", "errors": said}


def _intro(form: Form) -> Prose:
    """What stands above the fields; a view cannot be empty."""
    nothing = () if form.fields else (one_line(form.title, SENTENCE) or "…",)
    return Prose((clip_line(form.intro, SENTENCE), nothing))


def _remember(values: dict[str, str]) -> str:
    """As JSON, without the longest values if they do not all fit: a number outlives a link."""
    kept = sorted(values.items(), key=lambda item: len(item[1]))
    while len(text := json.dumps(dict(kept))) > METADATA:
        kept.pop()
    return text


def _input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name[:255],
        "label": plain_text(one_line(field.label, 2_000) or field.name),
        "element": {"action_id": ANSWER, **_element(field)},
        "optional": not field.required,
    }
    if hint := one_line(field.hint, 2_000):
        block["hint"] = plain_text(hint)
    return block


def _element(field: Field) -> Block:
    options = [_option(value, label) for value, label in field.options if len(value) <= OPTION_VALUE][
        :OPTIONS
    ]
    match field.kind:
        case "choice" if options:
            return _asked("static_select", field, options=options, **_chosen(field, options, several=False))
        case "flags" if 0 < len(options) <= TICKS:
            return {"type": "checkboxes", "options": options, **_chosen(field, options, several=True)}
        case "choices" | "flags" if options:
            return _asked(
                "multi_static_select", field, options=options, **_chosen(field, options, several=True)
            )
        case "date":
            return _asked("datepicker", field, **_first(field, "initial_date", _DATE))
        case "time":
            return _asked("timepicker", field, **_first(field, "initial_time", _TIME))
        case "person":
            user = slack.user(field.initial) if isinstance(field.initial, str) else None
            return _asked("users_select", field, **({"initial_user": user} if user else {}))
        case _:
            return _text_input(field)


def _text_input(field: Field) -> Block:
    longest = min(max(field.max_length, 1), TYPED)
    initial = field.initial if isinstance(field.initial, str) else ""
    begun = {"initial_value": initial if len(initial) <= longest else initial[: longest - 1] + "…"}
    return _asked(
        "plain_text_input",
        field,
        multiline=field.kind == "long",
        max_length=longest,
        **(begun if initial else {}),
    )


def _asked(kind: str, field: Field, **more: Any) -> Block:
    placeholder = one_line(field.placeholder, 150)
    return {"type": kind, **({"placeholder": plain_text(placeholder)} if placeholder else {}), **more}


def _option(value: str, label: str) -> Block:
    return {"text": plain_text(one_line(label, 75) or one_line(value, 75) or _NONE), "value": value or _NONE}


def _chosen(field: Field, options: list[Block], *, several: bool) -> Block:
    initial = (field.initial,) if isinstance(field.initial, str) else field.initial or ()
    chosen = [option for option in options if option["value"] in {value or _NONE for value in initial}]
    if not chosen:
        return {}
    return {"initial_options": chosen} if several else {"initial_option": chosen[0]}


def _first(field: Field, key: str, shape: re.Pattern[str]) -> Block:
    initial = field.initial if isinstance(field.initial, str) else ""
    return {key: initial} if shape.fullmatch(initial) else {}


def _answer(element: Mapping[str, Any]) -> str | tuple[str, ...]:
    match element.get("type"):
        case "checkboxes" | "multi_static_select":
            return tuple(_value(option) for option in element.get("selected_options") or ())
        case "static_select":
            return _value(element.get("selected_option") or {})
        case "datepicker":
            return str(element.get("selected_date") or "")
        case "timepicker":
            return str(element.get("selected_time") or "")
        case "users_select":
            user = element.get("selected_user")
            return slack.person(user) if user else ""
        case _:
            return clean(str(element.get("value") or ""))


def _value(option: Mapping[str, Any]) -> str:
    value = str(option.get("value", ""))
    return "" if value == _NONE else value
