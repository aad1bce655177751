"""Naming a service or a team in a line; the numbers are those of `handlers.filing.read_request`."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.intents import READING, Draft, File, Help, Intent, Misunderstood, OpenRequestForm, Show, Take
from handlers.language import LONGEST, read, reads
from handlers.naming import Offers
from storage.records import Service, Team
from storage.types import WallTime
from tests.handlers.test_language import LINES, NOW, PEOPLE, STOCKHOLM

FRIDAY = WallTime.parse(f"2026-11-27T17:00[{STOCKHOLM}]")
BOB = PEOPLE["bob"]

OFFERS = Offers(
    {
        "bouquets": Service(
            "bouquets", "Wedding bouquets", "flowers", form=("Which size? (choice: s, l) *",)
        ),
        "vases": Service("vases", "Vases & pots", "flowers", form=("How many? (number)",)),
        "wages": Service("wages", "Wages", "office", private=True),
        "till": Service("till", "Repairs", "office"),
        "lamp": Service("lamp", "Repairs", "office"),
        "list": Service("list", "List", "office"),
        "maps": Service("maps", "Maps", "office", retired=True),
    },
    {
        "flowers": Team("flowers", "The flower desk"),
        "wages": Team("wages", "Wages"),
        "bob": Team("bob", "Bobs"),
        "gone": Team("gone", "Gone", retired=True),
    },
)


def say(line: str, *, chat: bool = False) -> Intent:
    return read(line, NOW, STOCKHOLM, PEOPLE.get, OFFERS, chat=chat)


FILED = [
    ("two blue ones #vases", Draft("two blue ones", service="vases")),  # 6
    ("#vases two blue ones", Draft("two blue ones", service="vases")),
    ("#VASES two blue ones", Draft("two blue ones", service="vases")),
    ("two (#vases) blue ones", Draft("two blue ones", service="vases")),
    ("two blue ones #vases-pots", Draft("two blue ones", service="vases")),
    ("two #vases by friday !low", Draft("two", service="vases", needed_by=FRIDAY, priority="low")),  # type: ignore[arg-type]
    ("two by friday #vases", Draft("two", service="vases", needed_by=FRIDAY)),
    ("two blue ones #vases #wages", Draft("two blue ones #wages", service="vases", team="")),
    ("a word about #vases", Draft("a word about #vases", service="vases")),
    ("two blue ones #vases @bob", Draft("two blue ones", service="vases", to=BOB)),
    ("my pay slip #wages", Draft("my pay slip", service="wages", private=True)),
    ("the shelf #repairs", Draft("the shelf #repairs")),  # two are called so
    ("the shelf #till", Draft("the shelf", service="till")),
    ("a map #maps", Draft("a map #maps")),  # retired
    ("issue #hashtag", Draft("issue #hashtag")),
    ("see #12 and C#vases", Draft("see #12 and C#vases")),
    ("https://shop.example/#vases is broken", Draft("https://shop.example/#vases is broken")),
    ("the #vases's glaze is off", Draft("the #vases's glaze is off")),
    ("water them @flowers", Draft("water them", team="flowers")),  # 7
    ("water them #flowers", Draft("water them", team="flowers")),
    ("water them @the-flower-desk", Draft("water them", team="flowers")),
    ("water them @flowers and @wages", Draft("water them and @wages", team="flowers")),
    ("water them @bob", Draft("water them", to=BOB)),
    ("water them #bob", Draft("water them", team="bob")),
    ("water them @gone", Draft("water them @gone")),
    ("write to ann@flowers.example", Draft("write to ann@flowers.example")),
    ("two @flowers #vases", Draft("two", service="vases")),
    ("two @wages #till", Draft("two", service="till")),
]


@pytest.mark.parametrize(("line", "draft"), FILED)
def test_a_line_may_name_a_service_or_a_team(line: str, draft: Draft) -> None:
    assert say(line) == File(draft)
    assert not reads(line)


FORMS = [
    ("roses #bouquets by friday", Draft("roses", service="bouquets", needed_by=FRIDAY)),
    ("#wedding-bouquets", Draft(service="bouquets")),
    ("#list", Draft(service="list")),
    ("(#vases)", Draft(service="vases")),
    ("#vases by friday", Draft(service="vases", needed_by=FRIDAY)),
    ("@flowers", Draft(team="flowers")),
    ("/request #flowers", Draft(team="flowers")),
]


@pytest.mark.parametrize(("line", "draft"), FORMS)
def test_a_line_that_leaves_something_to_ask_opens_the_form(line: str, draft: Draft) -> None:
    assert say(line) == OpenRequestForm(draft)
    assert say(line, chat=True) == OpenRequestForm(draft)
    assert not reads(line)


@pytest.mark.parametrize(
    ("line", "kind"),
    [("take 12", Take), ("#12", Show), ("#hello", Help), ("#maps", Help), ("tkae 12", Misunderstood)],
)
def test_what_names_nothing_is_read_as_ever(line: str, kind: type) -> None:
    assert isinstance(say(line, chat=True), kind)


NAMES = st.sampled_from(
    ["#vases", "#bouquets", "@flowers", "#wages", "(#till)", "#nothing", "#12", "by friday"]
)


@given(st.lists(st.one_of(LINES, NAMES, st.sampled_from(["roses", "two", "\n"])), max_size=8).map(" ".join))
def test_reads_is_honest_about_lines_that_name_services(line: str) -> None:
    intent = say(line)
    assert isinstance(intent, get_args(Intent))
    assert not reads(line) or isinstance(intent, READING)


def test_a_pasted_log_looks_up_a_few_names() -> None:
    line = ("#a1 " * LONGEST)[: LONGEST - 7] + " #vases"
    assert isinstance(filed := say(line), File)
    assert filed.draft.service == ""
