"""What the platforms tell of people and channels, and what is kept of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from handlers import directory
from handlers.directory import Located
from storage import catalogue, people
from storage.records import Channel, Person
from tests.handlers.office import HOUSE, TRIAGE, ZONE, Office

LINKED = replace(HOUSE, link_people=True)
BOB, T_BOB = "slack:UNEWBOB", "teams:29:bob"
ADDRESS = "bob@blomma.example"


@pytest.fixture
def office() -> Iterator[Office]:
    with Office(house=LINKED) as office:
        yield office


def told(office: Office, who: str, *, away: bool = False, tells: bool = True) -> None:
    """A platform describes somebody, with a status or without one; Teams `tells` nothing of that."""
    person = Person(who, "Bob", handle="bob", zone=ZONE, email=ADDRESS)
    if away:
        person = replace(person, absent_until=office.now + timedelta(days=2))
    office.keep(
        partial(directory.describe, house=office.house, person=person, now=office.now, tells_absence=tells)
    )


def is_away(office: Office, who: str) -> bool:
    known = office.keep(lambda tx: people.get(tx, "main", who))
    assert known is not None
    return known.is_away(office.now)


class TestStatus:
    """1 it comes and goes, 2 a platform that tells nothing, 3 the other account of somebody, 4 their word."""

    def test_1_it_comes_and_goes(self, office: Office) -> None:
        told(office, BOB, away=True)
        assert is_away(office, BOB)
        told(office, BOB)
        assert not is_away(office, BOB)

    def test_2_a_platform_that_tells_nothing_of_it_changes_nothing(self, office: Office) -> None:
        told(office, BOB, away=True)
        told(office, BOB, tells=False)
        assert is_away(office, BOB)

    @pytest.mark.parametrize(("first", "second"), [(BOB, T_BOB), (T_BOB, BOB)])
    def test_3_whoever_is_away_in_one_account_is_away(self, office: Office, first: str, second: str) -> None:
        told(office, first, tells=first == BOB)
        told(office, second, tells=second == BOB)
        told(office, BOB, away=True)
        told(office, T_BOB, tells=False)
        assert is_away(office, first), "the account known first is the person"
        told(office, BOB)
        assert not is_away(office, first)

    def test_4_who_said_that_they_are_away_stays_so(self, office: Office) -> None:
        told(office, BOB)
        office.keep(lambda tx: people.set_away(tx, "main", BOB, office.now + timedelta(days=5), None))
        told(office, BOB, away=True)
        told(office, BOB)
        assert is_away(office, BOB)


def place(name: str) -> str:
    return f"teams:19:{name}@thread.tacv2"


PETALS = (Located(place("p"), "Petals", "General"), Located(place("d"), "Petals", "Shop desk"))
OWLS = Located(place("o"), "Owls", "SHOP DESK")
STEMS = (Located(place("s"), "Stems", "General"), Located(place("x"), "", "Shed"))


@pytest.mark.parametrize(
    ("present", "names"),
    [
        (PETALS, {"General", "Shop desk"}),
        ((*PETALS, *STEMS), {"Petals › General", "Stems › General", "Shop desk", "Shed"}),
        (
            (*PETALS, OWLS),
            {"General", "Petals › Shop desk", "Owls › SHOP DESK"},
        ),
        ((Located(place("d"), "Petals", "Desk"),), {"Petals › Desk"}),
    ],
)
def test_a_channel_is_called_by_its_name_while_no_other_is(
    office: Office, present: tuple[Located, ...], names: set[str]
) -> None:
    desk = Channel(TRIAGE, "desk")
    office.keep(partial(directory.channels_are, house=office.house, prefix="slack:", present=[desk]))
    office.keep(
        partial(directory.places_are, house=office.house, prefix="teams:", present=present, whole=True)
    )
    known = {channel.name for channel in office.keep(lambda tx: catalogue.all_channels(tx, "main"))}
    assert known == {"desk", *names}


def test_what_is_not_the_whole_takes_nothing_away(office: Office) -> None:
    def are(present: tuple[Located, ...], *, whole: bool) -> set[str]:
        office.keep(
            partial(directory.places_are, house=office.house, prefix="teams:", present=present, whole=whole)
        )
        return {channel.place for channel in office.keep(lambda tx: catalogue.all_channels(tx, "main"))}

    petals, stems = ({each.place for each in some} for some in (PETALS, STEMS))
    assert are(PETALS, whole=False) == petals
    assert are(STEMS, whole=False) == petals | stems
    assert are(STEMS, whole=True) == stems
