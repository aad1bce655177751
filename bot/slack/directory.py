"""Who is who in Slack: looked up in the background and kept, so that no click ever waits for it."""

from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import Undelivered
from bot.front import Front
from bot.slack import words
from bot.slack.chat import calling
from handlers import directory
from storage.records import Person

log = structlog.get_logger()

PAGE = 200


def described(user: dict[str, Any], home: Collection[str] = ()) -> Person:
    """A colleague as Slack's `user` object describes them; `home` are the ids of the organisation's own."""
    profile = user.get("profile") or {}
    handle = str(user.get("name") or "")
    name = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or handle
    return Person(
        id=words.person(str(user["id"])),
        name=str(name) or str(user["id"]),
        handle=handle,
        zone=str(user.get("tz") or ""),
        email=_verified_email(user, home),
        active=not user.get("deleted", False),
        bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
    )


def _verified_email(user: dict[str, Any], home: Collection[str]) -> str:
    """The address that Slack vouches for: confirmed, and of somebody of our own.

    In shared channels there are people of other organisations, where somebody else decides whose an address
    is. Slack gives no address without the scope users:read.email.
    """
    enterprise = user.get("enterprise_user") or {}
    at = {user.get("team_id"), enterprise.get("enterprise_id"), *(enterprise.get("teams") or ())}
    if user.get("is_email_confirmed") is not True or at.isdisjoint(home):
        return ""
    return str((user.get("profile") or {}).get("email") or "").lower()


class Directory:
    """Keeps people and the triage channel's members as Slack has them."""

    def __init__(
        self, client: AsyncWebClient, front: Front, now: Callable[[], datetime], home: Collection[str]
    ) -> None:
        """`home` are the ids of the workspace and of the organisation it belongs to."""
        self._client = client
        self._front = front
        self._now = now
        self._home = home

    async def refresh(self) -> None:
        """Read everybody, and who is in the triage channel."""
        try:
            await self._everybody()
            await self._members()
        except Undelivered as error:
            log.warning("Slack's directory could not be read", why=error.why)

    async def look_up_unknown(self) -> None:
        """Ask Slack about people who were met and are not known yet."""
        house = self._front.house
        for person in await self._front.look(lambda tx: directory.unknown(tx, house, words.PREFIX)):
            user = words.user(person)
            if user is None:
                continue
            try:
                async with calling(self._client.timeout):
                    answer = await self._client.users_info(user=user)
            except Undelivered as error:
                log.info("Slack did not say who somebody is", why=error.why)
                return
            await self.describe(answer["user"])

    async def describe(self, user: dict[str, Any]) -> None:
        """Keep what Slack says of one person."""
        house, now, person = self._front.house, self._now(), described(user, self._home)
        await self._front.keep(lambda tx: directory.describe(tx, house, person, now))

    async def joined(self, channel: str, user: str) -> None:
        """Somebody came to a channel."""
        house = self._front.house
        await self._front.keep(
            lambda tx: directory.joined(tx, house, words.place(channel), words.person(user))
        )

    async def left(self, channel: str, user: str) -> None:
        """Somebody left a channel."""
        house = self._front.house
        await self._front.keep(lambda tx: directory.left(tx, house, words.place(channel), words.person(user)))

    async def _everybody(self) -> None:
        house, now = self._front.house, self._now()
        async for page in self._pages("users.list", "members"):
            everybody = [described(user, self._home) for user in page]
            await self._front.keep(partial(directory.describe_all, house=house, everybody=everybody, now=now))

    async def _members(self) -> None:
        house = self._front.house
        triage = house.triage
        if not triage or not triage.startswith(words.PREFIX):
            return
        channel, _ = words.target(triage)
        present: list[str] = []
        async for page in self._pages("conversations.members", "members", channel=channel):
            present.extend(words.person(user) for user in page)
        await self._front.keep(lambda tx: directory.members_are(tx, house, triage, present))

    async def _pages(self, method: str, what: str, **arguments: str) -> AsyncIterator[list[Any]]:
        cursor = ""
        while True:
            async with calling(self._client.timeout):
                answer = await self._client.api_call(
                    method, params={**arguments, "limit": PAGE, "cursor": cursor}
                )
            yield list(answer[what])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


async def find_channels(client: AsyncWebClient, names: set[str]) -> dict[str, str]:
    """The ids of channels by name, without those that are not found. Raises `Undelivered`."""
    wanted = {name.lstrip("#").lower() for name in names}
    found: dict[str, str] = {}
    cursor = ""
    while wanted:
        async with calling(client.timeout):
            answer = await client.conversations_list(
                types="public_channel,private_channel", exclude_archived=True, limit=PAGE, cursor=cursor
            )
        for channel in answer["channels"]:
            if channel["name"].lower() in wanted:
                wanted.discard(channel["name"].lower())
                found[channel["name"].lower()] = channel["id"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return found


async def find_person(client: AsyncWebClient, handle: str) -> str | None:
    """The id of the active colleague of that handle, if there is one. Raises `Undelivered`."""
    wanted, cursor = handle.lstrip("@").lower(), ""
    while True:
        async with calling(client.timeout):
            answer = await client.users_list(limit=PAGE, cursor=cursor)
        for user in answer["members"]:
            if str(user.get("name", "")).lower() == wanted and not user.get("deleted"):
                return str(user["id"])
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return None
