"""Links to the report: for one person, in one browser, for a quarter of an hour.

1. A link is signed with the organisation's secret, and names one person; what was altered is no link.
2. It can be opened for fifteen minutes from when it was asked for; then it is over, and so is what it opened.
3. It belongs to the browser that opens it first. In another one it shows nothing.
4. Opening is a press, not a look: what follows links by itself, to preview or to check them, opens nothing.
5. Who it is for is looked up anew each time: who has left sees nothing.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Connection

from handlers.house import House, is_zone
from handlers.may import may_report
from handlers.notices import Answer, Link, Notice, When
from handlers.turn import Turn, refuse
from storage import people, visits
from storage.records import Person, PersonId
from storage.visits import Visit

LIFE = timedelta(minutes=15)
LONGEST = 500
"""As many characters as a link's token may have."""
SALT = "report"


class Why(StrEnum):
    """Why a page is not shown, as a sentence for who wanted to see it."""

    ALTERED = "This is no link of ours, or it was not copied whole."
    OVER = "This link is over: a report can be seen for fifteen minutes after it was asked for."
    TAKEN = "This link was opened already, in another browser. Each is for one person, in one browser."
    GONE = "Only active colleagues can see the report."
    AWAY = "The numbers cannot be read just now. Please try again in a minute."


class Closed(Exception):
    """A page is not shown."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link says: its own name, who it is for, and until when."""

    link: str
    person: Person
    until: datetime
    zone: str
    """On whose clock times are shown."""


def offer(turn: Turn) -> Notice:
    """A link for whoever asks."""
    if why := may_report(turn.person):
        raise refuse(why)
    if not turn.house.address:
        raise refuse(
            "Reports have no address here yet; whoever runs Deskbell gives them one, in DESKBELL_PUBLIC_URL. "
            "The digest has the numbers of the week.",
            usage=("digest",),
        )
    until = turn.now + LIFE
    secret = visits.agree(turn.tx, turn.org, secrets.token_urlsafe(32))
    token = _signer(secret).dumps([secrets.token_urlsafe(12), turn.person.id, int(until.timestamp())])
    link = Link(f"{turn.house.address}/report/{token}", "Open the report")
    return Answer(words=(link, ". It is for you alone, and can be seen until ", When(until, turn.zone), "."))


def read(tx: Connection, house: House, token: str, now: datetime) -> Invitation:
    """What a link says. Raises `Closed` where it says nothing (any more)."""
    secret = visits.secret(tx, house.org)
    try:
        link, person, until = _signer(secret or "").loads(token[: LONGEST + 1]) if secret else (None,) * 3
    except (BadData, ValueError, TypeError):
        raise Closed(Why.ALTERED) from None
    if not isinstance(link, str) or not isinstance(person, str) or not isinstance(until, int):
        raise Closed(Why.ALTERED)
    ends = datetime.fromtimestamp(until, UTC)
    if now >= ends:
        raise Closed(Why.OVER)
    return _invited(tx, house, link, person, ends)


def enter(tx: Connection, house: House, token: str, browser: str, now: datetime) -> Invitation:
    """Open a link in a browser, which is known by something that only it has. Raises `Closed`: case 3."""
    invited = read(tx, house, token, now)
    wanted = Visit(invited.link, invited.person.id, _known_by(browser), invited.until)
    if visits.claim(tx, house.org, wanted) != wanted:
        raise Closed(Why.TAKEN)
    return invited


def visitor(tx: Connection, house: House, link: str, browser: str, now: datetime) -> Invitation:
    """Who looks, when a link was opened in this browser. Raises `Closed`."""
    visit = visits.of_link(tx, house.org, link)
    if visit is None or not secrets.compare_digest(visit.browser, _known_by(browser)):
        raise Closed(Why.TAKEN if visit else Why.OVER)
    if now >= visit.until:
        raise Closed(Why.OVER)
    return _invited(tx, house, link, visit.person, visit.until)


def _invited(tx: Connection, house: House, link: str, person: PersonId, until: datetime) -> Invitation:
    """Case 5."""
    known = people.get(tx, house.org, person)
    if known is None or may_report(known):
        raise Closed(Why.GONE)
    return Invitation(link, known, until, known.zone if is_zone(known.zone) else house.zone)


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=SALT, signer_kwargs={"digest_method": sha256})


def _known_by(browser: str) -> str:
    return sha256(browser.encode()).hexdigest()
