"""Every way in which a request can lose its home: somebody sees it all the same, its lead reads of it, and it
is gone from the list when somebody takes it. The team has a channel of its own; it is Monday, ten o'clock.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers import directory
from handlers.homes import SENTENCES, TOLD_BY, Need, sentence
from handlers.notices import Answer, Card, Listing, News, Notice, Nudge, Story
from handlers.words import plain
from storage import catalogue, posts, requests
from storage.records import PlaceId, PostKind, Rule, Status
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, TRIAGE, Office
from tests.handlers.test_routing import BOUQUETS, DAN, FAY, FLOWERS, a_team, away, files

CARL = "teams:29:carl"
MIA = "slack:UMIA"
"""Mia leads the flowers team; Lea leads the organisation."""


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        office.described(MIA, "Mia")
        yield office


def lists(said: list[tuple[PlaceId, Notice]]) -> list[tuple[PlaceId, list[int]]]:
    """The lists of requests that need a home: where, and which."""
    return [
        (place, [row.number for row in notice.rows])
        for place, notice in said
        if isinstance(notice, Listing) and notice.title == "These need a home"
    ]


def seen_by(office: Office, number: int = 1) -> set[PlaceId]:
    """Where a request's card was shown, other than to its requester."""
    office.deliver()
    return {place for place, one in office.said if isinstance(one, Card) and one.number == number} - {ANN}


def rota_is_empty(office: Office) -> None:
    a_team(office, Rule.DUTY, lead=MIA, rota=())
    files(office, 1)


def rota_of_people_who_left(office: Office) -> None:
    a_team(office, Rule.DUTY, lead=MIA, rota=(BOB, CAT))
    for who, name in ((BOB, "Bob"), (CAT, "Cat")):
        office.described(who, name, active=False)
    files(office, 1)


def team_without_members_and_channel(office: Office) -> None:
    a_team(office, Rule.ROUND_ROBIN, lead=MIA, place=None)
    files(office, 1)


def owner_has_left(office: Office) -> None:
    a_team(office, lead=MIA)
    files(office, 1)
    office.say(BOB, "take 1")
    office.leaves(BOB)


def owner_has_left_and_everybody_else_is_away(office: Office) -> None:
    a_team(office, Rule.ROUND_ROBIN, lead=MIA)
    assert files(office, 1) == [BOB]
    for who in (CAT, DAN):
        away(office, who)
    office.leaves(BOB)


def everybody_is_away_and_nobody_covers(office: Office) -> None:
    a_team(office, Rule.LEAST_LOADED, lead=MIA)
    for who in (BOB, CAT, DAN):
        away(office, who)
    files(office, 1)


def covers_go_round_in_a_circle(office: Office) -> None:
    a_team(office, Rule.DUTY, lead=MIA)
    for who, cover in ((BOB, CAT), (CAT, DAN), (DAN, BOB)):
        away(office, who, cover)
    files(office, 1)


def channel_is_archived(office: Office) -> None:
    a_team(office, lead=MIA)
    office.closed[FLOWERS] = "is_archived"
    files(office, 1)
    office.deliver()


def bot_is_removed_from_the_channel(office: Office) -> None:
    a_team(office, lead=MIA)
    files(office, 1)
    office.deliver()
    office.closed[FLOWERS] = "not_in_channel"
    office.keep(lambda tx: directory.gone(tx, office.house, FLOWERS, "not_in_channel", office.now))


def team_is_retired(office: Office) -> None:
    a_team(office, lead=MIA)
    files(office, 1)
    a_team(office, lead=MIA, retired=True)
    office.sweep()


def owner_of_a_retired_team_has_left(office: Office) -> None:
    a_team(office, Rule.ROUND_ROBIN, lead=MIA)
    files(office, 1)
    a_team(office, Rule.ROUND_ROBIN, lead=MIA, retired=True)
    office.leaves(BOB)


WAYS: list[tuple[Callable[[Office], None], Need, PlaceId]] = [
    (rota_is_empty, Need.ROTA, FLOWERS),
    (rota_of_people_who_left, Need.ROTA, FLOWERS),
    (team_without_members_and_channel, Need.NOBODY, MIA),
    (owner_has_left, Need.LEFT, FLOWERS),
    (owner_has_left_and_everybody_else_is_away, Need.NOBODY, FLOWERS),
    (everybody_is_away_and_nobody_covers, Need.NOBODY, FLOWERS),
    (covers_go_round_in_a_circle, Need.NOBODY, FLOWERS),
    (channel_is_archived, Need.CHANNEL, MIA),
    (bot_is_removed_from_the_channel, Need.CHANNEL, MIA),
    (team_is_retired, Need.TEAM, FLOWERS),
    (owner_of_a_retired_team_has_left, Need.TEAM, FLOWERS),
]


