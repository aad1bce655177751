"""What a service asks in its form: one line of text each, "Which size? (choice: small, large) *".

1. A line is a label, then in parentheses the kind and, for a choice, the options; a star means required.
2. Without parentheses it asks for a short text. A label that ends in parentheses of its own names its kind.
3. Kinds: text, long, number, choice, choices (several), date, person, yes/no.
4. Options are separated by commas; a form is at most twenty questions, each called differently.
5. Answers are kept in the words of the day they were given: changing a form changes nothing that was filed.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from handlers.notices import Field
from storage.records import PersonId, Service

Values = Mapping[str, str | tuple[str, ...]]

KINDS = ("text", "long", "number", "choice", "choices", "date", "person", "yes/no")
LABEL = 150
"""As many characters as a label may have."""
OPTION = 75
OPTIONS = 30
QUESTIONS = 20
"""As many as one form asks."""
TEXT, LONG = 300, 3_000
"""As many characters as an answer may have; what is longer is cut."""
FIELD = "q:"
"""What the names of a form's fields begin with that are a service's own."""

_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[ '’]\d{3})+)(?:[.,]\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DIGITS = 30
_YES_NO = (("yes", "Yes"), ("no", "No"))
_EXAMPLE = "Write it like “Which size? (choice: small, large) *”."
_OTHER_WORDS = {"yes": "yes/no", "no": "yes/no", "string": "text", "select": "choice", "multiple": "choices"}


class WrongAnswer(Exception):
    """An answer that cannot be kept: in which field, and why, as a sentence.

    Without a field it is the form that is out of date: it must be drawn again to be answered.
    """

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self.why = field, why


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a service wants to know. `kind` is one of KINDS."""

    key: str
    """Unique in its form; the label in small letters, with dashes between its words."""
    label: str
    kind: str = "text"
    options: tuple[str, ...] = ()
    required: bool = False

    @property
    def field(self) -> str:
        """The name of its field in a form."""
        return FIELD + self.key


def read_question(line: str) -> Question:
    """The question that a line asks. ValueError with a sentence when it cannot be read."""
    said = " ".join(line.split())
    required = said.endswith("*")
    label, inside = _parted(said.removesuffix("*").rstrip())
    kind, _, listed = (part.strip() for part in inside.partition(":"))
    if not label:
        raise ValueError(f"the question has no words. {_EXAMPLE}")
    if len(label) > LABEL:
        raise ValueError(f"a question has at most {LABEL} characters; “{label[:30]}…” has {len(label)}")
    kind = _kind(kind.lower() or "text")
    return Question(_slug(label), label, kind, _options(label, kind, listed), required)


def write_question(question: Question) -> str:
    """The line that asks it: `read_question` gives it back."""
    options = f": {', '.join(question.options)}" if question.options else ""
    plain = question.kind == "text" and not question.label.endswith((")", "*"))
    kind = "" if plain else f" ({question.kind}{options})"
    return f"{question.label}{kind}{' *' if question.required else ''}"


def read_questions(lines: Collection[str]) -> tuple[Question, ...]:
    """A whole form, strictly. ValueError with a sentence on the first line that is wrong."""
    found = [read_question(line) for line in lines if line.strip()]
    if len(found) > QUESTIONS:
        raise ValueError(f"a form asks at most {QUESTIONS} questions; this one has {len(found)}")
    keys = [question.key for question in found]
    for at, question in enumerate(found):
        if question.key in keys[:at]:
            raise ValueError(f"“{question.label}” is asked twice; call one of them differently")
    return tuple(found)


def questions(service: Service) -> tuple[Question, ...]:
    """What a service asks, without the lines that cannot be read any more."""
    return _asked(service.form)


def asks(service: Service) -> bool:
    """Whether it has a question that must be answered."""
    return any(question.required for question in questions(service))


def fields(service: Service, values: Values | None = None) -> tuple[Field, ...]:
    """The fields of its form, filled with what is known."""
    return tuple(_field(question, (values or {}).get(question.field)) for question in questions(service))


def answers(
    service: Service, values: Values, name_of: Callable[[PersonId], str]
) -> tuple[tuple[str, str], ...]:
    """What was answered, label and text, without what was left empty. Raises `WrongAnswer`.

    `values` are by field, as they came from the form; what belongs to no question is left aside.
    """
    unasked = [each for each in questions(service) if each.required and each.field not in values]
    if unasked:
        raise WrongAnswer(
            unasked[0].field, f"{service.name} has questions of its own: please answer them here, too."
        )
    given = ((each, _answer(each, values.get(each.field, ""), name_of)) for each in questions(service))
    return tuple((question.label, text) for question, text in given if text)


