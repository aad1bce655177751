"""Role by verb by privacy. The numbers are those of `handlers.may.may`."""

from dataclasses import replace
from datetime import datetime

import pytest

from handlers.may import (
    ANYBODY,
    REQUESTERS,
    TEAM,
    Desk,
    may,
    may_edit,
    may_know_vote,
    may_swap,
    may_tell_vote,
    sent_to_person,
)
from storage.records import Person, Poll, Privacy, Request
from tests.handlers.office import ANN, BOB, CAT, LEA, MONDAY, TRIAGE, a_request

DAN, EVE, FAY = "slack:UDAN", "slack:UEVE", "slack:UFAY"
DESK = Desk(frozenset({BOB, CAT}), LEA)
NOBODY_SAID = Desk(frozenset(), LEA)

ROLES = {
    "requester": ANN,
    "filer": DAN,
    "owner": BOB,
    "member": CAT,
    "lead": LEA,
    "follower": EVE,
    "colleague": FAY,
}
IN_CHANNEL = a_request(requester=ANN, filed_by=DAN, owner=BOB, followers=(DAN, EVE), place=TRIAGE)
TO_PERSON = replace(IN_CHANNEL, place=BOB)

VERBS = {
    "see": "see note follow reopen",
    "team": "take give ask wait snooze decline",
    "whisper": "whisper",
    "resolve": "resolve move",
    "rate": "rate",
    "cancel": "cancel nudge",
}

ALL = set(ROLES)
SERVING = {"owner", "member", "lead"}
ASKING = {"requester", "filer"}
KNOWING = {"requester", "filer", "owner", "member", "lead", "follower"}

# request, desk, private: who may do each group of verbs
TABLE = [
    (IN_CHANNEL, DESK, False, ALL, SERVING, SERVING | ASKING),
    (IN_CHANNEL, DESK, True, KNOWING, SERVING, SERVING | ASKING),
    (IN_CHANNEL, NOBODY_SAID, False, ALL, ALL, ALL),
    (IN_CHANNEL, NOBODY_SAID, True, KNOWING - {"member"}, KNOWING - {"member"}, KNOWING - {"member"}),
    (TO_PERSON, Desk(lead=LEA), False, ALL, {"owner", "lead"}, {"owner", "lead"} | ASKING),
    (TO_PERSON, Desk(lead=LEA), True, KNOWING - {"member"}, {"owner", "lead"}, {"owner", "lead"} | ASKING),
]
CASES = [
    (replace(request, private=private), desk, verb, who)
    for request, desk, private, seeing, serving, resolving in TABLE
    for group, who in (
        ("see", seeing),
        ("team", serving),
        ("whisper", {"owner", "lead"} if private and desk is NOBODY_SAID else serving),
        ("resolve", resolving),
        ("rate", {"requester"}),
        ("cancel", ASKING),
    )
    for verb in VERBS[group].split()
]


@pytest.mark.parametrize(("request_", "desk", "verb", "who"), CASES)
def test_who_may_do_what(request_: Request, desk: Desk, verb: str, who: set[str]) -> None:
    allowed = {role for role, person in ROLES.items() if not may(Person(person, role), verb, request_, desk)}
    assert allowed == who


@pytest.mark.parametrize(
    ("owner", "responded_at", "asking"),
    [(None, None, True), (None, MONDAY, True), (BOB, None, True), (BOB, MONDAY, False)],
)
def test_3_who_asks_may_move_it_while_nobody_has_taken_it(
    owner: str | None, responded_at: datetime | None, asking: bool
) -> None:
    request = replace(IN_CHANNEL, owner=owner, responded_at=responded_at)
    found = {role for role, person in ROLES.items() if not may(Person(person, role), "move", request, DESK)}
    assert found == SERVING | (ASKING if asking else set())


def test_every_verb_is_in_the_table() -> None:
    assert REQUESTERS | TEAM | ANYBODY | {"rate"} == {
        verb for group in VERBS.values() for verb in group.split()
    }


@pytest.mark.parametrize("somebody", [Person(BOB, "Bob", active=False), Person(BOB, "Bob", bot=True)])
@pytest.mark.parametrize("verb", sorted(REQUESTERS | TEAM | ANYBODY | {"rate"}))
def test_1_nobody_who_left_and_no_bot(somebody: Person, verb: str) -> None:
    assert may(somebody, verb, IN_CHANNEL, DESK)


