"""Somebody who cannot be written to. The numbers are those of `handlers.fallback`.

Cases 1 to 4 are played through in `tests/bot/test_courier.py`, case 9 in `test_linking.py`.
"""

from collections.abc import Iterator

import pytest

from handlers.fallback import UNMET
from handlers.house import House
from handlers.intents import Give, Look
from handlers.notices import Card, Mention, News, Notice, Nudge, Poll, Said
from handlers.words import plain
from storage import ratings
from storage.records import PlaceId, Status
from tests.handlers.office import ANN, BOB, HOUSE, LEA, TRIAGE, Office

CARL, FLORA = "teams:29:carl", "teams:29:flora"
"""Carl has never said hello; Flora is his colleague on the same platform."""


@pytest.fixture(params=sorted(UNMET))
def word(request: pytest.FixtureRequest) -> str:
    word: str = request.param
    return word


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        yield unmet(office)


def unmet(office: Office, why: str = "not met") -> Office:
    office.described(CARL, "Carl Berg")
    office.described(FLORA, "Flora Nilsson")
    office.closed[CARL] = why
    return office


def news(said: list[tuple[PlaceId, Notice]], place: str = TRIAGE) -> list[str]:
    return [
        plain(notice.words)
        for where, notice in said
        if isinstance(notice, News) and where.partition("/")[0] == place
    ]


def cards(said: list[tuple[PlaceId, Notice]], place: str) -> list[Card]:
    return [notice for where, notice in said if isinstance(notice, Card) and where == place]


def test_5_what_was_sent_to_them_alone_waits_in_the_triage_channel(word: str) -> None:
    with Office() as office:
        unmet(office, word)
        office.file(ANN, "toner @carl")
        said = office.deliver()
        request = office.request()
        assert (request.owner, request.place, request.status) == (CARL, TRIAGE, Status.OPEN)
        assert plain(cards(said, TRIAGE)[-1].headline) == "Waiting for Carl Berg to take it."
        assert news(said) == ["For Carl Berg: Ann asks you for #1 “toner”."]
        assert news(said, ANN) == [
            "I cannot write to Carl Berg until they say hello to me. #1 “toner” waits with the team."
        ]
        assert "elsewhere" in office.verbs()


def test_5_a_private_one_goes_to_the_lead_and_the_channel_hears_nothing(office: Office) -> None:
    office.file(ANN, "salary private @carl")
    said = office.deliver()
    assert office.request().place == LEA
    assert "salary" in cards(said, LEA)[-1].title
    assert [place for place, _ in said if place.partition("/")[0] == TRIAGE] == []


def test_5_without_a_channel_and_a_lead_it_waits_with_who_asked() -> None:
    with Office(house=House(zone=HOUSE.zone)) as office:
        unmet(office)
        office.file(ANN, "toner @carl")
        said = office.deliver()
        assert office.request().place == ANN
        assert news(said, ANN) == [
            "I cannot write to Carl Berg until they say hello to me. #1 “toner” waits with you."
        ]


def test_5_handed_to_somebody_nobody_knows(office: Office) -> None:
    office.closed["teams:29:new"] = "not met"
    office.file(ANN, "toner @bob")
    office.do(BOB, Give(1, "teams:29:new"))
    office.deliver()
    assert (office.request().owner, office.request().place) == ("teams:29:new", TRIAGE)


@pytest.mark.parametrize("word", sorted(UNMET - {"not met"}))
def test_a_channel_the_bot_was_removed_from_is_closed(word: str) -> None:
    with Office() as office:
        office.closed[TRIAGE] = word
        office.file(ANN, "toner")
        office.say(BOB, "take 1")
        office.deliver()
        request = office.request()
        assert (request.owner, request.place, request.status) == (BOB, LEA, Status.TAKEN)


def test_6_the_requester_hears_through_the_channel_by_name(office: Office) -> None:
    office.file(CARL, "toner")
    office.deliver()
    office.say(FLORA, "note 1 which floor?")
    office.say(BOB, "take 1")
    said = office.deliver()
    card = office.post(f"card:1:{TRIAGE}").message
    assert (card, News) in [(place, type(notice)) for place, notice in said], "in the thread of the card"
    assert news(said) == [
        "For Carl Berg: Flora Nilsson wrote about #1: “which floor?”",
        "For Carl Berg: Bob has taken #1 “toner”.",
    ]
    spans = [span for _, one in said if isinstance(one, News) for span in one.words]
    assert Mention(CARL, "Carl Berg") in spans
    assert office.post(f"card:1:{CARL}").error == "not met"
    assert office.post(f"card:1:{CARL}").due_at is None, "their own card is given up"


