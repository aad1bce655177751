"""What may stand in the catalogue. Numbers as in `handlers.offering`."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.offering import (
    faults_of_service,
    faults_of_team,
    in_use,
    person_named,
    place_named,
    save_service,
    save_team,
)
from storage import catalogue, people, requests
from storage.database import Stale
from storage.records import Channel, Rule, Service, Team
from tests.handlers.office import ANN, BOB, HOUSE, Office, a_request, moment

YEARS = range(2025, 2028)
FLOWERS = Team("flowers", "Flowers", place="slack:C2")
BOUQUETS = Service("bouquets", "Bouquets", "flowers")
A_YEAR_OFF = ("2026-01-01..2026-12-31",)


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


@pytest.mark.parametrize(
    ("more", "field", "why"),
    [
        ({"key": ""}, "key", "“” should be lower-case letters"),
        ({"key": "Flowers"}, "key", "“Flowers” should be lower-case"),
        ({"key": "1st"}, "key", "“1st” should be lower-case"),
        ({"key": "a" * 41}, "key", "“aaa"),
        ({"name": " "}, "name", "should not be empty"),
        ({"name": "x" * 61}, "name", "should be at most 60 characters, and is 61"),
        ({"name": "Flowers\nand more"}, "name", "should be one line of text"),
        ({"name": "Flowers\0"}, "name", "has signs in it that nobody can read"),
        (
            {"zone": "Europe/Stokholm"},
            "zone",
            "there is no time zone “Europe/Stokholm”; did you mean “Europe/",
        ),
        ({"zone": "../etc"}, "zone", "there is no time zone “../etc”"),
        ({"hours": "mon-fri 9-5"}, "hours", "“9-5” should look like"),
        ({"hours": "mon-fri 09:00-09:00"}, "hours", "“09:00-09:00” is no time at all"),
        ({"hours": ";"}, "hours", "should look like"),
        ({"holidays": "XX"}, "holidays", "no public holidays are known for XX"),
        ({"days_off": ("24.12.",)}, "days_off", "“24.12.” should be a date"),
        ({"days_off": ("2026-12-24",) * 101}, "days_off", "should be at most 100"),
        ({"rule": Rule.DUTY}, "rota", "should name who is on duty"),
        ({"rota_from": "2026-11-24"}, "rota_from", "2026-11-24 is no Monday; 2026-11-23 is"),
        ({"rota_from": "next week"}, "rota_from", "“next week” should be a date"),
        ({"slots": ("both", "evening")}, "slots", "“evening” is no way to bundle nudges"),
        ({"place": None}, "members", "nobody serves here"),
    ],
)
def test_faults_of_a_team(more: dict[str, object], field: str, why: str) -> None:
    ((named, sentence),) = faults_of_team(replace(FLOWERS, **more), YEARS)  # type: ignore[arg-type]
    assert named == field
    assert sentence.startswith(why)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"place": None, "members": (BOB,)},
        {"hours": "mon-fri 22:00-06:00"},
        {"zone": "Asia/Tokyo", "hours": "sat 10:00-12:00", "holidays": "DE-BY", "days_off": ("2026-12-24",)},
        {"rule": Rule.DUTY, "rota": (BOB,), "rota_from": "2026-11-23"},
        {"rule": Rule.DUTY, "rota": (BOB,)},
        {"slots": ("both", "at once")},
    ],
)
def test_a_team_without_fault(more: dict[str, object]) -> None:
    assert faults_of_team(replace(FLOWERS, **more), YEARS) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hours", "days_off", "still"),
    [
        ("", A_YEAR_OFF, True),
        ("mon 09:00-10:00", A_YEAR_OFF, True),
        ("", ("2026-01-01..2026-06-30", "2026-07-01..2027-01-31"), True),
        ("", ("2026-01-01..2026-12-01",), False),
        ("", ("2026-01-01..2026-06-30", "2026-07-02..2027-01-31"), False),
        (
            "sat 10:00-12:00",
            tuple(f"2026-{one:02}-01..2026-{one:02}-28" for one in range(1, 13)),
            False,
        ),
        ("", ("0001-01-01", "9999-12-31"), False),
    ],
)
def test_3_a_calendar_with_no_working_time_for_a_year(
    hours: str, days_off: tuple[str, ...], still: bool
) -> None:
    faults = faults_of_team(replace(FLOWERS, hours=hours, days_off=days_off), YEARS)
    assert faults == ((("days_off", "leave no working day for a whole year"),) if still else ())


def test_all_faults_are_told_at_once() -> None:
    team = Team("X", "", zone="Mars", hours="never", holidays="ZZ", days_off=("x",), rule=Rule.DUTY)
    assert [field for field, _ in faults_of_team(team, YEARS)] == [
        "key",
        "name",
        "zone",
        "hours",
        "holidays",
        "days_off",
        "rota",
        "members",
    ]


@pytest.mark.parametrize(
    ("more", "field", "why"),
    [
        ({"key": "wed dings"}, "key", "“wed dings” should be"),
        ({"name": ""}, "name", "should not be empty"),
        ({"team": "flower"}, "team", "there is no team “flower”; did you mean “flowers”?"),
        ({"team": "zebras"}, "team", "there is no team “zebras”"),
        ({"description": "x" * 501}, "description", "should be at most 500 characters"),
        ({"form": ("Which? (colour)",)}, "form", "“colour” is no kind of question"),
        ({"form": ("Which?", "which? (long)")}, "form", "“which?” is asked twice"),
        ({"form": tuple(f"Question {one}?" for one in range(21))}, "form", "a form asks at most 20"),
        ({"form": ("Which\0?",)}, "form", "has signs in it"),
        ({"targets": ("urgent: soon / later",)}, "targets", "“soon” should look like"),
        ({"sampling": 101}, "sampling", "should be a number from 0 to 100"),
        ({"sampling": -1}, "sampling", "should be a number from 0 to 100"),
        ({"retention": -1}, "retention", "should be a number of days"),
    ],
)
def test_faults_of_a_service(more: dict[str, object], field: str, why: str) -> None:
    ((named, sentence),) = faults_of_service(replace(BOUQUETS, **more), {"flowers"})  # type: ignore[arg-type]
    assert named == field
    assert sentence.startswith(why)


def test_a_service_without_fault() -> None:
    form = ("Which size? (choice: small, large) *", "Which\tcolour?")
    assert faults_of_service(replace(BOUQUETS, description="Two\nlines"), {"flowers"}) == ()
    assert faults_of_service(replace(BOUQUETS, targets=("low: 1d / 5d",), form=form[:1]), {"flowers"}) == ()
    assert faults_of_service(replace(BOUQUETS, team=""), ()) == (), "the organisation's own desk serves it"


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("@bob", BOB),
        (" @Bob ", BOB),
        ("bob@flowers.example", BOB),
        ("Bob@Flowers.Example", BOB),
        (BOB, BOB),
        ("bob", None),
        ("@nobody", None),
        ("nobody@flowers.example", None),
        ("slack:UNOBODY", None),
        ("@", None),
        ("", None),
    ],
)
def test_people_by_their_names(office: Office, text: str, person: str | None) -> None:
    office.described(BOB, "Bob", email="bob@flowers.example")
    assert office.keep(lambda tx: person_named(tx, office.house, text)) == person


def test_an_address_of_two_accounts_is_the_person(office: Office) -> None:
    office.described(BOB, "Bob", email="bob@flowers.example")
    office.described("teams:29:bob", "Bob", email="bob@flowers.example")
    office.keep(lambda tx: people.link(tx, HOUSE.org, BOB, "teams:29:bob"))
    found = office.keep(lambda tx: person_named(tx, office.house, "bob@flowers.example"))
    assert found == "teams:29:bob"


LINK = "https://teams.microsoft.com/l/channel/19%3Aabc%40thread.tacv2/General?groupId=1&tenantId=2"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("#desk", "slack:C9"),
        ("desk", "slack:C9"),
        ("Shop desk", "teams:19:shop@thread.tacv2"),
        ("slack:C1", "slack:C1"),
        ("C0123ABCD", "slack:C0123ABCD"),
        ("teams:19:abc@thread.tacv2", "teams:19:abc@thread.tacv2"),
        ("19:abc@thread.tacv2", "teams:19:abc@thread.tacv2"),
        (LINK, "teams:19:abc@thread.tacv2"),
        ("#nowhere", None),
        ("slack:U1", None),
        ("teams:29:x", None),
        ("https://[", None),
        ("#", None),
        ("", None),
    ],
)
def test_channels_by_their_names(office: Office, text: str, place: str | None) -> None:
    for channel in (Channel("slack:C9", "desk"), Channel("teams:19:shop@thread.tacv2", "Shop desk")):
        office.keep(lambda tx, one=channel: catalogue.name_channel(tx, HOUSE.org, one))  # type: ignore[misc]
    assert office.keep(lambda tx: place_named(tx, office.house, text)) == place


def test_of_two_who_edit_at_once_the_second_is_told(office: Office) -> None:
    read = office.keep(lambda tx: catalogue.revision(tx, HOUSE.org))
    office.keep(lambda tx: save_team(tx, office.house, FLOWERS, read))
    with pytest.raises(Stale):
        office.keep(lambda tx: save_team(tx, office.house, replace(FLOWERS, name="Other"), read))
    with pytest.raises(Stale):
        office.keep(lambda tx: save_service(tx, office.house, BOUQUETS, read))
    office.keep(lambda tx: save_service(tx, office.house, BOUQUETS, read + 1))
    assert office.keep(lambda tx: catalogue.all_teams(tx, HOUSE.org)) == {"flowers": FLOWERS}
    assert office.keep(lambda tx: catalogue.all_services(tx, HOUSE.org)) == {"bouquets": BOUQUETS}


def test_how_many_requests_speak_of_it(office: Office) -> None:
    for number, (team, service) in enumerate(
        [("flowers", "bouquets"), ("flowers", "weddings"), ("", ""), ("flowers", "bouquets")], 1
    ):
        one = a_request(number=number, team=team, service=service, requester=ANN)
        if number == 4:
            one = replace(one, ended_at=moment("2026-11-23 12:00"))
        office.keep(lambda tx, one=one: requests.add(tx, HOUSE.org, one))  # type: ignore[misc]
    assert office.keep(lambda tx: in_use(tx, office.house, team="flowers")) == 3
    assert office.keep(lambda tx: in_use(tx, office.house, service="bouquets")) == 2
    assert office.keep(lambda tx: in_use(tx, office.house, service="cakes")) == 0


GONE = Team(
    "flowers", "Flowers", place="slack:C2", zone="Mars/Base", hours="late", holidays="XX", days_off=("x",)
)


def test_what_cannot_be_read_any_more_counts_as_the_organisations(office: Office) -> None:
    """A zone or a country may vanish from the libraries, and time must go on."""
    office.keep(lambda tx: catalogue.keep_team(tx, HOUSE.org, GONE))
    office.keep(lambda tx: catalogue.count_up(tx, HOUSE.org))
    office.keep(lambda _: None)
    team = office.house.team("flowers")
    assert team == GONE
    assert office.house.zone_of(team) == HOUSE.zone
    assert office.house.hours_of(team).week == HOUSE.calendar.week
    assert office.house.hours_of(replace(team, hours="", holidays="", days_off=())) == HOUSE.calendar