@pytest.mark.parametrize(("happens", "need", "place"), WAYS, ids=[way.__name__ for way, _, _ in WAYS])
def test_an_orphan_is_seen_listed_and_taken(
    office: Office, happens: Callable[[Office], None], need: Need, place: PlaceId
) -> None:
    happens(office)
    assert place in seen_by(office)
    request = office.request()
    assert (request.owner, request.status, request.place) == (None, Status.OPEN, place)
    assert request.homeless == need
    story = [line.fact if line.verb == "homeless" else TOLD_BY.get(line.verb) for line in office.story()]
    assert story.count(need) == 1
    (told,) = lists(office.until("2026-11-24 12:00"))
    assert told == (MIA, [1])
    office.say(MIA, "take 1")
    assert office.request().homeless == ""
    assert lists(office.until("2026-11-25 12:00")) == []


def test_an_absent_owner_without_a_cover_keeps_it_and_the_channel_hears_the_nudges(office: Office) -> None:
    a_team(office, Rule.ROUND_ROBIN, lead=MIA)
    assert files(office, 1) == [BOB]
    away(office, BOB)
    said = office.until("2026-11-25 12:00")
    assert FLOWERS in {place for place, one in said if isinstance(one, Nudge)}
    assert office.request().owner == BOB
    assert lists(said) == [], "it has an owner"


def test_the_list_goes_on_while_it_has_no_home_and_says_why_and_since_when(office: Office) -> None:
    rota_is_empty(office)
    said = office.until("2026-11-26 12:00")
    assert lists(said) == [(MIA, [1])] * 3
    (row,) = next(one.rows for _, one in said if isinstance(one, Listing))
    assert plain(row.words) == "Since Mon 23 Nov, 10:00: nobody is on the rota."
    assert [(one.label, one.line) for one in row.buttons] == [
        ("Take", "take 1"),
        ("Hand over …", "give 1 …"),
        ("Move …", "move 1 …"),
    ]
    story = office.say(MIA, "history 1")
    assert isinstance(story, Story)
    told = [plain(words) for _, words in story.lines]
    assert told[1] == "It needs a home: nobody is on the rota"


def test_the_list_comes_at_half_past_nine_of_a_working_day(office: Office) -> None:
    office.now = office.now.replace(day=27)
    rota_is_empty(office)
    (post,) = owed(office)
    assert post[0].startswith("homes:flowers:2026-11-30")
    assert office.until("2026-11-30 09:29") is not None
    assert lists(office.said) == []
    assert lists(office.until("2026-11-30 09:31")) == [(MIA, [1])]


def owed(office: Office) -> list[tuple[str, PlaceId]]:
    """The lists that are owed, and where."""
    office.sweep()

    def unit(tx: Connection) -> list[tuple[str, PlaceId]]:
        return [
            (post.key, post.place)
            for place in (MIA, FAY, FLOWERS, LEA, TRIAGE)
            for post in posts.owed_in(tx, HOUSE.org, place)
            if post.kind is PostKind.HOMES
        ]

    return office.keep(unit)


@dataclass(frozen=True)
class Case:
    """What has happened to the lead, and who reads the list."""

    happens: Callable[[Office], None]
    reader: PlaceId
    team: dict[str, Any]


def mia_is_here(_: Office) -> None:
    return


def mia_is_away(office: Office) -> None:
    away(office, MIA)


def mia_is_covered(office: Office) -> None:
    away(office, MIA, FAY)


def mia_has_left(office: Office) -> None:
    office.leaves(MIA)


@pytest.mark.parametrize(
    "case",
    [
        Case(mia_is_here, MIA, {}),
        Case(mia_is_covered, FAY, {}),
        Case(mia_is_away, FLOWERS, {}),
        Case(mia_has_left, FLOWERS, {}),
        Case(mia_has_left, LEA, {"place": None}),
        Case(mia_is_away, LEA, {"place": None}),
        Case(mia_is_here, FLOWERS, {"lead": None}),
        Case(mia_is_here, LEA, {"lead": None, "place": None}),
    ],
)
def test_who_reads_the_list(office: Office, case: Case) -> None:
    a_team(office, Rule.DUTY, **{"lead": MIA, "rota": (), **case.team})
    files(office, 1)
    assert [place for _, place in owed(office)] == [MIA if case.team.get("lead", MIA) else case.reader]
    case.happens(office)
    assert [place for _, place in owed(office)] == [case.reader]
    assert lists(office.until("2026-11-24 12:00")) == [(case.reader, [1])]


