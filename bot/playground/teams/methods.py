"""What a bot can ask the Bot Connector for, one function each. All of them raise Refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.playground.records import Json

from . import checking, limits, refusals, roster
from .records import CHANNEL, PERSONAL, Conversation, Message, Team

if TYPE_CHECKING:
    from .tenant import Tenant

_THREAD = ";messageid="


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the conversation (with its thread) and what else stands in the address, and the body."""

    conversation: str = ""
    activity: str = ""
    member: str = ""
    team: str = ""
    body: Json = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The conversation without the thread."""
        return self.conversation.partition(_THREAD)[0]

    @property
    def thread(self) -> str:
        """The message whose thread it is, or ""."""
        return self.conversation.partition(_THREAD)[2]


def create(tenant: Tenant, asked: Asked) -> Json:
    """Begin the chat with one person, or a thread in a channel."""
    data = asked.body.get("channelData") or {}
    told = asked.body.get("tenantId") or (data.get("tenant") or {}).get("id")
    if told != tenant.id:
        raise refusals.malformed(f"tenantId: there is no tenant {told!r}")
    if asked.body.get("isGroup"):
        return _begin_thread(tenant, str((data.get("channel") or {}).get("id")), asked.body)
    person = _one(tenant, asked.body.get("members"))
    _may_write_to(tenant, person)
    _pace(tenant, "")
    return {"id": tenant.personal(person).id}


def _begin_thread(tenant: Tenant, channel: str, body: Json) -> Json:
    first = body.get("activity")
    if not isinstance(first, dict):
        raise refusals.malformed("activity: a thread begins with a message")
    id = send(tenant, Asked(channel, body=first))["id"]
    return {"id": f"{channel}{_THREAD}{id}", "activityId": id}


def _one(tenant: Tenant, members: object) -> str:
    if not isinstance(members, list) or len(members) != 1 or not isinstance(members[0], dict):
        raise refusals.malformed("members: exactly one person")
    id = members[0].get("id")
    found = [each.id for each in tenant.people.values() if id in (each.id, each.object_id)]
    if not found:
        raise refusals.malformed(f"members: there is nobody {id!r}")
    return found[0]


def send(tenant: Tenant, asked: Asked) -> Json:
    """Write into a conversation, or into a channel's thread that its id names."""
    place = _writable(tenant, asked)
    root = _root(tenant, place, asked.thread) if asked.thread else None
    return _said(tenant, place, asked, root)


def reply(tenant: Tenant, asked: Asked) -> Json:
    """Answer a message. In a channel the conversation's id alone names the thread: else it is a new post."""
    _root(tenant, _writable(tenant, asked), asked.activity)
    return send(tenant, asked)


def update(tenant: Tenant, asked: Asked) -> Json:
    """Put another message in the place of an earlier one."""
    place = _writable(tenant, asked)
    message = _own(tenant, place, asked.activity)
    checking.check(tenant, asked.body, f"update in {place.name or place.kind}")
    _pace(tenant, place.id)
    tenant.change(message, **_content(asked.body), edited=True)
    return {"id": message.id}


def delete(tenant: Tenant, asked: Asked) -> Json:
    """Take a message away."""
    place = _writable(tenant, asked)
    if not tenant.can_delete:
        raise refusals.not_offered()
    tenant.remove(_own(tenant, place, asked.activity))
    return {}


def members(tenant: Tenant, asked: Asked) -> list[Json]:
    """Everybody at once; Teams keeps it for old bots."""
    return roster.members(tenant, _writable(tenant, asked).id)


def pagedmembers(tenant: Tenant, asked: Asked) -> Json:
    """Everybody, in pages."""
    size, token = asked.query.get("pageSize", ""), asked.query.get("continuationToken", "")
    return roster.page(tenant, _writable(tenant, asked).id, size, token)


def member(tenant: Tenant, asked: Asked) -> Json:
    """One person."""
    return roster.member(tenant, _writable(tenant, asked).id, asked.member)


def team(tenant: Tenant, asked: Asked) -> Json:
    """What a team is called."""
    return roster.team(_team(tenant, asked))


def channels(tenant: Tenant, asked: Asked) -> Json:
    """The channels of a team."""
    return {"conversations": roster.channels(tenant, _team(tenant, asked))}


Method = Callable[["Tenant", Asked], Json | list[Json]]

METHODS: dict[str, Method] = {
    "create": create,
    "send": send,
    "reply": reply,
    "update": update,
    "delete": delete,
    "members": members,
    "pagedmembers": pagedmembers,
    "member": member,
    "team": team,
    "channels": channels,
}
"""Everything the connector does, by the names that `Tenant.fail` and `Tenant.called` use."""


def _writable(tenant: Tenant, asked: Asked) -> Conversation:
    found = tenant.conversations.get(asked.place)
    if found is None or found.gone or (asked.thread and found.kind != CHANNEL):
        raise refusals.no_conversation()
    if found.kind == PERSONAL and found.members[0] in tenant.blocked:
        raise refusals.blocked()
    if not tenant.bot_in(found.id):
        raise refusals.not_in_roster()
    return found


def _team(tenant: Tenant, asked: Asked) -> Team:
    found = tenant.teams.get(asked.team)
    if found is None:
        raise refusals.no_conversation()
    if not found.bot:
        raise refusals.not_in_roster()
    return found


def _may_write_to(tenant: Tenant, person: str) -> None:
    if person in tenant.blocked:
        raise refusals.blocked()
    if not tenant.may_meet(person):
        raise refusals.never_met()


def _root(tenant: Tenant, place: Conversation, id: str) -> str:
    found = tenant.log.find(place.id, id)
    if found is None:
        raise refusals.no_activity()
    return found.root or found.id


def _own(tenant: Tenant, place: Conversation, id: str) -> Message:
    found = tenant.log.find(place.id, id)
    if found is None or found.deleted:
        raise refusals.no_activity()
    if not found.by_bot:
        raise refusals.not_ours()
    return found


def _said(tenant: Tenant, place: Conversation, asked: Asked, root: str | None) -> Json:
    checking.check(tenant, asked.body, f"message in {place.name or place.kind}")
    _pace(tenant, place.id)
    return {"id": tenant.post(place.id, tenant.bot.id, **_content(asked.body), root=root).id}


def _content(body: Json) -> Json:
    return {
        "text": body.get("text") or "",
        "summary": body.get("summary") or "",
        "attachments": tuple(body.get("attachments") or ()),
        "entities": tuple(body.get("entities") or ()),
    }


def _pace(tenant: Tenant, conversation: str) -> None:
    """Note that the bot writes here; raises a Refusal when that is too fast and `limits_on`."""
    at, sent = tenant.monotonic(), tenant.sent_at.setdefault(conversation, [])
    wait = limits.wait(sent, at)
    if tenant.limits_on and wait > 0:
        raise refusals.too_many(wait)
    sent.append(at)
    del sent[: -limits.PACES[-1][1]]
