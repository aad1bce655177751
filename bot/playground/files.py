"""Files: an address to upload to, what was put there, and whether it can be shown yet."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .args import Args
from .errors import SlackRefusal
from .records import Json

if TYPE_CHECKING:
    from .workspace import Workspace

_MOST = 2**20
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(slots=True)
class File:
    """A file: announced with its length, then put there, then completed."""

    id: str
    name: str
    length: int
    content: bytes = b""
    complete: bool = False
    looks: int = 0
    """How often it was asked for since it was completed."""


class Files:
    """Every file of a workspace. Slack takes a moment to look at one: `slow` says how many refusals long."""

    def __init__(self) -> None:
        self.all: dict[str, File] = {}
        self.slow = 0
        self._doors: dict[str, str] = {}

    def begin(self, name: str, length: int) -> tuple[File, str]:
        """A file to be, and the secret of the address where it is expected."""
        file = File(f"F{len(self.all) + 1:06}", name, length)
        door = secrets.token_urlsafe(16)
        self.all[file.id], self._doors[door] = file, file.id
        return file, door

    def keep(self, id: str, name: str, content: bytes) -> None:
        """A whole file."""
        self.all[id] = File(id, name, len(content), content, complete=True)

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Something is put at such an address: once, and as long as it was said to be."""
        id = self._doors.pop(request.match_info["door"], None)
        content = await request.read()
        if id is None or len(content) != self.all[id].length:
            return web.Response(status=400, text="bad upload")
        self.all[id].content = content
        return web.Response(text=f"OK - {len(content)}")

    async def show(self, request: web.Request) -> web.StreamResponse:
        """A file, for the page."""
        file = self.all.get(request.match_info["id"])
        if file is None or not file.complete:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type="image/png")

    def check(self, blocks: list[Json]) -> None:
        """Raise SlackRefusal when blocks show what is no picture, or what nobody has looked at yet."""
        for at, id in _shown(blocks):
            file = self.all.get(id)
            if file is None or not file.complete or not file.content.startswith(_PNG):
                raise _invalid(at)
            file.looks += 1
            if file.looks <= self.slow:
                raise _invalid(at)


def with_addresses(blocks: list[Json] | None) -> list[Json] | None:
    """The same blocks, with an address for the page where Slack has a file."""
    return [
        {**block, "image_url": f"/slack/files/{block['slack_file'].get('id', '')}"}
        if block["type"] == "image" and "slack_file" in block
        else block
        for block in blocks or []
    ] or None


def get_upload_url(workspace: Workspace, args: Args) -> Json:
    """files.getUploadURLExternal."""
    length = args.need("length")
    if not length.isdecimal() or not 0 < int(length) <= _MOST:
        raise SlackRefusal("invalid_arguments", ["length: a positive number of bytes"])
    file, door = workspace.files.begin(args.need("filename"), int(length))
    return {"file_id": file.id, "upload_url": f"{workspace.base_url}/slack/upload/{door}"}


def complete_upload(workspace: Workspace, args: Args) -> Json:
    """files.completeUploadExternal: only for the bot's own eyes, until a message shows it."""
    asked = args.json("files", "invalid_arguments")
    if not isinstance(asked, list) or not asked or not all(isinstance(one, dict) for one in asked):
        raise SlackRefusal("invalid_arguments", ["files: a list of objects with an id"])
    for one in asked:
        file = workspace.files.all.get(str(one.get("id")))
        if file is None or not file.content:
            raise SlackRefusal("file_not_found")
        file.complete = True
    return {"files": [{"id": one["id"], "title": one.get("title", "")} for one in asked]}


def _shown(blocks: list[Json]) -> Iterator[tuple[int, Any]]:
    for at, block in enumerate(blocks):
        if block.get("type") == "image" and "slack_file" in block:
            yield at, (block["slack_file"] or {}).get("id")


def _invalid(at: int) -> SlackRefusal:
    return SlackRefusal("invalid_blocks", [f"invalid slack file [json-pointer:/blocks/{at}/slack_file]"])
