"""Wrong desk. The numbers are those of `handlers.moving`. It is Monday, ten o'clock."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers import desk
from handlers.intents import Caller
from handlers.notices import Answer, Card, Form, News, Notice, Refused
from handlers.words import plain
from storage import catalogue
from storage.records import PlaceId, Rule, Service, Status, Team
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, MONDAY, TRIAGE, Office, moment
from tests.handlers.test_routing import DAN, FAY, FLOWERS, TEAM, a_team

QUICK = Service("quick", "Quick bouquets", "flowers", targets=("normal: 1h / 2h",))
WAGES = Service("wages", "Wages", "flowers", private=True)


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        a_team(office)
        keeps(office, QUICK, WAGES)
        yield office


def keeps(office: Office, *records: Service | Team) -> None:
    def unit(tx: Connection) -> None:
        for record in records:
            keep: Any = catalogue.keep_team if isinstance(record, Team) else catalogue.keep_service
            keep(tx, HOUSE.org, record)
        catalogue.count_up(tx, HOUSE.org)

    office.keep(unit)


def told(notice: Notice) -> str:
    assert isinstance(notice, Answer | Refused), notice
    return plain(notice.words if isinstance(notice, Answer) else notice.why)


def cards(said: list[tuple[PlaceId, Notice]], place: PlaceId) -> list[Card]:
    return [notice for where, notice in said if isinstance(notice, Card) and where == place]


def test_1_who_serves_it_may_move_it_and_nobody_else_from_outside(office: Office) -> None:
    office.file(ANN, "roses")
    assert "Only the people of its channel can move #1." in told(office.say(FAY, "move 1 #bouquets"))
    assert told(office.say(BOB, "move 1 #bouquets")) == "#1 is with Bouquets now."
    assert told(office.say(DAN, "move 1 #quick")) == "#1 is with Quick bouquets now."


def test_1_the_requester_may_while_nobody_has_taken_it(office: Office) -> None:
    office.file(ANN, "roses")
    assert told(office.say(ANN, "move 1 #bouquets")) == "#1 is with Bouquets now."
    office.say(DAN, "take 1")
    assert "Only the people of its channel can move #1." in told(office.say(ANN, "move 1 #quick"))


def test_2_it_is_the_new_team_s(office: Office) -> None:
    keeps(office, replace(TEAM, rule=Rule.ROUND_ROBIN))
    office.file(ANN, "roses")
    office.say(BOB, "take 1 by friday")
    said = office.say(BOB, "move 1 #bouquets")
    assert told(said) == "#1 is with Bouquets now, and Bob has it."
    request = office.request()
    assert (request.team, request.service, request.place) == ("flowers", "bouquets", FLOWERS)
    assert (request.status, request.owner, request.promise) == (Status.OPEN, BOB, None)
    assert office.verbs() == ["file", "take", "move", "assign"]
    delivered = office.deliver()
    assert cards(delivered, FLOWERS)[-1].buttons[0].line == "take 1"


def test_2_what_waits_goes_on_waiting(office: Office) -> None:
    office.file(ANN, "roses")
    office.say(BOB, "ask 1 which colour?")
    office.now += timedelta(hours=2)
    office.say(BOB, "move 1 #bouquets")
    request = office.request()
    assert (request.status, request.question) == (Status.WAITING, "which colour?")
    office.now += timedelta(hours=1)
    office.say(ANN, "note 1 red")
    assert office.request().status is Status.OPEN
    assert office.request().resolve_by == moment("2026-11-30 13:00"), "forty hours from the answer on"


def test_2_what_nobody_can_be_chosen_for_needs_a_home(office: Office) -> None:
    keeps(office, replace(TEAM, rule=Rule.DUTY, rota=()))
    office.file(ANN, "roses")
    office.say(BOB, "move 1 #bouquets")
    assert office.request().homeless == "rota"


def test_3_targets_count_from_the_move(office: Office) -> None:
    office.file(ANN, "roses")
    office.say(BOB, "take 1")
    office.now = moment("2026-11-26 16:00")
    office.say(BOB, "move 1 #quick")
    request = office.request()
    assert (request.filed_at, request.responded_at) == (MONDAY, None)
    assert request.respond_by == moment("2026-11-26 17:00")
    assert request.resolve_by == moment("2026-11-27 10:00")


def test_4_answers_stay_and_so_does_what_is_private(office: Office) -> None:
    office.file(ANN, "roses private")
    office.file(ANN, "pay")
    for number, service in ((1, "bouquets"), (2, "wages")):
        office.say(BOB, f"move {number} #{service}")
        assert office.request(number).private


def test_5_where_the_card_was_it_says_where_it_went(office: Office) -> None:
    office.file(ANN, "roses")
    office.deliver()
    office.say(BOB, "move 1 #bouquets")
    said = office.deliver()
    (left,) = cards(said, TRIAGE)
    assert (plain(left.headline), left.buttons, left.facts) == ("Moved to Bouquets.", (), ())
    assert cards(said, FLOWERS)[-1].buttons
    news = [plain(one.words) for place, one in said if isinstance(one, News) and place.startswith(ANN)]
    assert news == ["Bob moved #1 “roses” to Bouquets."]
    office.say(DAN, "move 1 #quick")
    assert plain(cards(office.deliver(), TRIAGE)[-1].headline) == "Moved to Quick bouquets."


def test_5_and_nothing_else_of_a_private_one(office: Office) -> None:
    office.file(ANN, "pay")
    office.deliver()
    office.say(BOB, "move 1 #wages")
    (left,) = cards(office.deliver(), TRIAGE)
    assert (left.title, left.details) == ("Private request", "")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("move 1 #nothing", "Nobody offers “nothing”. Nothing was moved."),
        ("move 1 @nobody", "Nobody offers “nobody”. Nothing was moved."),
        ("move 1 #old", "Nobody offers “old”. Nothing was moved."),
        ("move 1 #lost", "Nobody offers “lost”. Nothing was moved."),
        ("move 1 #bouquets", "#1 is with Bouquets already."),
        ("move 1 @bob", "A colleague is given it: “give 1 @bob”."),
        ("move 1 to the shop over there", "Say where to, with a # before the service."),
        ("move 9 #bouquets", "There is no request #9."),
    ],
)
def test_6_nothing_is_moved(office: Office, line: str, why: str) -> None:
    keeps(
        office,
        replace(QUICK, key="old", name="Old", retired=True),
        Team("closed", "Closed", retired=True),
        Service("lost", "Lost", "closed"),
    )
    office.file(ANN, "roses #bouquets")
    before = office.request()
    assert told(office.say(BOB, line)).startswith(why)
    assert office.request() == before


def test_what_has_ended_is_not_moved(office: Office) -> None:
    office.file(ANN, "roses")
    office.say(BOB, "resolve 1")
    assert told(office.say(BOB, "move 1 #bouquets")) == "#1 was already resolved by Bob. Say reopen 1 first."


def test_to_a_team_or_by_its_name(office: Office) -> None:
    office.file(ANN, "roses")
    assert told(office.say(BOB, "move 1 @flowers")) == "#1 is with Flowers now."
    assert (office.request().team, office.request().service) == ("flowers", "")
    assert told(office.say(CAT, "move 1 #quick-bouquets")) == "#1 is with Quick bouquets now."


def test_the_form_offers_every_service_but_its_own(office: Office) -> None:
    keeps(office, Team("vans", "Vans", lead=LEA))
    office.file(ANN, "roses #bouquets")
    form = office.say(BOB, "move 1")
    assert isinstance(form, Form)
    assert form.fields[0].options == (
        ("#quick", "Quick bouquets (Flowers)"),
        ("#wages", "Wages (Flowers)"),
        ("@vans", "Vans"),
    )
    assert office.say(BOB, "move 1 …") == form
    answer = office.keep(lambda tx: office_fills(tx, office, {"to": "@vans"}))
    assert told(answer) == "#1 is with Vans now."
    assert office.request().place == LEA
    assert told(office.keep(lambda tx: office_fills(tx, office, {}))) == "Say where it belongs."


def office_fills(tx: Connection, office: Office, values: dict[str, str | tuple[str, ...]]) -> Notice:
    caller = Caller(BOB, TRIAGE, source="slack")
    return desk.fill(tx, office.house, caller, "move", {"number": "1"}, values, office.now)


def test_without_a_catalogue_there_is_nowhere_to_move_it() -> None:
    with Office() as office:
        office.file(ANN, "roses")
        assert "There is no other service or team" in told(office.say(BOB, "move 1"))


def test_there_and_back_again(office: Office) -> None:
    office.file(ANN, "roses #bouquets")
    office.deliver()
    keeps(office, Team("vans", "Vans", place="slack:C3"))
    office.say(BOB, "move 1 @vans")
    office.say(ANN, "move 1 #bouquets")
    said = office.deliver()
    assert cards(said, FLOWERS)[-1].buttons
    assert plain(cards(said, "slack:C3")[-1].headline) == "Moved to Bouquets."
