"""What a catalogue file changes, and that it reads as it was written. Numbers as in `catalogue_change`."""

from dataclasses import replace
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.catalogue_change import Change, Difference, Step, apply, difference, export
from handlers.catalogue_file import Catalogue, known, read
from handlers.catalogue_write import service_values, team_values, write
from handlers.forms import SLOTS
from handlers.offering import faults_of_service, faults_of_team
from storage import catalogue, requests
from storage.database import Stale
from storage.records import Channel, Priority, Privacy, Rule, Service, Team
from tests.handlers.office import BOB, CAT, HOUSE, LEA, Office, a_request, moment
from tests.handlers.test_catalogue_file import CHANNELS, FLOWERS, KNOWN, PEOPLE

KEYS = st.from_regex(r"\A[a-z][a-z0-9-]{0,8}\Z")
LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30)
NAMES = LINES.map(str.strip).filter(bool)
TEXTS = st.text(st.sampled_from("ab \"\\\n'#[]={}ü🌷\u2028"), max_size=30).map(str.strip)
WHO = st.lists(st.sampled_from(sorted(PEOPLE.values())), max_size=3, unique=True).map(tuple)
PLACES = st.sampled_from(sorted(CHANNELS.values()))
RULES = st.sampled_from(Rule)


@st.composite
def teams(draw: st.DrawFn) -> Team:
    rule, rota = draw(RULES), draw(WHO)
    return Team(
        draw(KEYS),
        draw(NAMES),
        lead=draw(st.none() | st.sampled_from(sorted(PEOPLE.values()))),
        place=draw(PLACES),
        zone=draw(st.sampled_from(["", "UTC", "Asia/Tokyo"])),
        hours=draw(st.sampled_from(["", "mon-fri 09:00-17:00; sat 22:00-06:00"])),
        holidays=draw(st.sampled_from(["", "SE", "DE-BY"])),
        days_off=draw(st.sampled_from([(), ("2026-12-24", "2026-12-27..2026-12-31")])),
        rule=rule if rota else Rule.NONE,
        rota=rota,
        rota_from=draw(st.sampled_from(["", "2026-11-23"])),
        slots=draw(st.lists(st.sampled_from([name for name, _ in SLOTS]), unique=True).map(tuple)),
        members=tuple(sorted(draw(WHO))),
        retired=draw(st.booleans()),
    )


@st.composite
def services(draw: st.DrawFn, of: list[str]) -> Service:
    owed = dict.fromkeys(draw(st.lists(st.sampled_from(Priority), unique=True)), "1h / 2d 4h")
    return Service(
        draw(KEYS),
        draw(NAMES),
        draw(st.sampled_from(["", *of])),
        description=draw(TEXTS),
        form=draw(st.sampled_from([(), ("Which “size”? (choice: a, \\b) *", "B\\?", "C")])),
        targets=tuple(f"{priority}:{times}" for priority, times in owed.items()),
        private=draw(st.booleans()),
        rule=draw(st.none() | RULES),
        sampling=draw(st.integers(0, 100)),
        privacy=draw(st.sampled_from(Privacy)),
        retention=draw(st.integers(0, 36_500)),
        retired=draw(st.booleans()),
    )


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    known = {team.key: team for team in draw(st.lists(teams(), max_size=3))}
    alive = [key for key, team in known.items() if not team.retired]
    offered = draw(st.lists(services(alive), max_size=3))
    return Catalogue(known, {service.key: service for service in offered})


@given(catalogues())
def test_what_is_written_reads_the_same(wanted: Catalogue) -> None:
    for team in wanted.teams.values():
        assert faults_of_team(team, KNOWN.years) == ()
    for service in wanted.services.values():
        assert faults_of_service(service, wanted.teams) == ()
    now = {key: team_values(team, KNOWN) for key, team in wanted.teams.items()}
    then = {key: service_values(service) for key, service in wanted.services.items()}
    found = read(write(now, then).encode(), KNOWN)
    assert isinstance(found, Catalogue), found
    assert {key: team_values(team, KNOWN) for key, team in found.teams.items()} == now
    assert {key: service_values(service) for key, service in found.services.items()} == then
    for key, team in found.teams.items():
        order = wanted.teams[key]
        slots = sorted(order.slots)
        assert replace(team, members=tuple(sorted(team.members)), slots=tuple(sorted(team.slots))) == replace(
            order, retired=False, slots=tuple(slots)
        )


def furnished() -> Office:
    office = Office()
    office.keep(lambda tx: catalogue.set_channels(tx, HOUSE.org, "slack:", CHANNELS_KEPT))
    return office


CHANNELS_KEPT = [Channel(place, name.removeprefix("#")) for name, place in CHANNELS.items()]


def keep(office: Office, wanted: Catalogue) -> None:
    for team in wanted.teams.values():
        office.keep(lambda tx, one=team: catalogue.keep_team(tx, HOUSE.org, one))  # type: ignore[misc]
    for service in wanted.services.values():
        office.keep(lambda tx, one=service: catalogue.keep_service(tx, HOUSE.org, one))  # type: ignore[misc]
    office.keep(lambda tx: catalogue.count_up(tx, HOUSE.org))


def compared(office: Office, text: str) -> Difference:
    def unit(tx: object) -> Difference:
        names = known(tx, office.house)  # type: ignore[arg-type]
        found = read(dedent(text).encode(), names)
        assert isinstance(found, Catalogue), found
        return difference(tx, office.house, found, names)  # type: ignore[arg-type]

    return office.keep(unit)


def applied(office: Office, text: str) -> Difference:
    found = compared(office, text)
    office.keep(lambda tx: apply(tx, office.house, found))
    office.keep(lambda _: None)
    return found


