"""What filing costs in Teams, beside the stock adapter of the SDK with a bot that only echoes.

Both are sent the same activities, and check the same real RS256 tokens against the same keys. The stock one
is flattered in one thing: its own token is given to it, because the library that asks for one refuses a
login service on this machine.
"""

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.progress import track

from scripts.bench_load import Measured
from scripts.bench_servers import Served, beside, child, deskbell
from scripts.bench_table import Pair, table
from scripts.bench_teams_load import TRIAGE, Bot, Connector, People, connecting
from tests.bot.teams.issuer import APP, PASSWORD, TENANT, Issuer, issuing

SECONDS = 3.0
LOADS = (1, 16)
ROUNDS = 3
console = Console()


def settings(issuer: Issuer, connector: Connector) -> dict[str, str]:
    """Those of a Deskbell that serves Teams; development only means that Teams may be on this machine."""
    return {
        "TEAMS_APP_ID": APP,
        "TEAMS_APP_PASSWORD": PASSWORD,
        "TEAMS_TENANT_ID": TENANT,
        "TEAMS_DEVELOPMENT": "true",
        "TEAMS_OPENID_URL": issuer.openid_url,
        "TEAMS_LOGIN_URL": issuer.address,
        "TEAMS_SERVICE_URL": connector.service_url,
        "TRIAGE_CHANNEL": TRIAGE,
    }


async def measure(ours: Served, issuer: Issuer, connector: Connector) -> list[Pair]:
    """The two take turns at each load. Raises `RuntimeError` when a request was not kept."""
    people = People(issuer, connector)
    pairs: list[Pair] = []
    desk = Bot(ours.port, b"is with the team")
    async with beside(child("bench_teams_stock", issuer.address)) as port:
        stock = Bot(port, b"You said")
        await people.write(stock, 4, 1)
        _, filed = await people.write(desk, 4, 2)
        turns = [load for load in LOADS for _ in range(ROUNDS)]
        for load in track(turns, "Measuring Teams", console=console, transient=True):
            floor, _ = await people.write(stock, load, SECONDS)
            filing, more = await people.write(desk, load, SECONDS)
            filed += more
            pairs.append((floor, filing))
    _make_sure(ours.database, filed)
    return pairs


def _make_sure(database: Path, filed: int) -> None:
    with closing(sqlite3.connect(database)) as connection:
        (kept,) = connection.execute("SELECT count(*) FROM requests").fetchone()
    if kept != filed:
        raise RuntimeError(f"{filed} requests were answered, and {kept} kept")


async def _alone() -> list[tuple[Measured, Measured]]:
    with tempfile.TemporaryDirectory() as folder:
        async with issuing() as issuer, connecting() as connector:
            served = deskbell(Path(folder) / "teams.db", settings(issuer, connector))
            async with beside(served) as ours:
                return await measure(ours, issuer, connector)


if __name__ == "__main__":
    console.print(table("stock echo", asyncio.run(_alone())))
