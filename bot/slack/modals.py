"""Forms as modals and what comes back from them, and the Home tab."""

import json
import re
from collections.abc import Mapping, Sequence
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
VIEW = 250_000
TICKS = 10
OPTION_VALUE = 150
HOME_ROWS = 12

_FEWER = (30, 10, 3)
"""How many options each field shows where all of them would not fit into one view."""
_NONE = "—"
"""Stands for an option whose value is empty, which Slack does not take."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def modal(
    form: Form,
    also: Mapping[str, str] | None = None,
    *,
    over: Mapping[str, Any] | None = None,
    error: str = "",
) -> View:
    """The form as a modal. `also` is remembered beside what the form hides, and comes back with it.

    `over` is the view as it stands that this one is to be drawn over; `error` is said on top. A form with
    more options than a view can hold shows the first of them.
    """
    for most in (OPTIONS, *_FEWER):
        view = _drawn(form, also or {}, error, most)
        if len(json.dumps(view)) <= VIEW:
            break
    if over:
        view["blocks"] = [_redrawn(block, over) for block in view["blocks"]]
    return view


def _drawn(form: Form, also: Mapping[str, str], error: str, most: int) -> View:
    return {
        "type": "modal",
        "callback_id": (FORM + form.name)[:255],
        "title": plain_text(one_line(form.title, MODAL_TITLE) or "Request"),
        "submit": plain_text(one_line(form.submit, MODAL_TITLE) or "Send"),
        "close": plain_text("Cancel"),
        "private_metadata": _remember({**dict(form.hidden), **also}),
        "blocks": [*draw([_intro(form, error)]), *(_input(field, most) for field in form.fields[:FIELDS])],
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


def redraws(body: Mapping[str, Any]) -> bool:
    """Whether a press is a choice in one of our forms, after which its fields may be others."""
    view = body.get("view") or {}
    ours = form_name(str(view.get("callback_id") or "")) is not None
    return ours and str(body["actions"][0].get("action_id") or "").partition(":")[0] == ANSWER


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


def _redrawn(block: Block, over: Mapping[str, Any]) -> Block:
    """A block for a view that is open: Slack keeps what was filled in by the ids, and looks at nothing else.

    So a field that stays as it is keeps its id, and one that is to show something else gets a new one.
    """
    if block["type"] != "input":
        return block
    before = next((old for old in over["blocks"] if old.get("block_id") == block["block_id"]), None)
    if before is None or before["type"] != "input":
        return block
    action_id = str(before["element"]["action_id"])
    held = over["state"]["values"].get(block["block_id"], {}).get(action_id, {})
    if _takes(before["element"]) != _takes(block["element"]) or _answer(held) != _begun(block["element"]):
        action_id = _next(action_id)
    return {**block, "element": {**block["element"], "action_id": action_id}}


def _takes(element: Mapping[str, Any]) -> tuple[Any, ...]:
    """What can be filled in: the kind, and the options."""
    return element["type"], *(option["value"] for option in element.get("options") or ())


def _begun(element: Block) -> str | tuple[str, ...]:
    """What an element holds when nobody has touched it."""
    renamed = {key.replace("initial_", "selected_"): value for key, value in element.items()}
    return _answer({**renamed, "value": element.get("initial_value")})


def _next(action_id: str) -> str:
    return f"{ANSWER}:{int(action_id.partition(':')[2] or 0) + 1}"


def _intro(form: Form, error: str) -> Prose:
    """What stands above the fields; a view cannot be empty."""
    wrong = (f"⚠ {clip(error, SENTENCE)}",) if error else ()
    nothing = () if form.fields else (one_line(form.title, SENTENCE) or "…",)
    return Prose((wrong, clip_line(form.intro, SENTENCE), nothing))


def _remember(values: dict[str, str]) -> str:
    """As JSON, without the longest values if they do not all fit: a number outlives a link."""
    kept = sorted(values.items(), key=lambda item: len(item[1]))
    while len(text := json.dumps(dict(kept))) > METADATA:
        kept.pop()
    return text


def _input(field: Field, most: int) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name[:255],
        "label": plain_text(one_line(field.label, 2_000) or field.name),
        "element": {"action_id": ANSWER, **_element(field, most)},
        "optional": not field.required,
    }
    if hint := one_line(field.hint, 2_000):
        block["hint"] = plain_text(hint)
    if field.redraws:
        block["dispatch_action"] = True
    return block


def _element(field: Field, most: int) -> Block:
    offered = [each for each in field.options if len(each[0]) <= OPTION_VALUE]
    options = [_option(*each) for each in _some(offered, field.initial, most)]
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
        case "people":
            users = [user for each in dict.fromkeys(_several(field.initial)) if (user := slack.user(each))]
            return _asked("multi_users_select", field, **({"initial_users": users} if users else {}))
        case _:
            return _text_input(field)


def _several(initial: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (initial,) if isinstance(initial, str) else initial or ()


def _some(
    offered: Sequence[tuple[str, str]], initial: str | tuple[str, ...] | None, most: int
) -> list[tuple[str, str]]:
    """The first options, with what is chosen already among them."""
    beyond = [each for each in offered[most:] if each[0] in _several(initial)][:most]
    return [*offered[: most - len(beyond)], *beyond]


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
    begun = {value or _NONE for value in _several(field.initial)}
    chosen = [option for option in options if option["value"] in begun]
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
        case "multi_users_select":
            return tuple(slack.person(str(user)) for user in element.get("selected_users") or ())
        case _:
            return clean(str(element.get("value") or ""))


def _value(option: Mapping[str, Any]) -> str:
    value = str(option.get("value", ""))
    return "" if value == _NONE else value
