"""What a service asks: the numbers are those of the cases in `handlers.questions`."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.notices import FIELD_KINDS
from handlers.questions import (
    KINDS,
    LONG,
    OPTIONS,
    QUESTIONS,
    TEXT,
    Question,
    Values,
    WrongAnswer,
    answers,
    asks,
    fields,
    questions,
    read_question,
    read_questions,
    write_question,
)
from storage.records import Service

LINES = [
    (
        "Which size? (choice: small, large) *",
        Question("which-size", "Which size?", "choice", ("small", "large"), True),
    ),
    ("Extras (choices: ribbon, vase)", Question("extras", "Extras", "choices", ("ribbon", "vase"))),
    ("Card text", Question("card-text", "Card text")),  # 2
    ("Card text *", Question("card-text", "Card text", required=True)),
    ("Size (in cm) (number)", Question("size-in-cm", "Size (in cm)", "number")),  # 2
    ("Size (in cm) (text) *", Question("size-in-cm", "Size (in cm)", required=True)),
    (
        "Size (up to (or over) 30) (number)",
        Question("size-up-to-or-over-30", "Size (up to (or over) 30)", "number"),
    ),
    ("Anything else? (long)", Question("anything-else", "Anything else?", "long")),  # 3
    ("Wedding day (date)*", Question("wedding-day", "Wedding day", "date", required=True)),
    ("Who decides? ( PERSON )", Question("who-decides", "Who decides?", "person")),
    ("A  gift?   (yes/no)", Question("a-gift", "A gift?", "yes/no")),
    ("Für wen? (text)", Question("für-wen", "Für wen?")),
    ("🌷? (yes/no)", Question("question", "🌷?", "yes/no")),
    ("How (choice: by van (slow), by bike)", Question("how", "How", "choice", ("by van (slow)", "by bike"))),
]


@pytest.mark.parametrize(("line", "question"), LINES)
def test_a_line_asks_a_question(line: str, question: Question) -> None:
    assert read_question(line) == question
    assert read_question(write_question(question)) == question


WRONG = [
    ("", "has no words"),
    (" * ", "has no words"),
    ("(number)", "has no words"),
    ("x" * 151, "at most 150 characters"),
    ("Size (numbr)", "“numbr” is no kind of question; did you mean “number”?"),
    ("Size (in cm)", "it is one of text, long, number"),
    ("A gift? (yes)", "did you mean “yes/no”?"),
    ("Size (choice)", "offers nothing to choose from"),
    ("Size (choice: , ,)", "offers nothing to choose from"),
    ("Size (number: 1, 2)", "is a number and has no options"),
    ("Size (choice: " + ", ".join(map(str, range(OPTIONS + 1))) + ")", "31 options; 30 are the most"),
    ("Size (choice: large, small, Large)", "offers “Large” twice"),
    (f"Size (choice: {'x' * 76})", "at most 75 characters"),
    ("Size) (number))", "never opened"),
]


@pytest.mark.parametrize(("line", "why"), WRONG)
def test_a_line_that_asks_nothing_is_told_why(line: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        read_question(line)


words = st.text("abc ÅÖ()*:?/🌷", min_size=1, max_size=20).map(lambda text: " ".join(text.split()))
lines = st.one_of(
    st.text("abc ()*:,?/\n🌷", max_size=40),
    st.builds("{} ({}: {}) *".format, words, st.sampled_from(KINDS), st.lists(words).map(", ".join)),
    st.builds("{} ({})".format, words, st.sampled_from(KINDS)),
)


@given(lines)
def test_what_can_be_read_is_written_as_it_is_read(line: str) -> None:
    try:
        question = read_question(line)
    except ValueError:
        return
    assert read_question(write_question(question)) == question


@given(lines)
def test_a_service_asks_what_can_be_read_and_no_more(line: str) -> None:
    service = a_service(line, "Colour")
    known = questions(service)
    assert known[-1].label == "Colour"
    assert len({question.key for question in known}) == len(known) <= 2
    assert [field.name for field in fields(service)] == [question.field for question in known]
    assert {field.kind for field in fields(service)} <= set(FIELD_KINDS)


def test_a_form_has_twenty_questions_called_differently() -> None:  # 4
    assert len(read_questions([f"Question {n}" for n in range(QUESTIONS)])) == QUESTIONS
    with pytest.raises(ValueError, match="at most 20 questions; this one has 21"):
        read_questions([f"Question {n}" for n in range(QUESTIONS + 1)])
    with pytest.raises(ValueError, match="“Size!” is asked twice"):
        read_questions(["Size", "", "Size!"])
    assert [one.key for one in questions(a_service("Size", "Size (number)", "size?"))] == [
        "size",
        "size-2",
        "size-3",
    ]
    assert len(questions(a_service(*(f"Question {n}" for n in range(30))))) == QUESTIONS


def test_a_service_asks_when_something_must_be_answered() -> None:
    assert asks(a_service("Size", "Colour *"))
    assert not asks(a_service("Size", "Colour (nonsense) *"))


def a_service(*form: str) -> Service:
    return Service("bouquets", "Bouquets", "flowers", form=form)


FORM = a_service(
    "Size (choice: small, large) *",
    "Extras (choices: ribbon, vase, card)",
    "Stems (number)",
    "Day (date)",
    "Decides (person)",
    "Gift (yes/no)",
    "Card",
    "Notes (long)",
)
NAMES = {"slack:U1": "Flora"}

ANSWERS: list[tuple[Values, tuple[str, str]]] = [
    ({"q:extras": ("card", "ribbon")}, ("Extras", "ribbon, card")),
    ({"q:extras": "vase"}, ("Extras", "vase")),
    ({"q:stems": "3"}, ("Stems", "3")),
    ({"q:stems": " 2.5 "}, ("Stems", "2.5")),
    ({"q:stems": "2,5"}, ("Stems", "2,5")),
    ({"q:stems": "1 000"}, ("Stems", "1 000")),
    ({"q:stems": "1\u202f000\u00a0000"}, ("Stems", "1 000 000")),
    ({"q:stems": "-4"}, ("Stems", "-4")),
    ({"q:day": "2026-11-27"}, ("Day", "27 November 2026")),
    ({"q:decides": "slack:U1"}, ("Decides", "Flora")),
    ({"q:gift": "yes"}, ("Gift", "yes")),
    ({"q:gift": "no"}, ("Gift", "no")),
    ({"q:card": " With\n love "}, ("Card", "With love")),
    ({"q:card": "x" * 400}, ("Card", "x" * (TEXT - 1) + "…")),
    ({"q:notes": "one\ntwo"}, ("Notes", "one\ntwo")),
    ({"q:notes": "x" * 4_000}, ("Notes", "x" * (LONG - 1) + "…")),
]


@pytest.mark.parametrize(("values", "said"), ANSWERS)
def test_answers_are_kept_in_words(values: Values, said: tuple[str, str]) -> None:  # 5
    known = answers(
        FORM, {"q:size": "small", "q:gone": "a field that was taken away", **values}, NAMES.__getitem__
    )
    assert known == (("Size", "small"), said)


WRONG_ANSWERS: list[tuple[Values, str, str]] = [
    ({}, "q:size", "Bouquets has questions of its own"),
    ({"q:size": " "}, "q:size", "“Size” needs an answer."),
    ({"q:size": ()}, "q:size", "“Size” needs an answer."),
    ({"q:size": "huge"}, "", "“huge” is not offered under “Size”."),
    ({"q:size": ("small", "large")}, "", "“large” is not offered"),
    ({"q:size": "small", "q:extras": ("card", "a horse")}, "", "“a horse” is not offered under “Extras”."),
    ({"q:size": "small", "q:gift": "maybe"}, "", "“maybe” is not offered under “Gift”."),
    *(
        ({"q:size": "small", "q:stems": text}, "q:stems", "wants a number")
        for text in ("three", "nan", "inf", "1e5", "0x10", "--3", "3 4", "1 00", "²", "9" * 31)
    ),
    ({"q:size": "small", "q:day": "2026-02-30"}, "q:day", "wants a day"),
    ({"q:size": "small", "q:day": "20261127"}, "q:day", "wants a day"),
]


@pytest.mark.parametrize(("values", "field", "why"), WRONG_ANSWERS)
def test_a_wrong_answer_says_where_and_why(values: Values, field: str, why: str) -> None:
    with pytest.raises(WrongAnswer) as wrong:
        answers(FORM, values, NAMES.__getitem__)
    assert wrong.value.field == field
    assert why in wrong.value.why


def test_the_fields_are_filled_with_what_is_known() -> None:
    filled = {field.name: field.initial for field in fields(FORM, {"q:size": "large", "q:extras": ("vase",)})}
    assert filled["q:size"] == "large"
    assert filled["q:extras"] == ("vase",)
    assert filled["q:card"] is None
