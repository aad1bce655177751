"""Counting anew: every kept week's sums are forgotten, and counted from the requests as they are now."""

from collections.abc import Callable
from datetime import datetime

from rich.console import Console

from bot.front import Transaction
from bot.offline import house_of
from bot.settings import Settings
from handlers import catalogue, weeks
from storage.database import Database


def recount(settings: Settings, out: Console, now: Callable[[], datetime]) -> None:
    """Forget the sums, and count them again week by week. Ended half-way, the clock does the rest."""
    house = house_of(settings)

    def forget(tx: Transaction) -> None:
        weeks.rebuild(tx, house)

    def next_part(tx: Transaction) -> tuple[str, str] | None:
        return weeks.close_one(tx, catalogue.current(tx, house), now())

    counted = set[str]()
    with Database.open(settings.database_url) as database, out.status("Forgetting the sums …") as status:
        database.submit(forget).result()
        while closed := database.submit(next_part).result():
            counted.add(closed[0])
            status.update(f"Counted {closed[0]} …")
    out.print(f"Counted {len(counted)} week{'' if len(counted) == 1 else 's'} anew.")
