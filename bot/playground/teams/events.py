"""What Teams tells a bot about itself and others coming and going."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.records import Json

from . import payloads
from .records import CHANNEL, PERSONAL, Conversation

if TYPE_CHECKING:
    from .tenant import Tenant


async def installed(tenant: Tenant, conversation: str, by: str) -> None:
    """The app was added to a chat, a group chat or a team."""
    place = tenant.conversations[conversation]
    await _tell(tenant, "conversationUpdate", by, place, membersAdded=_bot(tenant))
    await _tell(tenant, "installationUpdate", by, place, action="add")


async def removed(tenant: Tenant, conversation: str, by: str) -> None:
    """The app was removed from a chat, a group chat or a team."""
    place = tenant.conversations[conversation]
    if place.kind != PERSONAL:  # of a chat only the second is told
        await _tell(tenant, "conversationUpdate", by, place, membersRemoved=_bot(tenant))
    await _tell(tenant, "installationUpdate", by, place, action="remove")


async def joined(tenant: Tenant, conversation: str, person: str, by: str) -> None:
    """Somebody joined a group chat or a team."""
    place = _common(tenant, conversation)
    await _tell(tenant, "conversationUpdate", by or person, place, membersAdded=_member(tenant, person))


async def left(tenant: Tenant, conversation: str, person: str, by: str) -> None:
    """Somebody left a group chat or a team."""
    place = _common(tenant, conversation)
    await _tell(tenant, "conversationUpdate", by or person, place, membersRemoved=_member(tenant, person))


async def channel_changed(tenant: Tenant, conversation: str, event: str, by: str) -> None:
    """A channel was made, renamed or deleted. Teams tells it in the team's conversation."""
    channel = tenant.conversations[conversation]
    team = _common(tenant, conversation)
    who = by or next(iter(tenant.members(conversation)))
    shape = payloads.activity(tenant, "conversationUpdate", who, team)
    data = payloads.channel_data(tenant, channel)
    data["channel"] = {"id": channel.id, "name": channel.name}
    shape["channelData"] = {**data, "eventType": event}
    await tenant.delivery.activity(shape)


async def team_renamed(tenant: Tenant, team: str, by: str) -> None:
    """A team has another name."""
    who = by or next(iter(tenant.members(team)))
    shape = payloads.activity(tenant, "conversationUpdate", who, tenant.conversations[team])
    named = {"id": team, "name": tenant.teams[team].name}
    shape["channelData"] = {"team": named, "eventType": "teamRenamed", "tenant": {"id": tenant.id}}
    await tenant.delivery.activity(shape)


async def _tell(tenant: Tenant, kind: str, by: str, place: Conversation, **more: Any) -> None:
    shape = payloads.activity(tenant, kind, by, place)
    shape["channelData"] = _data(tenant, place, kind, more)
    await tenant.delivery.activity({**shape, **more})


def _data(tenant: Tenant, place: Conversation, kind: str, more: Json) -> Json:
    data = payloads.channel_data(tenant, place)
    if place.kind != CHANNEL or place.team is None:
        return data
    team = tenant.teams[place.team]
    event = {"membersAdded": "teamMemberAdded", "membersRemoved": "teamMemberRemoved"}
    named = [name for key, name in event.items() if key in more]
    shape = {**data, "team": {"id": team.id, "name": team.name}}
    if kind == "installationUpdate":
        return {**shape, "settings": {"selectedChannel": {"id": place.id}}}
    return {**shape, "eventType": named[0]} if named else shape


def _common(tenant: Tenant, conversation: str) -> Conversation:
    """Where news of members is told: in a team, not in the channel but in the team itself."""
    place = tenant.conversations[conversation]
    return tenant.conversations[place.team] if place.team else place


def _bot(tenant: Tenant) -> list[Json]:
    return [{"id": tenant.bot.id, "name": tenant.bot.name}]


def _member(tenant: Tenant, person: str) -> list[Json]:
    return [{"id": person, "aadObjectId": tenant.people[person].object_id}]