def test_6_a_follower_too(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(CARL, "follow 1")
    office.say(BOB, "take 1")
    assert news(office.deliver()) == ["For Carl Berg: Bob has taken #1 “toner”."]


def test_6_where_the_card_lives_with_a_person_it_is_said_there(office: Office) -> None:
    office.file(CARL, "toner @flora")
    office.deliver()
    office.say(FLORA, "take 1")
    assert news(office.deliver(), FLORA) == ["For Carl Berg: Flora Nilsson has taken #1 “toner”."]


def test_6_of_a_private_request_nothing_is_said(office: Office) -> None:
    office.file(CARL, "salary private")
    office.deliver()
    office.say(BOB, "take 1")
    office.say(BOB, "note 1 how much?")
    said = office.deliver()
    assert not [notice for _, notice in said if isinstance(notice, News) and "For" in plain(notice.words)]
    assert {post.error for post in office.posts() if post.place == CARL} == {"not met"}


def test_7_nudges_for_an_owner_go_to_the_channel(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "give 1 @carl")
    office.file(ANN, "salary private")
    office.say(BOB, "give 2 @carl")
    said = office.until("2026-12-16 12:00")
    bundles = [(where, one) for where, one in said if isinstance(one, Nudge)]
    assert bundles
    assert {where for where, _ in bundles} == {TRIAGE, LEA}
    assert {where for where, _ in bundles[:3]} == {TRIAGE}
    assert plain(bundles[0][1].words) == "2 requests wait for a colleague:"
    by_number = {item.number: item for item in bundles[0][1].items}
    assert plain(by_number[1].why).startswith("For Carl Berg: Ann has waited since ")
    assert by_number[2].title == "Private request"
    assert plain(by_number[2].why).startswith("For Carl Berg: A colleague has waited since ")
    assert office.verbs(1).count("escalate") == 1, "the lead is told after three, as always"
    assert office.verbs(1).count("nudge") == 3


def test_7_the_answer_to_a_private_question_is_not_asked_for_in_public(office: Office) -> None:
    office.file(CARL, "toner")
    office.file(CARL, "salary private")
    for number in (1, 2):
        office.say(BOB, f"ask {number} since when?")
    said = office.until("2026-11-26 12:00")
    asked = [(where, item.number) for where, one in said if isinstance(one, Nudge) for item in one.items]
    assert asked == [(TRIAGE, 1)]


def test_8_the_poll_is_not_asked_in_public(office: Office) -> None:
    office.file(CARL, "toner")
    office.say(BOB, "take 1")
    office.deliver()
    office.say(BOB, "resolve 1 new roll")
    said = office.deliver()
    assert not [notice for _, notice in said if isinstance(notice, Poll)]
    assert news(said) == ["For Carl Berg: Bob resolved #1 “toner”: “new roll”"]
    assert office.post("poll:1:1").error == "not met"
    assert office.keep(lambda tx: ratings.asked_since(tx, "main", CARL, office.now)) == 0
    office.say(CARL, "rate 1 5")
    poll = office.keep(lambda tx: ratings.latest(tx, "main", 1))
    assert poll is not None
    assert poll.score == 5


def test_10_who_says_hello_gets_their_cards_and_the_poll(office: Office) -> None:
    office.file(CARL, "toner")
    office.file(CARL, "paper")
    office.file(ANN, "chairs @carl")
    office.file(CARL, "pens")
    office.say(BOB, "cancel 4")
    office.say(CARL, "cancel 4")
    office.say(BOB, "resolve 2")
    office.deliver()
    office.says_hello(CARL)
    said = office.deliver()
    mine = {card.number: card for card in cards(said, CARL)}
    assert set(mine) == {1, 3}
    assert [button.label for button in mine[3].buttons][:1] == ["Take"]
    assert [notice.number for place, notice in said if isinstance(notice, Poll) and place == CARL] == [2]
    office.say(FLORA, "note 1 soon")
    assert [type(notice) for place, notice in office.deliver() if place == CARL or CARL in place] == [
        Card,
        Said,
    ]


def test_10_only_the_first_hello(office: Office) -> None:
    office.file(CARL, "toner")
    office.says_hello(CARL)
    office.deliver()
    office.says_hello(CARL)
    assert office.deliver() == []
    office.says_hello("teams:29:stranger")
    office.says_hello("teams:19:channel@thread.tacv2")
    assert office.deliver() == []


def look(office: Office, who: str, key: str) -> Notice:
    message = office.post(key).message
    assert message is not None
    return office.do(who, Look(message))


def test_looking_at_a_card_shows_one_s_own_buttons(office: Office) -> None:
    office.file(ANN, "toner")
    office.deliver()
    for who, first in ((BOB, "Take"), (ANN, "Done …"), (CARL, "Add a note …")):
        card = look(office, who, f"card:1:{TRIAGE}")
        assert isinstance(card, Card)
        assert card.buttons[0].label == first


def test_looking_at_a_card_one_may_not_see_shows_what_everybody_sees(office: Office) -> None:
    office.file(ANN, "salary private")
    office.deliver()
    card = look(office, FLORA, f"card:1:{TRIAGE}")
    assert isinstance(card, Card)
    assert card.locked
    assert card == look(office, FLORA, f"card:1:{TRIAGE}")
    assert type(look(office, FLORA, f"card:1:{ANN}")).__name__ == "Nothing"
    mine = look(office, BOB, f"card:1:{TRIAGE}")
    assert isinstance(mine, Card)
    assert not mine.locked


def test_looking_at_anything_else(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "resolve 1")
    office.deliver()
    assert isinstance(look(office, ANN, "poll:1:1"), Poll)
    assert type(look(office, BOB, "poll:1:1")).__name__ == "Nothing"
    assert type(office.do(ANN, Look("slack:C1/nobody"))).__name__ == "Nothing"