def exported(office: Office) -> str:
    return office.keep(lambda tx: export(tx, office.house, known(tx, office.house)))


@given(catalogues())
def test_a_file_that_was_exported_changes_nothing(wanted: Catalogue) -> None:
    with furnished() as office:
        keep(office, wanted)
        found = compared(office, exported(office))
        assert found.changes == ()
        alive = sum(not team.retired for team in wanted.teams.values())
        assert found.unchanged == alive + sum(not one.retired for one in wanted.services.values())


def test_people_and_channels_are_written_by_a_name_that_means_them_else_by_id() -> None:
    with furnished() as office:
        office.described("slack:UBOB2", "Bob", handle="bob", email="bob2@flowers.example")
        office.described("slack:UNEW", "New", handle="")
        office.leaves(CAT)
        team = Team(
            "t", "T", place="slack:CGONE", members=(BOB, CAT, LEA, "slack:UBOB2", "slack:UNEW"), lead=LEA
        )
        keep(office, Catalogue({"t": team}, {}))
        text = exported(office)
        assert '["@bob", "@lea", "bob2@flowers.example", "slack:UCAT", "slack:UNEW"]' in text
        assert 'channel = "slack:CGONE"' in text
        assert compared(office, text).changes == ()


# what changes


TWO = """
    [teams.flowers]
    name = "Flowers"
    channel = "#flowers"
    [teams.vans]
    name = "Vans"
    channel = "#desk"
    [services.bouquets]
    name = "Bouquets"
    team = "flowers"
    [services.rides]
    name = "Rides"
    team = "vans"
    """


def told(found: Difference) -> list[str]:
    return [f"{change.kind} {change.key} {change.step}" for change in found.changes]


def test_1_added_and_changed() -> None:
    with furnished() as office:
        first = compared(office, TWO)
        assert told(first) == [
            "team flowers added",
            "team vans added",
            "service bouquets added",
            "service rides added",
        ]
        office.keep(lambda tx: apply(tx, office.house, first))
        office.keep(lambda _: None)
        assert set(office.house.teams) == {"flowers", "vans"}
        assert compared(office, TWO).changes == ()

        second = compared(office, TWO.replace('"Rides"', '"Lifts"\nretention = "1 year"'))
        (change,) = second.changes
        assert (change.kind, change.key, change.step, second.unchanged) == ("service", "rides", "changed", 3)
        assert [(one.key, one.before, one.after) for one in change.fields] == [
            ("name", "Rides", "Lifts"),
            ("retention", None, "1 year"),
        ]


def test_2_what_requests_speak_of_is_retired_the_rest_deleted() -> None:
    with furnished() as office:
        applied(office, TWO)
        spoken = a_request(number=1, team="flowers", service="bouquets")
        office.keep(lambda tx: requests.add(tx, HOUSE.org, spoken))
        found = compared(office, "[teams]")
        assert set(found.changes) == {
            Change("team", "flowers", Step.RETIRED, used=1),
            Change("team", "vans", Step.DROPPED),
            Change("service", "bouquets", Step.RETIRED, used=1),
            Change("service", "rides", Step.DROPPED),
        }
        office.keep(lambda tx: apply(tx, office.house, found))
        office.keep(lambda _: None)
        assert {key: team.retired for key, team in office.house.teams.items()} == {"flowers": True}
        assert {key: one.retired for key, one in office.house.services.items()} == {"bouquets": True}
        assert compared(office, "[teams]").changes == ()
        assert exported(office).count("[") == 2, "what is retired is not in the file"


def test_2_a_request_that_ended_is_spoken_of_as_well() -> None:
    with furnished() as office:
        applied(office, TWO)
        ended = a_request(number=1, service="rides", ended_at=moment("2026-11-23 12:00"))
        office.keep(lambda tx: requests.add(tx, HOUSE.org, ended))
        found = compared(office, FLOWERS)
        assert told(found) == ["team vans retired", "service bouquets deleted", "service rides retired"]


def test_2_a_request_filed_meanwhile_saves_what_it_speaks_of() -> None:
    with furnished() as office:
        applied(office, TWO)
        found = compared(office, FLOWERS)
        assert told(found) == ["team vans deleted", "service bouquets deleted", "service rides deleted"]
        late = a_request(number=1, team="vans", service="rides")
        office.keep(lambda tx: requests.add(tx, HOUSE.org, late))
        office.keep(lambda tx: apply(tx, office.house, found))
        office.keep(lambda _: None)
        assert office.house.teams["vans"].retired
        assert set(office.house.services) == {"rides"}


def test_3_what_was_retired_can_come_back() -> None:
    with furnished() as office:
        keep(office, Catalogue({}, {"rides": Service("rides", "Rides", "", retired=True)}))
        text = '[services.rides]\nname = "Rides"'
        found = compared(office, text)
        assert told(found) == ["service rides back again"]
        office.keep(lambda tx: apply(tx, office.house, found))
        office.keep(lambda _: None)
        assert not office.house.services["rides"].retired
        assert compared(office, text).changes == ()


def test_4_of_two_files_at_once_the_second_changes_nothing() -> None:
    with furnished() as office:
        first, second = compared(office, TWO), compared(office, FLOWERS)
        office.keep(lambda tx: apply(tx, office.house, first))
        with pytest.raises(Stale):
            office.keep(lambda tx: apply(tx, office.house, second))
        assert compared(office, TWO).changes == ()


def test_4_a_file_that_changes_nothing_counts_nothing_up() -> None:
    with furnished() as office:
        applied(office, TWO)
        before = office.keep(lambda tx: catalogue.revision(tx, HOUSE.org))
        applied(office, TWO)
        assert office.keep(lambda tx: catalogue.revision(tx, HOUSE.org)) == before
