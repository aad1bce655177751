"""What the courier asks: what is owed, what does it say now, and what follows when it went well, or did not.

A post stores no words. `compose` makes them from the present state, just before they are said; None means
that there is nothing left to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers import cards, digest, escalation, fallback, homing, news, nudging, poll_words, recovery
from handlers.house import House
from handlers.linking import platform
from handlers.notices import Notice
from storage import history, people, posts, requests
from storage.records import MessageId, PlaceId, Post, PostKind, Request

LEASE = timedelta(seconds=30)
"""How long a courier may take for one delivery; then another may try."""
FIRST_RETRY = timedelta(seconds=2)
LAST_RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Composed:
    """What to say, and where: a place, or a message's thread."""

    place: PlaceId
    notice: Notice


def owing(tx: Connection, house: House, now: datetime, after: PlaceId, limit: int) -> list[PlaceId]:
    """Up to `limit` places that are owed something and free, from behind `after` on, then from the start."""
    behind = posts.owing(tx, house.org, now, after, limit)
    room = limit - len(behind)
    before = posts.owing(tx, house.org, now, "", limit) if after and room else []
    return behind + [place for place in before if place not in behind][:room]


def claim(tx: Connection, house: House, wanted: Sequence[PlaceId], now: datetime, lease: str) -> list[Post]:
    """Lease those of the places that are still free; the first post owed in each, for this courier alone."""
    return posts.claim(tx, house.org, wanted, now, now + LEASE, lease)


def compose(tx: Connection, house: House, post: Post, now: datetime) -> Composed | None:
    """What a post says at this moment, and where; None when there is nothing (more) to say."""
    composed = _composed(tx, house, post, now)
    return _addressed(tx, house, post, composed) if composed and house.link_people else composed


def _composed(tx: Connection, house: House, post: Post, now: datetime) -> Composed | None:
    match post.kind:
        case PostKind.DIGEST:
            return _there(post, digest.compose_post(tx, house, post))
        case PostKind.NUDGE:
            return _there(post, nudging.compose(tx, house, post, now))
        case PostKind.HOMES:
            return _there(post, homing.compose(tx, house, post))
    request = requests.get(tx, house.org, post.number or 0)
    if request is None:
        return None
    match post.kind:
        case PostKind.CARD:
            return Composed(post.place, cards.live(tx, house, request, post.place, now))
        case PostKind.POLL:
            return _there(post, poll_words.compose(tx, house, post, request))
        case PostKind.REMINDER:
            return _there(post, poll_words.remind(tx, house, post, request))
        case PostKind.RECOVERY:
            return _there(post, recovery.compose(tx, house, post, request, now))
        case PostKind.ESCALATION:
            return _in_thread(tx, house, post, escalation.compose(tx, house, request, post.place, now))
        case PostKind.NEWS | PostKind.NOTE:
            return _in_thread(tx, house, post, _about_line(tx, house, post, request, now))
        case _:
            raise ValueError(f"nobody composes a {post.kind}")


def delivered(
    tx: Connection, house: House, post: Post, message: MessageId, lease: str, free_at: datetime
) -> None:
    """It was said: the debt is cleared unless something touched it meanwhile, and the place is free again."""
    posts.settle(tx, house.org, post, message=message, due_at=None)
    posts.release(tx, house.org, post.place, lease, free_at)


def follow_up(tx: Connection, house: House, post: Post, notice: Notice, now: datetime) -> None:
    """What follows from its having been said: a nudge counts."""
    if post.kind is PostKind.NUDGE:
        nudging.was_sent(tx, house, post, notice, now)


def dropped(tx: Connection, house: House, post: Post, lease: str, now: datetime) -> None:
    """There was nothing to say."""
    posts.settle(tx, house.org, post, message=post.message, due_at=None)
    posts.release(tx, house.org, post.place, lease, now)


def put_off(
    tx: Connection,
    house: House,
    post: Post,
    why: str,
    retry_in: float | None,
    lease: str,
    now: datetime,
) -> None:
    """Not this time: again after what the platform asked for, or after twice as long as the last time.

    When the platform named a time, the whole place waits for it.
    """
    attempts = post.attempts + 1
    wait = timedelta(seconds=retry_in) if retry_in is not None else _backoff(attempts)
    posts.settle(tx, house.org, post, message=post.message, due_at=now + wait, error=why, attempts=attempts)
    posts.release(tx, house.org, post.place, lease, now + wait if retry_in is not None else now)


def given_up(
    tx: Connection, house: House, post: Post, why: str, gone: bool, lease: str, now: datetime
) -> None:
    """It can never be said there: keep why, and say it where it can be heard.

    1. The message to edit is gone: a live card and a poll are posted anew, the rest is left.
    2. The place is gone: `handlers.fallback` decides.
    """
    posts.release(tx, house.org, post.place, lease, now)
    if gone and post.message and post.kind in (PostKind.CARD, PostKind.POLL):
        posts.move(tx, house.org, post, post.place, post.key, now)
        return
    posts.settle(tx, house.org, post, message=post.message, due_at=None, error=why)
    if not gone:
        fallback.elsewhere(tx, house, post, why, now)


def _backoff(attempts: int) -> timedelta:
    return min(FIRST_RETRY * float(2 ** min(attempts - 1, 12)), LAST_RETRY)


def _there(post: Post, notice: Notice | None) -> Composed | None:
    return None if notice is None else Composed(post.place, notice)


def _in_thread(tx: Connection, house: House, post: Post, notice: Notice | None) -> Composed | None:
    """In the thread of the request's card, where there is one."""
    if notice is None:
        return None
    card = posts.card_in(tx, house.org, post.number or 0, post.place)
    return Composed((card.message if card else None) or post.place, notice)


def _addressed(tx: Connection, house: House, post: Post, composed: Composed) -> Composed:
    """Somebody with two accounts is told in the one they spoke from last; what was said stays where it is."""
    if post.message:
        return replace(composed, place=post.message.partition("/")[0])
    reader = people.get(tx, house.org, post.place)
    account = (reader.reach or reader.id) if reader else post.place
    if composed.place != post.place and platform(composed.place) == platform(account):
        return composed
    return replace(composed, place=account)


def _about_line(tx: Connection, house: House, post: Post, request: Request, now: datetime) -> Notice | None:
    line = history.entry(tx, house.org, int(post.ref))
    if line is None:
        return None
    if post.kind is PostKind.NOTE:
        return news.compose_note(tx, house, request, line, post.place, post.person)
    passed_on = post.key.endswith(fallback.ELSEWHERE)
    return news.compose(tx, house, request, line, post.place, post.person, now, passed_on=passed_on)
