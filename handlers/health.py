"""Whether the desk is well, and what it may forget."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers.house import House
from storage import people, posts, retention, visits

REST = timedelta(days=1)
AT_ONCE = 200
"""So many requests lose their words in one unit, so that nobody waits long behind it."""


def check(tx: Connection) -> int:
    """Touch the database; raises what it raises."""
    return people.count(tx, "")


def prune(tx: Connection, house: House, now: datetime) -> int:
    """Forget leases and looks at reports that ended long ago, and the words that a service keeps no longer.

    Gives how many requests that were: when it is `AT_ONCE`, there may be more.
    """
    posts.prune_places(tx, house.org, now - REST)
    visits.forget(tx, house.org, now - REST)
    room = AT_ONCE
    for service in house.services.values():
        if service.retention > 0 and room:
            before = now - timedelta(days=service.retention)
            ended = retention.ended_before(tx, house.org, service.key, before, room)
            retention.remove_words(tx, house.org, ended, f"Removed after {service.retention} days")
            room -= len(ended)
    return AT_ONCE - room
