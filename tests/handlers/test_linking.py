"""One person with two accounts. The numbers are those of `handlers.linking`."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from handlers import directory
from handlers.intents import Draft, File, Give, History, Take
from handlers.notices import Answer, Card, News, Notice, Poll, Refused, Said, Story
from handlers.words import plain
from storage import people, ratings
from storage.records import Person, PlaceId
from tests.handlers.office import ANN, BOB, HOUSE, LEA, TRIAGE, ZONE, Office

LINKED = replace(HOUSE, link_people=True)
BOTH = "bob@blomma.example"
T_ANN, T_BOB, T_EVE = "teams:29:ann", "teams:29:bob", "teams:29:eve"
OTHER = "slack:UOTHER"


@pytest.fixture
def office() -> Iterator[Office]:
    with Office(house=LINKED) as office:
        yield office


def bob_on_both(office: Office) -> None:
    office.described(BOB, "Bob", email=BOTH.upper())
    office.described(T_BOB, "Bob Ek", email=BOTH)


def known(office: Office, who: str) -> Person:
    found = office.keep(lambda tx: people.get(tx, "main", who))
    assert found is not None
    return found


def here(said: list[tuple[PlaceId, Notice]], account: str) -> list[Notice]:
    return [notice for place, notice in said if place.partition("/")[0] == account]


def person(who: str, **more: Any) -> Person:
    return Person(who, who, email=BOTH, zone=ZONE, **more)


# what is described, one after the other: which account is whose afterwards
DESCRIBED: dict[str, tuple[list[Person], dict[str, str]]] = {
    "two platforms": ([person(OTHER), person(T_BOB)], {T_BOB: OTHER}),
    "the other way round": ([person(T_BOB), person(OTHER)], {OTHER: T_BOB}),
    "again and again": ([person(OTHER), person(T_BOB), person(OTHER), person(T_BOB)], {T_BOB: OTHER}),
    "no address": ([replace(person(OTHER), email=""), replace(person(T_BOB), email="")], {}),
    "another address": ([person(OTHER), replace(person(T_BOB), email="eve@blomma.example")], {}),
    "one platform": ([person(OTHER), person("slack:U2")], {}),
    "two of one platform share it": ([person(OTHER), person("slack:U2"), person(T_BOB)], {}),
    "a second one later": ([person(OTHER), person(T_BOB), person("slack:U2")], {T_BOB: OTHER}),
    "a second one there": ([person(OTHER), person(T_BOB), person(T_EVE)], {T_BOB: OTHER}),
    "a bot": ([person(OTHER, bot=True), person(T_BOB)], {}),
    "somebody who has left": ([person(OTHER, active=False), person(T_BOB)], {}),
    "who has left is new": ([person(OTHER), person(T_BOB, active=False)], {}),
    "a third platform": ([person(OTHER), person(T_BOB), person("irc:bob")], {T_BOB: OTHER}),
    "who is known already": (
        [replace(person(T_BOB), email=""), person(OTHER), person(T_BOB)],
        {T_BOB: OTHER},
    ),
}


@pytest.mark.parametrize(("described", "linked"), DESCRIBED.values(), ids=DESCRIBED.keys())
def test_1_and_2_whose_account_it_is(described: list[Person], linked: dict[str, str]) -> None:
    with Office(house=LINKED) as office:
        for one in described:
            office.keep(partial(directory.describe, house=LINKED, person=one, now=office.now))
        found = {one.id: known(office, one.id).same_as for one in described}
        assert {account: whose for account, whose in found.items() if whose} == linked


def test_2_of_two_that_are_known_the_one_with_requests() -> None:
    with Office(house=LINKED) as office:
        office.described(OTHER, "Bob")
        office.described(T_BOB, "Bob Ek", email=BOTH)
        office.file(T_BOB, "toner")
        office.described(OTHER, "Bob", email=BOTH)
        assert (known(office, OTHER).same_as, known(office, T_BOB).same_as) == (T_BOB, None)


def test_off_by_default() -> None:
    with Office() as office:
        bob_on_both(office)
        assert known(office, T_BOB).same_as is None
        office.file(ANN, "toner")
        office.say(T_BOB, "follow 1")
        assert office.request().followers == (T_BOB,)


def test_switched_off_again_the_accounts_are_on_their_own(office: Office) -> None:
    bob_on_both(office)
    office.house = HOUSE
    office.say(ANN, "toner @bob")
    office.say(T_BOB, "follow 1")
    assert office.request().followers == (T_BOB,)


def test_a_story_of_one_person_on_two_platforms(office: Office) -> None:
    bob_on_both(office)
    office.file(ANN, "toner")
    office.deliver()
    assert isinstance(office.say(T_BOB, "take 1"), Answer), "he is in the triage channel by his other account"
    request = office.request()
    assert request.owner == BOB
    assert [(line.who, line.source) for line in office.story()] == [(ANN, "slack"), (BOB, "teams")]

    office.file(BOB, "paper")
    assert [type(one) for one in here(office.deliver(), BOB)] == [Card]
    office.file(T_BOB, "pens")
    assert [type(one) for one in here(office.deliver(), T_BOB)] == [Card]
    assert [office.request(n).requester for n in (2, 3)] == [BOB, BOB]

    office.say(LEA, "take 2")
    said = office.deliver()
    assert [type(one) for one in here(said, T_BOB)] == [News], "where he spoke last"
    assert [type(one) for one in here(said, BOB)] == [Card], "which was posted there, and is edited there"

    office.say(BOB, "follow 1")
    office.say(LEA, "note 3 soon")
    said = office.deliver()
    assert [type(one) for one in here(said, T_BOB)] == [Card]
    assert [type(one) for one in here(said, BOB)] == [Said]
    assert known(office, BOB).reach == ""


def test_his_thread_is_where_his_card_is(office: Office) -> None:
    bob_on_both(office)
    office.file(T_BOB, "toner")
    office.deliver()
    card = office.post(f"card:1:{BOB}").message
    assert card is not None
    assert card.startswith(T_BOB)
    office.say(LEA, "note 1 soon")
    said = office.deliver()
    assert card in [place for place, one in said if isinstance(one, Said)]
    office.say(LEA, "resolve 1")
    assert [type(one) for place, one in office.deliver() if place == T_BOB] == [Card, Poll]


def test_looking_keeps_nothing(office: Office) -> None:
    bob_on_both(office)
    office.file(ANN, "toner")
    assert isinstance(office.say(T_BOB, "show 1"), Card)
    assert known(office, BOB).reach == ""
    office.say(T_BOB, "follow 1")
    assert known(office, BOB).reach == T_BOB


def test_whoever_is_named_is_the_person(office: Office) -> None:
    bob_on_both(office)
    office.described(T_ANN, "Ann Ek", email="ann@blomma.example")
    office.do(ANN, File(Draft("toner", to=T_BOB)))
    office.do(ANN, File(Draft("paper", behalf=T_BOB)))
    office.do(ANN, File(Draft("pens")))
    office.do(LEA, Give(3, T_BOB))
    assert (office.request(1).owner, office.request(1).place) == (BOB, BOB)
    assert office.request(2).requester == BOB
    assert office.request(3).owner == BOB
    office.file(T_ANN, "chairs @bob")
    assert office.request(4).owner == BOB, "by the handle of the account that is near"


def test_colleagues_are_named_once(office: Office) -> None:
    bob_on_both(office)
    found = office.keep(lambda tx: directory.colleagues(tx, LINKED))
    assert [one.name for one in found] == ["Ann", "Bob", "Cat", "Lea"]
    assert len(office.keep(lambda tx: directory.colleagues(tx, HOUSE))) == 5
    assert len(office.keep(lambda tx: directory.colleagues(tx, LINKED, 2))) == 2


def test_3_what_the_account_had_becomes_the_person_s(office: Office) -> None:
    office.described(BOB, "Bob", email=BOTH)
    office.described(T_BOB, "Bob Ek")
    office.file(BOB, "paper")
    office.file(T_BOB, "toner")
    office.file(ANN, "pens private")
    office.say(BOB, "take 3")
    office.do(BOB, Give(3, T_BOB))
    office.do(ANN, File(Draft("chairs", to=T_BOB)))
    office.do(T_BOB, File(Draft("lamps", behalf=ANN)))
    office.say(LEA, "resolve 2")
    office.deliver()
    office.described(T_BOB, "Bob Ek", email=BOTH)
    assert known(office, T_BOB).same_as == BOB
    assert (office.request(2).requester, office.request(3).owner) == (BOB, BOB)
    assert (office.request(4).owner, office.request(4).place) == (BOB, BOB)
    assert (office.request(5).filed_by, office.request(5).followers) == (BOB, (BOB,))
    assert office.post(f"card:4:{BOB}").message
    assert "link" in office.verbs(2)
    office.deliver()
    assert isinstance(office.say(T_BOB, "rate 2 5"), Answer)
    poll = office.keep(lambda tx: ratings.latest(tx, "main", 2))
    assert poll is not None
    assert (poll.person, poll.score) == (BOB, 5)
    story = office.do(BOB, History(2))
    assert isinstance(story, Story)
    assert "Two accounts of one person in it were joined" in [plain(words) for _, words in story.lines]


def test_3_what_was_owed_to_the_account_still_comes(office: Office) -> None:
    office.described(BOB, "Bob", email=BOTH)
    office.described(T_BOB, "Bob Ek")
    office.file(ANN, "toner")
    office.do(LEA, Give(1, T_BOB))
    office.file(BOB, "paper")
    office.until("2026-11-24 09:29")
    office.described(T_BOB, "Bob Ek", email=BOTH)
    said = office.until("2026-11-24 09:31")
    assert [item.number for one in here(said, BOB) for item in getattr(one, "items", ())] == [1]


def test_4_who_leaves_one_platform_goes_on_in_the_other(office: Office) -> None:
    bob_on_both(office)
    office.file(ANN, "toner @bob")
    office.file(BOB, "paper")
    office.deliver()
    office.leaves(BOB)
    assert known(office, BOB).same_as == T_BOB
    request = office.request()
    assert (request.owner, request.place) == (T_BOB, T_BOB), "nobody has to take it over"
    assert isinstance(office.do(T_BOB, Take(1)), Answer)
    office.say(LEA, "take 2")
    assert {type(one) for one in here(office.deliver(), T_BOB)} == {News}
    assert isinstance(office.say(BOB, "take 1"), Answer), "whatever they say from there"


def test_4_what_had_ended_stays_where_it_was(office: Office) -> None:
    bob_on_both(office)
    office.file(ANN, "toner @bob")
    office.say(BOB, "resolve 1")
    office.leaves(BOB)
    cards = {post.place for post in office.posts() if post.key.startswith("card:")}
    assert cards == {office.request().place, ANN}


def test_4_who_leaves_both_has_left(office: Office) -> None:
    bob_on_both(office)
    office.file(ANN, "toner @bob")
    office.deliver()
    office.leaves(BOB)
    office.leaves(T_BOB)
    assert (office.request().owner, office.request().place) == (None, TRIAGE)


@pytest.mark.parametrize("why", ["not met", "user_disabled"])
def test_fallback_9_the_other_account_is_tried_first(office: Office, why: str) -> None:
    office.described(T_EVE, "Eve", email="eve@blomma.example")
    office.described(OTHER, "Eve", email="eve@blomma.example")
    office.closed[T_EVE] = why
    office.file(ANN, "toner @eve")
    said = office.deliver()
    assert [type(one) for one in here(said, OTHER)] == [Card]
    assert (office.request().owner, office.request().place) == (T_EVE, T_EVE)
    assert known(office, T_EVE).active
    office.closed[OTHER] = "not met"
    office.say(ANN, "note 1 quick")
    office.deliver()
    assert office.request().place == TRIAGE, "in neither"


def test_a_stranger_is_still_refused(office: Office) -> None:
    bob_on_both(office)
    office.file(ANN, "salary private")
    assert isinstance(office.say(T_EVE, "show 1"), Refused)
    assert isinstance(office.say(T_BOB, "show 1"), Card)


def test_the_lead_by_whichever_account_the_house_names() -> None:
    with Office(house=LINKED) as office:
        office.described(T_EVE, "Eve", email="eve@blomma.example")
        office.described(OTHER, "Eve", email="eve@blomma.example")
        office.house = replace(LINKED, lead=OTHER)
        office.file(ANN, "salary private @bob")
        for account in (OTHER, T_EVE):
            assert isinstance(office.say(account, "show 1"), Card)
