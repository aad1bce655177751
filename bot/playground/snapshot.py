"""The story once it was told, kept beside the installation, so that the next start need not tell it again.

It is found by a fingerprint of the day and of every source file: whoever changes a word sees it told anew.
Where nothing can be kept, the story is told at every start.
"""

import hashlib
import json
import shutil
import sqlite3
import sys
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.playground.records import Channel, Message
from bot.playground.teams.records import Message as Post
from bot.playground.teams.tenant import Tenant
from bot.playground.workspace import Workspace

SHELF = Path(sys.prefix) / "share" / "deskbell-demo"
SOURCES = Path(__file__).parents[2]
DATABASE = "demo.db"
WORKSPACE = "workspace.json"


def place_for(day: date) -> Path:
    """Where the story of a day, as these sources tell it, is kept or would be."""
    told = hashlib.sha256(day.isoformat().encode())
    for room in ("bot", "handlers", "storage"):
        sources = (path for kind in ("*.py", "*.toml") for path in (SOURCES / room).rglob(kind))
        for source in sorted(sources):
            state = source.stat()
            told.update(f"{source.relative_to(SOURCES)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return SHELF / told.hexdigest()[:16]


def is_kept(place: Path) -> bool:
    """Whether a story is kept there, whole."""
    return (place / WORKSPACE).is_file()


def keep(place: Path, workspace: Workspace, tenant: Tenant, numbers: dict[str, int], database: Path) -> None:
    """Keep what was told, instead of what was kept before. A place that cannot be written is left alone."""
    with suppress(OSError, sqlite3.Error):
        shutil.rmtree(SHELF, ignore_errors=True)
        place.mkdir(parents=True)
        source = sqlite3.connect(database)
        try:
            source.execute("VACUUM INTO ?", (str(place / DATABASE),))
        finally:
            source.close()
        told = {
            "numbers": numbers,
            "channels": [asdict(channel) for channel in workspace.channels.values()],
            "messages": [asdict(message) for message in workspace.log.everything()],
            "read": [[*who, mark] for who, mark in workspace.read_marks.items()],
            "files": {
                one.id: [one.name, b64encode(one.content).decode()]
                for one in workspace.files.all.values()
                if one.complete
            },
            "posts": [asdict(message) for message in tenant.log.everything()],
        }
        half = place / f"{WORKSPACE}.half"
        half.write_text(json.dumps(told, default=datetime.isoformat))
        half.rename(place / WORKSPACE)  # whole or not at all


def recall(place: Path, workspace: Workspace, tenant: Tenant, database: Path) -> dict[str, int]:
    """Put back what was kept: the database file, and what was said. Gives the requests' numbers by name."""
    shutil.copyfile(place / DATABASE, database)
    told: dict[str, Any] = json.loads((place / WORKSPACE).read_text())
    for channel in told["channels"]:
        created = datetime.fromisoformat(channel["created"])
        known = Channel(**{**channel, "created": created, "members": tuple(channel["members"])})
        workspace.channels[known.id] = known
    for message in told["messages"]:
        workspace.log.add(Message(**{**message, **_of_message(message)}))
    for post in told["posts"]:
        lists = {name: tuple(post[name]) for name in ("attachments", "entities")}
        tenant.log.add(Post(**{**post, **_of_message(post), **lists}))
    for id, (name, content) in told["files"].items():
        workspace.files.keep(id, name, b64decode(content))
    workspace.read_marks.update({(user, channel): mark for user, channel, mark in told["read"]})
    return dict(told["numbers"])


def _of_message(kept: dict[str, Any]) -> dict[str, Any]:
    """What JSON does not tell of a message: its moment, and who reacted."""
    reactions = {name: tuple(users) for name, users in kept["reactions"].items()}
    return {"at": datetime.fromisoformat(kept["at"]), "reactions": reactions}
