"""Whether the desk is well, and what it may forget."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers.house import House
from storage import people, posts

REST = timedelta(days=1)


def check(tx: Connection) -> int:
    """Touch the database; raises what it raises."""
    return people.count(tx, "")


def prune(tx: Connection, house: House, now: datetime) -> None:
    """Forget leases that ended long ago."""
    posts.prune_places(tx, house.org, now - REST)