@pytest.mark.parametrize(
    ("closed", "reader"),
    [
        ({MIA: "user_disabled"}, FLOWERS),
        ({MIA: "not met"}, FLOWERS),
        ({MIA: "user_disabled", FLOWERS: "is_archived"}, LEA),
    ],
)
def test_when_it_cannot_be_said_the_next_of_them_reads_it(
    office: Office, closed: dict[PlaceId, str], reader: PlaceId
) -> None:
    rota_is_empty(office)
    office.deliver()
    office.closed.update(closed)
    assert lists(office.until("2026-11-24 12:00")) == [(reader, [1])]


def test_a_lead_who_left_with_the_team_s_cards_leaves_them_to_the_admin(office: Office) -> None:
    a_team(office, lead=MIA, place=None)
    files(office, 1)
    assert MIA in seen_by(office)
    office.leaves(MIA)
    assert LEA in seen_by(office)
    assert office.request().homeless == Need.CHANNEL
    assert lists(office.until("2026-11-24 12:00")) == [(LEA, [1])]


def test_a_zone_that_is_no_more_stops_neither_the_rule_nor_the_list(office: Office) -> None:
    a_team(office, Rule.DUTY, lead=MIA, zone="Europe/Atlantis")
    office.described(MIA, "Mia", zone="Europe/Atlantis")
    office.described(BOB, "Bob", zone="Europe/Atlantis")
    assert files(office, 1) == [BOB]
    office.leaves(BOB)
    for who in (CAT, DAN):
        office.leaves(who)
    assert office.request().homeless == Need.ROTA
    assert lists(office.until("2026-11-24 12:00")) == [(MIA, [1])]
    assert isinstance(office.say(MIA, "take 1 by friday"), Answer)


def test_a_colleague_in_teams_who_never_met_the_bot_is_told_in_the_channel(office: Office) -> None:
    office.described(CARL, "Carl Berg")
    office.closed[CARL] = "not met"
    a_team(office, Rule.DUTY, lead=MIA, rota=(CARL,))
    assert files(office, 1) == [CARL]
    said = office.deliver()
    news = [plain(one.words) for place, one in said if isinstance(one, News) and place.startswith(FLOWERS)]
    assert news == ["For Carl Berg: #1 “roses” is yours: you are on duty this week."]
    assert office.request().homeless == ""


def test_a_private_one_is_a_number_where_not_everybody_may_read_it(office: Office) -> None:
    a_team(office, Rule.DUTY, lead=None, rota=())
    office.file(ANN, "wages #bouquets private")
    office.file(ANN, "roses #bouquets")
    said = office.until("2026-11-24 12:00")
    (rows,) = [one.rows for place, one in said if isinstance(one, Listing) and place == FLOWERS]
    assert [(row.number, row.title) for row in rows] == [(1, "Private request"), (2, "roses")]


def test_a_lead_reads_what_is_private(office: Office) -> None:
    a_team(office, Rule.DUTY, lead=MIA, rota=())
    office.file(ANN, "wages #bouquets private")
    said = office.until("2026-11-24 12:00")
    (rows,) = [one.rows for place, one in said if isinstance(one, Listing) and place == MIA]
    assert [row.title for row in rows] == ["wages"]


def test_a_retired_service_is_no_reason(office: Office) -> None:
    a_team(office, lead=MIA)
    files(office, 1)
    a_team(office, lead=MIA, service=replace(BOUQUETS, retired=True))
    office.say(BOB, "take 1")
    office.say(BOB, "give 1 @cat")
    office.sweep()
    assert office.request().homeless == ""


@pytest.mark.parametrize("line", ["give 1 @fay", "resolve 1", "decline 1 no roses", "move 1 #vases"])
def test_it_has_a_home_again_or_needs_none(office: Office, line: str) -> None:
    rota_is_empty(office)
    vases = replace(BOUQUETS, key="vases", name="Vases", rule=Rule.ROUND_ROBIN)

    def unit(tx: Connection) -> None:
        catalogue.keep_service(tx, HOUSE.org, vases)
        catalogue.count_up(tx, HOUSE.org)

    office.keep(unit)
    office.say(BOB, line)
    assert office.request().homeless == ""
    assert office.keep(lambda tx: requests.teams_in_need(tx, HOUSE.org)) == []
    assert lists(office.until("2026-11-24 12:00")) == []


def test_nothing_is_owed_when_everything_has_a_home(office: Office) -> None:
    a_team(office, Rule.ROUND_ROBIN, lead=MIA)
    files(office, 3)
    assert owed(office) == []


def test_every_need_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Need)
    assert sentence("long forgotten") == "nobody has it"