@pytest.mark.parametrize("verb", sorted(REQUESTERS | TEAM | ANYBODY | {"rate"}))
def test_2_a_refusal_tells_nothing_of_a_private_request(verb: str) -> None:
    secret = replace(IN_CHANNEL, private=True, title="salary", details="salary", last_note="salary")
    why = may(Person(FAY, "Fay"), verb, secret, DESK)
    assert why == "#1 is private, and you are not part of it."


@pytest.mark.parametrize(
    ("owner", "place", "sent"), [(BOB, BOB, True), (BOB, TRIAGE, False), (None, BOB, False)]
)
def test_3_sent_to_a_person(owner: str | None, place: str, sent: bool) -> None:
    assert sent_to_person(a_request(owner=owner, place=place)) is sent


CREW = Desk(frozenset({BOB, CAT}), BOB, LEA)
LEADERLESS = Desk(frozenset({CAT}), None, LEA)


@pytest.mark.parametrize(
    ("desk", "edit", "swap"),
    [
        (CREW, {BOB, LEA}, {BOB, CAT, LEA}),
        (LEADERLESS, {LEA}, {CAT, LEA}),
        (Desk(), set(), set()),
    ],
)
def test_who_may_change_the_catalogue_and_who_may_swap_weeks(
    desk: Desk, edit: set[str], swap: set[str]
) -> None:
    everybody = [Person(one, one) for one in (ANN, BOB, CAT, LEA)]
    assert {one.id for one in everybody if not may_edit(one, desk)} == edit
    assert {one.id for one in everybody if not may_swap(one, desk)} == swap
    for gone in (Person(LEA, "Lea", active=False), Person(LEA, "Lea", bot=True)):
        assert may_edit(gone, desk).endswith(".")
        assert may_swap(gone, desk).endswith(".")


@pytest.mark.parametrize("verb", sorted(REQUESTERS | TEAM | {"rate"}))
def test_a_refusal_is_a_sentence(verb: str) -> None:
    why = may(Person(FAY, "Fay"), verb, IN_CHANNEL, DESK)
    assert why.endswith(".")
    assert why[0].isupper() or why[0] == "#"


def test_an_unknown_verb_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="juggle"):
        may(Person(FAY, "Fay"), "juggle", IN_CHANNEL, DESK)


# Votes. The numbers are those of `may_know_vote`

VOTE = Poll(1, 1, 1, ANN, BOB, MONDAY, score=2)
NAMED, CONFIDENTIAL, ANONYMOUS = Privacy


@pytest.mark.parametrize(
    ("privacy", "request_", "desk", "who"),
    [
        (NAMED, IN_CHANNEL, DESK, {"requester", "owner", "member", "lead"}),
        (NAMED, IN_CHANNEL, NOBODY_SAID, {"requester", "owner", "lead"}),
        (NAMED, TO_PERSON, DESK, {"requester", "owner", "lead"}),
        (NAMED, replace(IN_CHANNEL, owner=CAT), DESK, {"requester", "owner", "member", "lead"}),
        (NAMED, replace(TO_PERSON, private=True, owner=None), Desk(), {"requester"}),
        (CONFIDENTIAL, IN_CHANNEL, DESK, {"requester", "lead"}),
        (CONFIDENTIAL, IN_CHANNEL, Desk(frozenset({BOB}), None, LEA), {"requester", "lead"}),
        (CONFIDENTIAL, IN_CHANNEL, Desk(frozenset({BOB}), CAT, LEA), {"requester", "member"}),
        (CONFIDENTIAL, IN_CHANNEL, Desk(frozenset({BOB})), {"requester"}),
        (ANONYMOUS, IN_CHANNEL, DESK, {"requester"}),
    ],
)
def test_who_may_know_a_vote(privacy: Privacy, request_: Request, desk: Desk, who: set[str]) -> None:
    poll = replace(VOTE, privacy=privacy)
    assert {
        role for role, one in ROLES.items() if may_know_vote(Person(one, role), poll, request_, desk)
    } == who


def test_nobody_who_has_left_knows_a_vote() -> None:
    gone = Person(LEA, "Lea", active=False)
    assert not may_know_vote(gone, VOTE, IN_CHANNEL, DESK)
    assert not may_know_vote(Person(LEA, "Lea", bot=True), VOTE, IN_CHANNEL, DESK)


@pytest.mark.parametrize(
    ("privacy", "private", "told"),
    [(NAMED, False, True), (NAMED, True, False), (CONFIDENTIAL, False, False), (ANONYMOUS, False, False)],
)
def test_what_may_be_told_where_anybody_reads(privacy: Privacy, private: bool, told: bool) -> None:
    assert may_tell_vote(privacy, private) is told
