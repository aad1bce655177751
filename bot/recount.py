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

    def next_week(tx: Transaction) -> str | None:
        return weeks.close_one(tx, catalogue.current(tx, house), now())

    counted = 0
    with Database.open(settings.database_url) as database, out.status("Forgetting the sums …") as status:
        database.submit(forget).result()
        while week := database.submit(next_week).result():
            counted += 1
            status.update(f"Counted {week} …")
    out.print(f"Counted {counted} week{'' if counted == 1 else 's'} anew.")
