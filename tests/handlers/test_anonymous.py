"""An anonymous vote: who looks for the voter, wherever they look, finds nothing.

Looked for are the person's id, in whatever carries the vote: what is said, and after closing what is kept,
in the rows and in the bytes of the files.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, select

from handlers import csat, poll_words
from handlers.house import SCALE
from handlers.intents import React
from handlers.notices import Answer, Digest, Nothing, Poll, Refused
from storage import catalogue, ratings, tables
from storage.records import AnonymousVote, PostKind, Privacy, Service, Team
from storage.types import to_micros
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, MONDAY, TRIAGE, Office, unnamed

PAGE = 4096
MARK = SCALE[0].mark


def offers(office: Office) -> None:
    def unit(tx: Connection) -> None:
        catalogue.keep_team(tx, HOUSE.org, Team("flowers", "Flowers", lead=LEA, place=TRIAGE))
        roses = Service("bouquets", "Bouquets", "flowers", privacy=Privacy.ANONYMOUS)
        catalogue.keep_service(tx, HOUSE.org, roses)
        catalogue.count_up(tx, HOUSE.org)

    office.keep(unit)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(f"sqlite:///{tmp_path}/desk.db") as office:
        offers(office)
        yield office


def asked(office: Office) -> int:
    number = office.file(ANN, "roses #bouquets")
    office.say(BOB, f"resolve {number}")
    office.deliver()
    return number


def react(office: Office, number: int, mark: str, added: bool = True, after: int = 1) -> None:
    message = office.post(csat.key(number, 1)).message
    assert message is not None
    at = office.now + timedelta(seconds=after)
    assert office.do(ANN, React(message, mark, added, at)) == Nothing()


def bad(office: Office) -> int:
    """Asked, and answered as badly as can be."""
    number = asked(office)
    react(office, number, MARK)
    office.say(ANN, f"fault {number} timeliness")
    office.say(ANN, f"fault {number} attitude")
    return number


def polls(office: Office) -> list[Poll]:
    return [notice for _, notice in office.said if isinstance(notice, Poll)]


def votes(office: Office) -> list[AnonymousVote]:
    return office.keep(lambda tx: unnamed(tx, HOUSE.org))


def test_the_question_says_so(office: Office) -> None:
    asked(office)
    (poll,) = polls(office)
    assert poll.privacy == poll_words.ANONYMOUS
    assert "no reminder" in poll.privacy
    assert poll.tapped, "a reaction would stay on the message, by name"


def test_it_can_be_changed_and_taken_back_while_it_is_open(office: Office) -> None:
    number = bad(office)
    office.deliver()
    assert polls(office)[-1].score == 1
    assert [button.line for button in polls(office)[-1].buttons] == [f"reopen {number} …"]
    react(office, number, SCALE[4].mark, after=2)
    office.deliver()
    assert polls(office)[-1].score == 5
    office.say(ANN, f"unrate {number}")
    office.deliver()
    assert polls(office)[-1].score == 5, "put a second later than it was taken back"
    office.now += timedelta(minutes=1)
    office.say(ANN, f"unrate {number}")
    office.deliver()
    assert polls(office)[-1].score is None
    office.wait(days=8)
    assert [vote.score for vote in votes(office)] == [None], "asked, and not answered"


def test_words_are_not_kept(office: Office) -> None:
    number = asked(office)
    assert isinstance(office.say(ANN, f"comment {number} you know me"), Refused)
    answer = office.say(ANN, f"rate {number} 2 you know me")
    assert isinstance(answer, Answer)
    assert answer.words[-1] == " Your words are not kept: they might tell who you are."
    assert "you know me" not in everything(office)


def test_nothing_reminds_and_nothing_follows(office: Office) -> None:
    number = bad(office)
    asked(office)
    office.wait(days=14)
    kinds = {post.kind for one in (number, number + 1) for post in office.posts(one)}
    assert kinds & {PostKind.REMINDER, PostKind.RECOVERY} == set()


def test_when_it_closes_it_is_one_of_its_week_s(office: Office) -> None:
    bad(office)
    react(office, asked(office), SCALE[4].mark)
    asked(office)
    assert votes(office) == []
    office.wait(days=7, hours=1)
    assert votes(office) == [
        AnonymousVote("flowers", "bouquets", "2026-W49", None),
        AnonymousVote("flowers", "bouquets", "2026-W49", 1, ("timeliness", "attitude")),
        AnonymousVote("flowers", "bouquets", "2026-W49", 5),
    ]
    assert polls(office)[-1].closed.endswith("nothing leads from the answer back to you.")
    assert polls(office)[-1].score is None


def test_a_reopen_closes_it_as_well(office: Office) -> None:
    number = bad(office)
    office.say(ANN, f"reopen {number}")
    assert [vote.score for vote in votes(office)] == [1]
    office.say(BOB, f"resolve {number}")
    office.deliver()
    assert polls(office)[-1].score is None


@pytest.mark.parametrize("who", [ANN, BOB, CAT, LEA])
@pytest.mark.parametrize("closed", [False, True])
def test_no_surface_tells_that_there_is_a_vote(office: Office, who: str, closed: bool) -> None:
    """The same lines, said by everybody, beside a request that nobody has rated: word for word the same."""
    rated, silent = asked(office), asked(office)
    office.say(ANN, f"rate {rated} 1")
    office.say(ANN, f"fault {rated} attitude")
    if closed:
        office.wait(days=8)
    for line in (
        "show {}",
        "history {}",
        "made good {}",
        "list mine",
        "list open",
        "find roses",
        "home",
        "digest",
    ):
        if "{}" not in line:
            said = repr(office.say(who, line))
            assert "attitude" not in said
            assert "1 of" not in said
            continue
        one, other = (repr(office.say(who, line.format(number))) for number in (rated, silent))
        assert alike(one, rated) == alike(other, silent)
    cards = [repr(notice) for place, notice in office.said if place != ANN and not isinstance(notice, Digest)]
    assert not [said for said in cards if "rated the service" in said or "attitude" in said]


def alike(said: str, number: int) -> str:
    """What is said of a request, without its number."""
    return re.sub(rf"(?<!\d){number}(?!\d)", "#", said)


def test_no_log_tells_of_it(
    office: Office, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    bad(office)
    office.wait(days=8)
    logged = caplog.text + "".join(capsys.readouterr())
    assert MARK not in logged
    assert "attitude" not in logged


def everything(office: Office) -> str:
    def unit(tx: Connection) -> str:
        return "\n".join(
            f"{table.name} {row}"
            for table in tables.metadata.sorted_tables
            for row in tx.execute(select(table))
        )

    return office.keep(unit)


def test_no_row_ties_them_together(office: Office) -> None:
    number = bad(office)
    while_open = everything(office)
    assert MARK in while_open
    office.wait(days=8)
    rows = everything(office).splitlines()
    assert not [row for row in rows if MARK in row]
    assert [row.split()[0] for row in rows if "attitude" in row] == ["anonymous_votes"]
    (vote,) = (row for row in rows if row.startswith("anonymous_votes"))
    assert not re.search(rf"UANN|\b{number}\b.*\b{number}\b.*{number}|datetime|:", vote)
    poll = office.keep(lambda tx: ratings.latest(tx, HOUSE.org, number))
    assert poll is not None
    assert (poll.score, poll.voted_at, poll.reasons, poll.comment) == (None, None, (), "")
    assert office.verbs(number) == ["file", "resolve", "close"]


def files(path: Path) -> bytes:
    """The database and its log, as they are on disk."""
    kept = (one for one in sorted(path.glob("desk.db*")) if "shm" not in one.name)
    return b"".join(one.read_bytes() for one in kept)


def traces(held: bytes) -> list[str]:
    """What of the vote is in the files beside its voter, or could be led back to them."""
    pages = [held[at : at + PAGE] for at in range(0, len(held), PAGE)]
    beside = any(b"timeliness" in page and ANN.encode() in page for page in pages)
    when = to_micros(MONDAY + timedelta(seconds=1)).to_bytes(8)
    found = {"reasons beside the person": beside, "the face": MARK.encode() in held, "when": when in held}
    return [trace for trace, there in found.items() if there]


def test_nor_do_the_bytes_of_the_files(office: Office, tmp_path: Path) -> None:
    bad(office)
    assert len(traces(files(tmp_path))) == 3, "while it is open they do: the test can find it"
    office.wait(days=8)
    assert votes(office)
    assert traces(files(tmp_path)) == [], "with the database still open, and its log beside it"
    office.database.close()
    assert b"timeliness" in files(tmp_path)
    assert traces(files(tmp_path)) == []


def test_nor_once_nobody_reads_any_more(office: Office, tmp_path: Path) -> None:
    """A reader keeps the log from being emptied; once it is gone, the next unit does it."""
    bad(office)
    reading, done = Event(), Event()

    def slowly(tx: Connection) -> None:
        tx.exec_driver_sql("SELECT count(*) FROM polls").all()
        reading.set()
        done.wait(10)

    reader = office.database.read(slowly)
    assert reading.wait(5)
    office.say(ANN, "reopen 1")
    assert traces(files(tmp_path)), "somebody still reads what was"
    done.set()
    reader.result(5)
    for _ in range(2):  # the second is answered when the first has tidied up
        votes(office)
    assert traces(files(tmp_path)) == []
