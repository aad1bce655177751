"""A playground to post to, with the channel and the people of the load."""

import asyncio
import sys
from datetime import UTC, datetime

from bot.playground.page import serving
from bot.playground.workspace import Workspace
from scripts.bench_load import PEOPLE


def _now() -> datetime:
    return datetime.now(UTC)


async def main(port: int) -> None:
    """Serve until killed."""
    workspace = Workspace(_now)
    people = [f"U{n:04}" for n in range(PEOPLE)]
    for person in people:
        workspace.add_user(person, person.lower(), f"Person {person}", tz="UTC")
    workspace.add_channel("C1", "general", members=[*people, workspace.bot_user])
    async with serving(workspace, port=port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
