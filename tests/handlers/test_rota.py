"""Who is on duty week by week, and who stands in; the rules are numbered in `handlers.rota`.

Bob leads the flowers, whose rota is Bob, Cat, Bob, Cat …; it is Monday, 23 November, ten o'clock.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.notices import Answer, Catalogue, Form, Refused
from handlers.words import plain
from storage.records import Rule, Service, Team
from tests.handlers.office import ANN, BOB, CAT, LEA, Office
from tests.handlers.test_editing import BOUQUETS, FLOWERS, VANS, fill, form, labels, page, read, said, stock

TODAY = "2026-11-23"


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        stock(office, FLOWERS, VANS, BOUQUETS)
        yield office


def weeks(office: Office, line: str = "duty flowers", who: str = ANN) -> list[str]:
    [entry] = page(office, who, line).entries
    return read(entry)


AS_PLANNED = [
    "This week: Bob",
    "Mon 30 Nov: Cat",
    "Mon 7 Dec: Bob",
    "Mon 14 Dec: Cat",
    "Mon 21 Dec: Bob",
    "Mon 28 Dec: Cat",
]


def test_1_everybody_sees_six_weeks_and_the_team_how_to_swap(office: Office) -> None:
    for line in ("duty", "duty flowers", "duty @flowers", "duty Flowers please"):
        assert isinstance(office.say(ANN, line), Catalogue) or "please" in line
    assert weeks(office) == AS_PLANNED
    assert [labels(one) for one in page(office, ANN, "duty").entries] == [[]]
    for who in (BOB, CAT, LEA):
        assert [labels(one) for one in page(office, who, "duty").entries] == [["Swap a week of Flowers …"]]


def test_my_own_teams_are_shown_when_i_have_some(office: Office) -> None:
    drivers = Team("drivers", "Drivers", rota=(ANN,), rota_from=TODAY, members=(ANN,))
    stock(office, drivers)
    assert [one.title for one in page(office, ANN, "duty").entries] == ["Drivers"]
    assert [one.title for one in page(office, CAT, "duty").entries] == ["Flowers"]
    assert [one.title for one in page(office, LEA, "duty").entries] == ["Drivers", "Flowers"]
    assert weeks(office, "duty vans") == ["It has no rota. Its lead can write one."]


@pytest.mark.parametrize(
    ("who", "line", "answer"),
    [
        (
            CAT,
            "duty flowers 30 november @lea",
            "Flowers, the week of Mon 30 Nov: Lea is on duty, for Cat. Please tell them",
        ),
        (CAT, "duty 2 december @lea", "Flowers, the week of Mon 30 Nov: Lea is on duty, for Cat."),
        (BOB, "duty flowers today @ann", "Flowers, the week of Mon 23 Nov: Ann is on duty, for Bob."),
        (BOB, "duty flowers next week @cat", "Flowers, the week of Mon 30 Nov: Cat is on duty, as planned."),
        (LEA, "duty flowers friday nobody", "Flowers, the week of Mon 23 Nov: Bob is on duty, as planned."),
        (
            ANN,
            "duty flowers 30 november @lea",
            "Only the people of the team and its lead can swap its weeks.",
        ),
        (BOB, "duty flowers 2026-11-16 @cat", "That week is over."),
        (BOB, "duty flowers 16 november @cat", "The week of 15 November 2027 is more than half a year away."),
        (BOB, "duty flowers 30 november @zed", "I know nobody called “@zed”. Nothing was changed."),
        (BOB, "duty flowers 30 november", "Say who stands in, with an @. Nothing was changed."),
        (BOB, "duty bakery 30 november @cat", "There is no team “bakery”."),
        (BOB, "duty bakery", "There is no team “bakery”."),
        (LEA, "duty vans 30 november @cat", "Vans has no rota."),
        (ANN, "duty 30 november @cat", "Say of which team."),
    ],
)
def test_a_line(office: Office, who: str, line: str, answer: str) -> None:
    notice = office.say(who, line)
    assert isinstance(notice, Answer | Refused), notice
    assert said(notice).startswith(answer), said(notice)


def test_who_stands_in_is_shown_and_gets_what_is_asked(office: Office) -> None:
    stock(office, replace(FLOWERS, rule=Rule.DUTY), Service("bouquets", "Bouquets", "flowers"))
    office.say(BOB, "duty flowers today @cat")
    office.say(CAT, "duty flowers 7 december @lea")
    assert weeks(office)[:3] == ["This week: Cat, for Bob", "Mon 30 Nov: Cat", "Mon 7 Dec: Lea, for Bob"]
    office.file(ANN, "roses #bouquets")
    assert office.request().owner == CAT
    office.say(BOB, "duty flowers today nobody")
    office.say(BOB, "duty flowers 9 december @bob")
    assert weeks(office) == AS_PLANNED


def test_3_who_is_away_then_cannot_stand_in(office: Office) -> None:
    office.say(CAT, "away until 3 december")
    assert said(office.say(BOB, "duty flowers today @cat")).startswith("Cat is away until Thu 3 Dec")
    assert said(office.say(BOB, "duty flowers 30 november @cat")).startswith("Cat is away")
    assert "Cat is on duty" in said(office.say(BOB, "duty flowers 7 december @cat"))
    office.leaves(ANN)
    assert (
        said(office.say(BOB, "duty flowers 14 december @ann"))
        == "I know nobody called “@ann”. Nothing was changed."
    )


def test_the_form_does_the_same(office: Office) -> None:
    office.say(CAT, "duty flowers 30 november @lea")
    opened = form(office, BOB, "duty flowers …")
    assert [label for _, label in opened.fields[0].options] == [
        "This week: Bob",
        "30 Nov: Lea, for Cat",
        "7 Dec: Bob",
        "14 Dec: Cat",
        "21 Dec: Bob",
        "28 Dec: Cat",
    ]
    assert "as planned" in said(fill(office, BOB, opened, week="2026-11-30"))
    assert "Ann is on duty, for Bob" in said(fill(office, BOB, opened, week="2026-12-07", person=ANN))
    assert weeks(office)[1:3] == ["Mon 30 Nov: Cat", "Mon 7 Dec: Ann, for Bob"]
    for week in ("", "soon", "2026-02-30"):
        refused = fill(office, BOB, opened, week=week, person=ANN)
        assert isinstance(refused, Refused)
        assert (refused.field, plain(refused.why)) == ("week", "Choose a week.")


def test_a_form_of_the_team_is_not_taken_from_others(office: Office) -> None:
    opened = form(office, BOB, "duty flowers …")
    assert isinstance(opened, Form)
    assert "Only the people of the team" in said(fill(office, ANN, opened, week="2026-11-30", person=ANN))
    assert weeks(office) == AS_PLANNED
