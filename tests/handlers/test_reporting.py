"""Links to the report: the numbered cases of `handlers.reporting`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer
from sqlalchemy import Connection, select

from handlers import health, reporting
from handlers.notices import Answer, Link, Refused
from handlers.reporting import LIFE, Closed, Invitation, Why
from handlers.words import plain
from storage import tables
from tests.handlers.office import ANN, BOB, HOUSE, MONDAY, Office

ADDRESS = "https://desk.example.com"
FIREFOX, CHROME = "something only this browser has", "another"


@pytest.fixture
def office() -> Iterator[Office]:
    with Office(house=replace(HOUSE, address=ADDRESS)) as office:
        yield office


def link(office: Office, who: str = ANN) -> Link:
    answer = office.say(who, "report")
    assert isinstance(answer, Answer), answer
    assert isinstance(answer.words[0], Link)
    return answer.words[0]


def token(office: Office, who: str = ANN) -> str:
    return link(office, who).url.removeprefix(f"{ADDRESS}/report/")


def read(office: Office, said: str) -> Invitation:
    return office.keep(lambda tx: reporting.read(tx, office.house, said, office.now))


def enter(office: Office, said: str, browser: str = FIREFOX) -> Invitation:
    return office.keep(lambda tx: reporting.enter(tx, office.house, said, browser, office.now))


def visitor(office: Office, link: str, browser: str = FIREFOX) -> Invitation:
    return office.keep(lambda tx: reporting.visitor(tx, office.house, link, browser, office.now))


def why(closed: pytest.ExceptionInfo[Closed]) -> Why:
    return closed.value.why


def test_it_is_given_to_whoever_asks(office: Office) -> None:
    answer = office.say(ANN, "report")
    assert isinstance(answer, Answer)
    said = "Open the report. It is for you alone, and can be seen until Mon 23 Nov, 10:15."
    assert plain(answer.words) == said
    assert read(office, token(office)).person.id == ANN
    assert token(office) != token(office), "each is another one"


def test_without_an_address_there_is_no_link(office: Office) -> None:
    office.house = replace(office.house, address="")
    answer = office.say(ANN, "report")
    assert isinstance(answer, Refused)
    assert "DESKBELL_PUBLIC_URL" in plain(answer.why)
    assert answer.usage == ("digest",)


def test_who_has_left_gets_none(office: Office) -> None:
    office.leaves(ANN)
    assert isinstance(office.say(ANN, "report"), Refused)


def test_1_what_was_altered_is_no_link(office: Office) -> None:
    good = token(office)
    for at in range(len(good)):
        other = "A" if good[at] != "A" else "B"
        if at == len(good) - 1:
            continue  # the last letter holds bits that say nothing
        with pytest.raises(Closed) as closed:
            read(office, good[:at] + other + good[at + 1 :])
        assert why(closed) is Why.ALTERED


@given(st.text(max_size=600))
def test_1_nor_is_anything_else(said: str) -> None:
    with Office(house=replace(HOUSE, address=ADDRESS)) as office:
        token(office)
        with pytest.raises(Closed) as closed:
            read(office, said)
        assert why(closed) is Why.ALTERED


def test_1_before_anybody_has_asked_there_is_none(office: Office) -> None:
    with pytest.raises(Closed) as closed:
        read(office, "x.y")
    assert why(closed) is Why.ALTERED


@pytest.mark.parametrize("says", [[], [1, 2, 3], ["a", "b"], {"a": 1}, "abc", ["a", "b", "c"], None])
def test_1_what_is_signed_but_says_something_else_is_none(office: Office, says: object) -> None:
    token(office)
    secret = office.keep(lambda tx: tx.execute(select(tables.report_keys.c.secret)).scalar_one())
    with pytest.raises(Closed) as closed:
        read(office, reporting._signer(secret).dumps(says))
    assert why(closed) is Why.ALTERED


def test_1_another_s_signature_is_none(office: Office) -> None:
    until = int((office.now + LIFE).timestamp())
    token(office)
    with pytest.raises(Closed) as closed:
        read(office, str(URLSafeSerializer("guessed", salt="report").dumps(["l", ANN, until])))
    assert why(closed) is Why.ALTERED


def test_2_for_a_quarter_of_an_hour(office: Office) -> None:
    said = token(office)
    seen = enter(office, said)
    assert seen.until == office.now + LIFE == MONDAY + timedelta(minutes=15)
    office.now += LIFE - timedelta(seconds=1)
    assert read(office, said) == enter(office, said) == visitor(office, seen.link) == seen
    office.now += timedelta(seconds=1)
    for look, what in ((read, said), (enter, said), (visitor, seen.link)):
        with pytest.raises(Closed) as closed:
            look(office, what)
        assert why(closed) is Why.OVER


def test_3_it_belongs_to_the_browser_that_opens_it_first(office: Office) -> None:
    said = token(office)
    seen = enter(office, said)
    assert enter(office, said) == seen, "again in the same"
    for look, what in ((enter, said), (visitor, seen.link)):
        with pytest.raises(Closed) as closed:
            look(office, what, CHROME)
        assert why(closed) is Why.TAKEN
    assert visitor(office, seen.link).person.id == ANN, "and stays theirs"


@pytest.mark.parametrize(("link", "browser"), [("", ""), ("nonsense", FIREFOX), ("", FIREFOX)])
def test_3_without_a_link_that_was_opened_there_is_nothing(office: Office, link: str, browser: str) -> None:
    enter(office, token(office))
    with pytest.raises(Closed) as closed:
        visitor(office, link, browser)
    assert why(closed) is Why.OVER


def test_4_looking_opens_nothing(office: Office) -> None:
    said = token(office)
    assert read(office, said) == read(office, said)
    assert office.keep(lambda tx: tx.execute(select(tables.report_visits)).all()) == []
    assert enter(office, said, CHROME).person.id == ANN


def test_5_who_has_left_sees_nothing(office: Office) -> None:
    said, other = token(office), token(office, BOB)
    seen = enter(office, said)
    office.leaves(ANN)
    for look, what in ((read, said), (visitor, seen.link)):
        with pytest.raises(Closed) as closed:
            look(office, what)
        assert why(closed) is Why.GONE
    assert read(office, other).person.id == BOB


def test_what_is_kept_names_no_browser_and_is_forgotten(office: Office) -> None:
    enter(office, token(office))

    def kept(tx: Connection) -> str:
        return repr(tx.execute(select(tables.report_visits)).all())

    assert FIREFOX not in office.keep(kept)
    office.now += timedelta(days=1, minutes=16)
    office.keep(lambda tx: health.prune(tx, office.house, office.now))
    assert office.keep(kept) == "[]"
