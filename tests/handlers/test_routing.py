"""Who gets a request. The numbers are those of `handlers.routing`. It is Monday, ten o'clock in Stockholm."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import routing
from handlers.house import House
from handlers.notices import Filed, News, Story
from handlers.routing import Candidate, behind, monday_of, pick, this_week
from handlers.words import plain
from storage import catalogue, people
from storage.records import Person, Rule, Service, Status, Team
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, MONDAY, ZONE, Office, moment

DAN, FAY = "slack:UDAN", "slack:UFAY"
FLOWERS = "slack:C2"
AUCKLAND = "Pacific/Auckland"
"""There it is eleven in the evening."""
TEAM = Team("flowers", "Flowers", lead=LEA, place=FLOWERS, rota=(BOB, CAT, DAN), rota_from="2026-11-23")
BOUQUETS = Service("bouquets", "Bouquets", "flowers")


def a_team(office: Office, rule: Rule = Rule.NONE, service: Service = BOUQUETS, **more: Any) -> None:
    """The flowers team, with Bob, Cat and Dan in its channel."""
    team = replace(TEAM, **{"rule": rule, **more})

    def unit(tx: Any) -> None:
        people.describe(tx, HOUSE.org, Person(DAN, "Dan", handle="dan", zone=ZONE))
        people.describe(tx, HOUSE.org, Person(FAY, "Fay", handle="fay", zone=ZONE))
        people.set_members(tx, HOUSE.org, FLOWERS, (BOB, CAT, DAN))
        catalogue.keep_team(tx, HOUSE.org, team)
        catalogue.keep_service(tx, HOUSE.org, service)
        catalogue.count_up(tx, HOUSE.org)

    office.keep(unit)


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


def lives_in(office: Office, who: str, name: str, zone: str) -> None:
    office.described(who, name, zone=zone)


def away(office: Office, who: str, cover: str | None = None, until: str = "2026-12-30 09:00") -> None:
    office.keep(lambda tx: people.set_away(tx, HOUSE.org, who, moment(until), cover))


def why(office: Office, number: int = 1) -> str:
    """Why this person was chosen, as the history says."""
    return next((line.text for line in office.story(number) if line.verb == "assign"), "")


def files(office: Office, count: int, who: str = ANN) -> list[str | None]:
    """So many requests for flowers, and whose each is."""
    return [office.request(office.file(who, "roses #bouquets")).owner for _ in range(count)]


def test_1_nobody_is_chosen(office: Office) -> None:
    a_team(office)
    assert files(office, 2) == [None, None]
    request = office.request()
    assert (request.place, request.homeless, office.verbs()) == (FLOWERS, "", ["file"])


def test_2_the_next_after_who_was_chosen_last_in_the_order_of_names(office: Office) -> None:
    a_team(office, Rule.ROUND_ROBIN)
    assert files(office, 5) == [BOB, CAT, DAN, BOB, CAT]
    assert {why(office, number) for number in range(1, 6)} == {"next in turn"}


def test_2_it_goes_on_behind_somebody_who_is_no_longer_in_the_team(office: Office) -> None:
    a_team(office, Rule.ROUND_ROBIN)
    assert files(office, 2) == [BOB, CAT]
    office.keep(lambda tx: people.leave(tx, HOUSE.org, FLOWERS, CAT))
    assert files(office, 2) == [DAN, BOB]


def test_2_a_service_may_have_a_rule_of_its_own(office: Office) -> None:
    a_team(office)
    a_team(office, service=replace(BOUQUETS, rule=Rule.ROUND_ROBIN))
    assert files(office, 2) == [BOB, CAT]


def test_2_of_two_names_that_are_the_same_the_smaller_id_is_first() -> None:
    crew = sorted(
        [Person("slack:U2", "Bo"), Person("slack:U1", "bo"), Person("slack:U3", "Al")], key=people.in_order
    )
    assert [one.id for one in crew] == ["slack:U3", "slack:U1", "slack:U2"]
    assert [one.id for one in behind(crew, crew[0])] == ["slack:U1", "slack:U2", "slack:U3"]
    assert [one.id for one in behind(crew, Person("slack:U0", "Alan"))] == [
        "slack:U1",
        "slack:U2",
        "slack:U3",
    ]
    assert behind(crew, None) == crew == behind(crew, crew[-1])


def test_3_who_owns_the_fewest_unfinished_requests(office: Office) -> None:
    a_team(office, Rule.LEAST_LOADED)
    for line in ("vases @bob", "ribbon @bob", "moss @cat", "twine @dan"):
        office.file(ANN, line)
    office.say(DAN, "resolve 4")
    assert office.request(office.file(ANN, "roses #bouquets")).owner == DAN
    assert why(office, 5) == "has the fewest requests: 0"
    assert files(office, 2) == [CAT, DAN], "of several, the next after who was chosen last"
    assert why(office, 6) == "has the fewest requests: 1"


@pytest.mark.parametrize(
    ("at", "owner"),
    [
        ("2026-11-23 10:00", BOB),
        ("2026-11-29 23:59", BOB),
        ("2026-11-30 00:00", CAT),
        ("2026-12-07 10:00", DAN),
        ("2026-12-14 10:00", BOB),
        ("2026-11-16 10:00", DAN),
    ],
)
def test_4_who_has_the_week_on_the_team_s_clock(office: Office, at: str, owner: str) -> None:
    a_team(office, Rule.DUTY)
    office.now = moment(at)
    assert files(office, 2) == [owner, owner]
    assert why(office) == "on duty this week"


@pytest.mark.parametrize(
    ("began", "monday", "first"),
    [
        ("2026-11-23", "2026-11-23", "a"),
        ("2026-11-25", "2026-11-23", "a"),
        ("2026-11-23", "2026-11-30", "b"),
        ("2026-11-23", "2026-11-16", "c"),
        ("2024-01-01", "2026-12-28", "a"),
        ("", "2024-01-08", "b"),
        ("someday", "2024-01-08", "b"),
    ],
)
def test_4_a_rota_begins_on_a_monday(began: str, monday: str, first: str) -> None:
    team = replace(TEAM, rota=("a", "b", "c"), rota_from=began)
    assert this_week(team, date.fromisoformat(monday))[0] == first


def test_4_the_week_changes_at_midnight_where_the_team_is() -> None:
    late = moment("2026-11-29 23:30")
    assert monday_of(HOUSE, TEAM, late) == date(2026, 11, 23)
    assert monday_of(HOUSE, replace(TEAM, zone=AUCKLAND), late) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("absent", "owner", "why_"),
    [
        ({BOB: None}, CAT, "next on the rota; Bob is away"),
        ({BOB: FAY}, FAY, "covers for Bob, who is on duty this week; Bob is away"),
        ({BOB: CAT}, CAT, "covers for Bob, who is on duty this week; Bob is away"),
        ({BOB: None, CAT: FAY}, FAY, "covers for Cat, who is next on the rota; Bob is away; Cat is away"),
        ({BOB: None, CAT: None}, DAN, "next on the rota; Bob is away; Cat is away"),
    ],
)
def test_4_else_the_cover_else_the_next(
    office: Office, absent: dict[str, str | None], owner: str, why_: str
) -> None:
    a_team(office, Rule.DUTY)
    for who, cover in absent.items():
        away(office, who, cover)
    assert files(office, 1) == [owner]
    assert why(office) == why_
    team = office.house.teams["flowers"]
    found = office.keep(lambda tx: routing.on_duty(tx, office.house, team, office.now))
    assert found is not None
    assert found.id == owner


def test_4_a_week_may_be_swapped(office: Office) -> None:
    a_team(office, Rule.DUTY)
    office.keep(lambda tx: catalogue.swap(tx, HOUSE.org, "flowers", "2026-11-23", FAY))
    assert files(office, 1) == [FAY]
    away(office, FAY)
    assert files(office, 1) == [CAT]
    for who in (CAT, DAN):
        away(office, who)
    assert files(office, 1) == [BOB], "who swapped their week comes last"


def test_4_without_a_rota_nobody_is_on_duty(office: Office) -> None:
    a_team(office, Rule.DUTY, rota=())
    assert files(office, 1) == [None]
    assert (
        office.keep(lambda tx: routing.on_duty(tx, office.house, office.house.teams["flowers"], MONDAY))
        is None
    )


@pytest.mark.parametrize("rule", [Rule.ROUND_ROBIN, Rule.LEAST_LOADED, Rule.DUTY])
def test_5_who_is_in_working_hours_comes_first(office: Office, rule: Rule) -> None:
    a_team(office, rule)
    lives_in(office, BOB, "Bob", AUCKLAND)
    assert files(office, 1) == [CAT]
    assert why(office).endswith("; Bob is not at work now")


@pytest.mark.parametrize("rule", [Rule.ROUND_ROBIN, Rule.LEAST_LOADED, Rule.DUTY])
def test_6_outside_the_hours_of_everybody_it_is_as_the_rule_says(office: Office, rule: Rule) -> None:
    a_team(office, rule)
    office.now = moment("2026-11-28 10:00")
    assert files(office, 1) == [BOB]
    assert ";" not in why(office)


@pytest.mark.parametrize("rule", [Rule.ROUND_ROBIN, Rule.LEAST_LOADED])
def test_7_the_cover_when_everybody_is_away(office: Office, rule: Rule) -> None:
    a_team(office, rule)
    for who, cover in ((BOB, None), (CAT, FAY), (DAN, LEA)):
        away(office, who, cover)
    assert files(office, 2) == [FAY, LEA], "and the turn goes on behind whom they cover for"
    assert why(office) == "covers for Cat; 3 others cannot be chosen now"


def test_7_who_is_at_work_comes_before_the_cover_of_who_is_not(office: Office) -> None:
    a_team(office, Rule.ROUND_ROBIN)
    away(office, BOB, FAY)
    assert files(office, 3) == [CAT, DAN, CAT]
    assert why(office) == "next in turn; Bob is away"


@pytest.mark.parametrize("rule", [Rule.ROUND_ROBIN, Rule.LEAST_LOADED, Rule.DUTY])
def test_8_nobody_is_given_their_own_while_it_can_be_somebody_else_s(office: Office, rule: Rule) -> None:
    a_team(office, rule)
    assert files(office, 1, BOB) == [CAT]
    assert why(office).endswith("; Bob asks for it")
    away(office, CAT)
    away(office, DAN, FAY)
    assert files(office, 1, BOB) == [FAY]
    away(office, DAN)
    assert files(office, 1, BOB) == [BOB]


@pytest.mark.parametrize("rule", [Rule.ROUND_ROBIN, Rule.LEAST_LOADED, Rule.DUTY])
def test_9_nobody(office: Office, rule: Rule) -> None:
    a_team(office, rule)
    for who in (BOB, CAT, DAN):
        away(office, who)
    assert files(office, 1) == [None]
    request = office.request()
    assert (request.status, request.place, request.homeless) == (Status.OPEN, FLOWERS, "nobody")
    assert office.verbs() == ["file", "homeless"]


@pytest.mark.parametrize("rule", [Rule.ROUND_ROBIN, Rule.LEAST_LOADED, Rule.DUTY])
def test_nobody_who_has_left_is_chosen_and_no_bot(office: Office, rule: Rule) -> None:
    a_team(office, rule)
    office.described(BOB, "Bob", active=False)
    office.described(CAT, "Cat", bot=True)
    assert files(office, 2) == [DAN, DAN]


def test_who_is_named_gets_it_whatever_the_rule_says(office: Office) -> None:
    a_team(office, Rule.ROUND_ROBIN)
    assert office.request(office.file(ANN, "roses #bouquets @dan")).owner == DAN
    assert office.verbs() == ["file"]


def test_the_owner_and_the_requester_hear(office: Office) -> None:
    a_team(office, Rule.DUTY)
    filed = office.say(ANN, "roses #bouquets")
    assert isinstance(filed, Filed)
    assert plain(filed.words) == "#1 is with Bob. You will hear in your direct messages."
    said = office.deliver()
    (news,) = [one for place, one in said if isinstance(one, News) and place == BOB]
    assert plain(news.words) == "#1 “roses” is yours: you are on duty this week."
    assert [button.line for button in news.buttons] == ["take 1", "show 1", "give 1 …"]
    story = office.say(BOB, "history 1")
    assert isinstance(story, Story)
    assert [plain(words) for _, words in story.lines] == [
        "Ann asked for it",
        "Given to Bob: on duty this week",
    ]


def test_a_new_owner_is_chosen_when_one_leaves_or_it_is_reopened(office: Office) -> None:
    a_team(office, Rule.ROUND_ROBIN)
    assert files(office, 2) == [BOB, CAT]
    office.say(BOB, "take 1")
    office.say(CAT, "resolve 2")
    office.leaves(BOB)
    office.leaves(CAT)
    office.say(ANN, "reopen 2")
    for number in (1, 2):
        request = office.request(number)
        assert (request.owner, request.status, request.homeless) == (DAN, Status.OPEN, "")
    assert office.verbs(1) == ["file", "assign", "take", "orphan", "assign"]
    assert office.verbs(2) == ["file", "assign", "resolve", "reopen", "assign"]
    told = [
        plain(one.words) for place, one in office.deliver() if isinstance(one, News) and place.startswith(ANN)
    ]
    assert "#1 “roses” is with Dan now." in told
    assert not any("is open again: Bob" in line for line in told)


def candidates(crowd: list[tuple[bool, bool, bool]]) -> list[Candidate]:
    """Away or not, at work or not, the requester or not."""
    return [
        Candidate(
            Person(
                ANN if asks else f"slack:U{at}", f"P{at}", away_until=MONDAY + timedelta(1) if gone else None
            ),
            "next in turn",
            works,
        )
        for at, (gone, works, asks) in enumerate(crowd)
    ]


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=6), st.booleans())
def test_nobody_away_or_outside_hours_is_chosen_while_somebody_else_can_be(
    crowd: list[tuple[bool, bool, bool]], covered: bool
) -> None:
    queue = candidates(crowd)
    covers = [Candidate(Person(FAY, "Fay"), "covers", True)] if covered else []
    choice = pick(ANN, queue, covers, MONDAY)
    here = [one for one in queue if not one.person.is_away(MONDAY)]
    others = [one for one in here if one.person.id != ANN]
    if choice is None or choice.person is None:
        assert not here
        assert not covered
        return
    chosen = choice.person
    assert not chosen.is_away(MONDAY)
    if others:
        assert chosen.id in {one.person.id for one in others}
        assert any(one.works for one in others if one.person.id == chosen.id) or not any(
            one.works for one in others
        )
    elif covered:
        assert chosen.id == FAY


@given(st.integers(1, 5), st.integers(1, 4))
def test_round_robin_is_fair(size: int, rounds: int) -> None:
    crew = sorted((Person(f"slack:U{n}", f"P{n % 3}") for n in range(size)), key=people.in_order)
    last: Person | None = None
    served: Counter[str] = Counter()
    for _ in range(size * rounds):
        queue = [Candidate(one, "next in turn", True) for one in behind(crew, last)]
        choice = pick(ANN, queue, (), MONDAY)
        assert choice is not None
        last = choice.person
        served[choice.served or ""] += 1
    assert set(served.values()) == {rounds}


def test_the_desk_of_the_settings_gives_to_nobody() -> None:
    with Office(house=House(zone=ZONE, triage=HOUSE.triage, lead=LEA)) as office:
        assert office.request(office.file(ANN, "toner")).owner is None