@lru_cache(maxsize=1024)
def _asked(form: tuple[str, ...]) -> tuple[Question, ...]:
    found: dict[str, Question] = {}
    for line in form:
        try:
            question = read_question(line)
        except ValueError:
            continue
        key, again = question.key, 2
        while key in found:
            key, again = f"{question.key}-{again}", again + 1
        found[key] = replace(question, key=key)
    return tuple(found.values())[:QUESTIONS]


def _parted(said: str) -> tuple[str, str]:
    """The label, and what stands in the last pair of parentheses, which closes the line."""
    depth = 0
    if said.endswith(")"):
        for at in range(len(said) - 1, -1, -1):
            depth += {")": 1, "(": -1}.get(said[at], 0)
            if not depth:
                return said[:at].rstrip(), said[at + 1 : -1].strip()
        raise ValueError(f"a parenthesis is closed that was never opened. {_EXAMPLE}")
    return said, ""


def _kind(kind: str) -> str:
    if kind in KINDS:
        return kind
    near = _OTHER_WORDS.get(kind) or next(iter(get_close_matches(kind, KINDS, 1, 0.5)), "")
    meant = f"did you mean “{near}”?" if near else f"it is one of {', '.join(KINDS)}."
    raise ValueError(f"“{kind[:40]}” is no kind of question; {meant}")


def _options(label: str, kind: str, listed: str) -> tuple[str, ...]:
    options = tuple(filter(None, map(str.strip, listed.split(","))))
    if kind not in ("choice", "choices"):
        if listed:
            raise ValueError(f"“{label}” is a {kind} and has no options; only choice and choices have")
        return ()
    if not options:
        raise ValueError(f"“{label}” offers nothing to choose from. {_EXAMPLE}")
    if len(options) > OPTIONS:
        raise ValueError(f"“{label}” has {len(options)} options; {OPTIONS} are the most")
    for at, option in enumerate(options):
        if len(option) > OPTION:
            raise ValueError(f"an option has at most {OPTION} characters; “{option[:30]}…” has {len(option)}")
        if option.casefold() in map(str.casefold, options[:at]):
            raise ValueError(f"“{label}” offers “{option}” twice")
    return options


def _slug(label: str) -> str:
    return re.sub(r"[\W_]+", "-", label.lower()).strip("-") or "question"


def _field(question: Question, value: str | tuple[str, ...] | None) -> Field:
    kinds = {"number": "text", "yes/no": "choice"}
    options = _YES_NO if question.kind == "yes/no" else tuple((each, each) for each in question.options)
    return Field(
        question.field,
        question.label,
        kinds.get(question.kind, question.kind),
        required=question.required,
        initial=value or None,
        options=options,
        hint="A number." if question.kind == "number" else "",
        max_length={"long": LONG, "number": _DIGITS}.get(question.kind, TEXT),
    )


def _answer(question: Question, value: str | tuple[str, ...], name_of: Callable[[PersonId], str]) -> str:
    given = tuple(filter(None, map(str.strip, (value,) if isinstance(value, str) else value)))
    if not given:
        if question.required:
            raise WrongAnswer(question.field, f"“{question.label}” needs an answer.")
        return ""
    match question.kind:
        case "number":
            return _number(question, given[0])
        case "choice" | "choices" | "yes/no":
            return _chosen(question, given)
        case "date":
            return _day(question, given[0])
        case "person":
            return name_of(given[0])
        case "long":
            return _cut(given[0], LONG)
        case _:
            return _cut(" ".join(given[0].split()), TEXT)


def _number(question: Question, text: str) -> str:
    said = " ".join(text.split())
    if len(said) > _DIGITS or not _NUMBER.fullmatch(said):
        raise WrongAnswer(question.field, f"“{question.label}” wants a number, like 3 or 2.5.")
    return said


def _chosen(question: Question, given: tuple[str, ...]) -> str:
    """The options, in their order; one that is not offered was there when the form was drawn."""
    options = ("yes", "no") if question.kind == "yes/no" else question.options
    gone = next((each for each in given if each not in options), "")
    if gone or (question.kind != "choices" and len(given) > 1):
        why = f"“{_cut(gone or given[1], OPTION)}” is not offered under “{question.label}”. Choose again."
        raise WrongAnswer("", why)
    return ", ".join(each for each in options if each in given)


def _day(question: Question, text: str) -> str:
    try:
        day = date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise WrongAnswer(question.field, f"“{question.label}” wants a day of the calendar.") from None
    return f"{day.day} {day:%B} {day.year}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
