"""A playground to post to, with the channel and the people of the load."""

import asyncio
import sys
from datetime import UTC, datetime

from bot.playground.page import serving
from bot.playground.records import Message
from bot.playground.workspace import Workspace
from scripts.bench_load import PEOPLE
from scripts.bench_votes import message


def _now() -> datetime:
    return datetime.now(UTC)


def _put_polls(workspace: Workspace, how_many: int) -> None:
    """The messages of polls that were put before."""
    for number in range(1, how_many + 1):
        user, channel, ts = message(number)
        workspace.dm(user)
        said = Message(channel, ts, workspace.bot_user, "How was the service?", _now(), by_bot=True)
        workspace.log.add(said)


async def main(port: int, polls: int) -> None:
    """Serve until killed."""
    workspace = Workspace(_now)
    people = [f"U{n:04}" for n in range(PEOPLE)]
    for person in people:
        workspace.add_user(person, person.lower(), f"Person {person}", tz="UTC")
    workspace.add_channel("C1", "general", members=[*people, workspace.bot_user])
    _put_polls(workspace, polls)
    async with serving(workspace, port=port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
