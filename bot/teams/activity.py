"""Reading activities: what Teams says happened, to whom, where. `sound` is first; the others rely on it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.teams import words
from bot.teams.shapes import an_object, objects
from handlers.intents import Caller
from handlers.mentions import clean

Activity = Mapping[str, Any]

PERSONAL = "personal"

_ID = re.compile("[^\\s\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,500}")
_OBJECTS = ("channelData", "conversation", "from", "recipient")
_LISTS = ("attachments", "entities", "membersAdded", "membersRemoved", "reactionsAdded", "reactionsRemoved")


def sound(said: Activity) -> dict[str, Any] | None:
    """What came in, with every part in the shape that is relied on from here on; what has another is empty.

    None when it does not say in which conversation it was.
    """
    found = dict(said)
    found |= {name: an_object(said.get(name)) for name in _OBJECTS}
    found |= {name: objects(said.get(name)) for name in _LISTS}
    found |= {name: _id(said.get(name)) for name in ("id", "replyToId")}
    for name in ("conversation", "from", "recipient"):
        found[name] = {**found[name], "id": _id(found[name].get("id"))}
    found["from"]["name"] = clean(str(found["from"].get("name") or ""))
    return found if found["conversation"]["id"] else None


def speaker(activity: Activity, *, retold: bool = False, edited: bool = False) -> Caller:
    """Who wrote a message or pressed something, and where; a chat with the bot is no place for cards.

    A message may be `retold`, or `edited`; a press is neither.
    """
    conversation = words.place(activity["conversation"]["id"])
    return Caller(
        person=words.person(account(activity, "from")),
        place="" if is_personal(activity) else conversation,
        key=f"{conversation}:{activity['id']}" if activity["id"] else None,
        source="teams",
        retold=retold,
        edited=edited,
    )


def pressed_line(activity: Activity) -> str:
    """The line of a button that came as a message, from a client that knows no other way."""
    line = an_object(activity.get("value")).get("line")
    return line if isinstance(line, str) else ""


def mentions(activity: Activity, bot: str) -> bool:
    """Whether the bot is spoken to by name."""
    return any(
        each.get("type") == "mention" and an_object(each.get("mentioned")).get("id") == bot
        for each in activity["entities"]
    )


def is_personal(activity: Activity) -> bool:
    """Whether it was said in the chat of one person with the bot."""
    return bool(activity["conversation"].get("conversationType", PERSONAL) == PERSONAL)


def is_by_us(activity: Activity) -> bool:
    """Whether there is nobody else behind it."""
    return account(activity, "from") in ("", account(activity, "recipient"))


def account(activity: Activity, which: str) -> str:
    """The id of who sent it ("from"), or of who it was sent to ("recipient")."""
    return str(activity[which]["id"])


def members(activity: Activity, which: str) -> list[str]:
    """The ids of those who came ("membersAdded"), or went ("membersRemoved")."""
    return [name for each in activity[which] if (name := _id(each.get("id")))]


def event(activity: Activity) -> str:
    """What Teams calls it in its own words."""
    return str(activity["channelData"].get("eventType") or "")


def told(data: Activity, which: str) -> str:
    """The id of the "team" or the "channel" that Teams' own part of an activity names."""
    return _id(an_object(data.get(which)).get("id"))


def moment(activity: Activity) -> datetime | None:
    """When Teams says it happened."""
    try:
        at = datetime.fromisoformat(str(activity.get("timestamp") or ""))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _id(value: Any) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""
