"""Activities as Teams builds them."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.playground.records import Json

from .records import CARD, CHANNEL, GROUP, HTML, PERSONAL, Conversation, Message, Person
from .typed import drawn

if TYPE_CHECKING:
    from .tenant import Tenant

COUNTRY = "SE"


def activity(
    tenant: Tenant,
    kind: str,
    person: str,
    conversation: Conversation,
    *,
    id: str = "",
    root: str | None = None,
) -> Json:
    """What every activity from a person has. In a channel, `root` is the head of the thread."""
    who, at = tenant.people[person], tenant.now()
    return {
        "type": kind,
        "id": id or f"f:{uuid.uuid4()}",
        "timestamp": _zulu(at),
        "localTimestamp": at.astimezone(ZoneInfo(who.tz)).isoformat(timespec="milliseconds"),
        "localTimezone": who.tz,
        "channelId": "msteams",
        "serviceUrl": tenant.service_url,
        "from": {"id": who.id, "name": who.name, "aadObjectId": who.object_id},
        "conversation": account(tenant, conversation, root),
        "recipient": {"id": tenant.bot.id, "name": tenant.bot.name},
        "channelData": channel_data(tenant, conversation),
        "locale": who.locale,
    }


def account(tenant: Tenant, conversation: Conversation, root: str | None = None) -> Json:
    """A conversation as activities name it; a channel's thread is part of its id."""
    shape: Json = {"conversationType": conversation.kind, "tenantId": tenant.id, "id": conversation.id}
    if conversation.kind == PERSONAL:
        return shape
    if conversation.kind == CHANNEL and root:
        shape["id"] = f"{conversation.id};messageid={root}"
    if conversation.kind == GROUP and conversation.name:
        shape["name"] = conversation.name
    return {"isGroup": True, **shape}


def channel_data(tenant: Tenant, conversation: Conversation) -> Json:
    """What Teams adds of its own: the tenant, and in a channel where that is."""
    shape: Json = {"tenant": {"id": tenant.id}}
    if conversation.team:
        shape |= {
            "teamsChannelId": conversation.id,
            "teamsTeamId": conversation.team,
            "channel": {"id": conversation.id},
            "team": {"id": conversation.team},
        }
    return shape


def client_info(person: Person) -> Json:
    """The entity that says what somebody looks through."""
    return {
        "type": "clientInfo",
        "locale": person.locale,
        "country": COUNTRY,
        "platform": "Web",
        "timezone": person.tz,
    }


def message(tenant: Tenant, said: Message, kind: str = "message") -> Json:
    """Somebody wrote a message, or ("messageUpdate", "messageDelete") changed or deleted it."""
    place = tenant.conversations[said.conversation]
    root = (said.root or said.id) if place.kind == CHANNEL else None
    shape = activity(tenant, kind, said.author, place, id=said.id, root=root)
    if kind != "messageDelete":
        shape |= {
            "text": said.text + ("\n" if said.entities else ""),
            "textFormat": "plain",
            "attachments": [{"contentType": HTML, "content": said.html}],
            "entities": [*said.entities, client_info(tenant.people[said.author])],
        }
    return shape


def message_event(tenant: Tenant, said: Message, kind: str, event: str) -> Json:
    """A message was edited or deleted."""
    shape = message(tenant, said, kind)
    shape["channelData"] = {**shape["channelData"], "eventType": event}
    return shape


def reaction(tenant: Tenant, person: str, to: Message, change: str, kind: str) -> Json:
    """Somebody reacted to a message of the bot; `change` is "reactionsAdded" or "reactionsRemoved"."""
    place = tenant.conversations[to.conversation]
    shape = activity(tenant, "messageReaction", person, place, root=to.root or to.id)
    return {**shape, "replyToId": to.id, change: [{"type": kind}]}


def invoke(
    tenant: Tenant, name: str, person: str, place: Conversation, value: Json, on: Message | None = None
) -> Json:
    """Something that the client waits for; `on` is the message that was touched."""
    root = (on.root or on.id) if on else None
    shape = activity(tenant, "invoke", person, place, root=root)
    shape |= {"name": name, "value": value, "entities": [client_info(tenant.people[person])]}
    source = "message" if on else "compose"
    shape["channelData"] = {**shape["channelData"], "source": {"name": source}}
    return shape if on is None else {**shape, "replyToId": on.id}


def button_message(tenant: Tenant, person: str, on: Message, value: Json) -> Json:
    """A plain Action.Submit was pressed: a message without words."""
    shape = activity(tenant, "message", person, tenant.conversations[on.conversation], root=on.root or on.id)
    return {**shape, "id": tenant.log.stamp()[0], "replyToId": on.id, "value": value}


def message_payload(tenant: Tenant, said: Message) -> Json:
    """A message as a message extension is given it, in Graph's words."""
    author = tenant.named(said.author)
    cards = [
        {"id": f"card{number}", "contentType": CARD, "content": json.dumps(card)}
        for number, card in enumerate(said.cards)
    ]
    places = "".join(f'<attachment id="{each["id"]}"></attachment>' for each in cards)
    return {
        "id": said.id,
        "replyToId": said.root if said.is_reply else None,
        "createdDateTime": _zulu(said.at),
        "lastModifiedDateTime": None,
        "deleted": said.deleted,
        "subject": None,
        "summary": said.summary or None,
        "importance": "normal",
        "locale": "en-gb",
        "linkToMessage": link(tenant, said),
        "body": {
            "contentType": "html",
            "content": (drawn(said.text, graph=True) if said.text else "") + places,
        },
        "from": _author(tenant, author),
        "reactions": [],
        "mentions": [_mention(tenant, number, each) for number, each in enumerate(said.entities)],
        "attachments": cards,
    }


def link(tenant: Tenant, said: Message) -> str:
    """The address of a message."""
    place = quote(said.conversation, safe="@:")
    return f"https://teams.microsoft.com/l/message/{place}/{said.id}?tenantId={tenant.id}"


def _author(tenant: Tenant, author: Person) -> Json:
    shape: Json = {"device": None, "conversation": None, "user": None, "application": None}
    if author.is_bot:
        bot = {"applicationIdentityType": "bot", "id": tenant.app_id, "displayName": author.name}
        return {**shape, "application": bot}
    user = {"userIdentityType": "aadUser", "id": author.object_id, "displayName": author.name}
    return {**shape, "user": user}


def _mention(tenant: Tenant, number: int, entity: Json) -> Json:
    mentioned = tenant.named(entity["mentioned"]["id"])
    return {"id": number, "mentionText": mentioned.name, "mentioned": _author(tenant, mentioned)}


def _zulu(at: datetime) -> str:
    """Teams counts ten millionths of a second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
