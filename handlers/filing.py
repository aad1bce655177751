"""A new request in somebody's own words: what in the text is a flag, and what is left to read."""

import re
from dataclasses import replace
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from handlers.dates import Day, find_date
from handlers.intents import Draft, File, OpenRequestForm
from handlers.mentions import CLOSE, MENTION, OPEN
from handlers.naming import NOTHING, Offers
from handlers.questions import asks
from storage.records import PersonId, Priority, Service, Team
from storage.types import WallTime

TITLE = 150
"""As many characters as a title may have; a longer first line is cut, and kept whole in the details."""

_GAP = "\ue002"
"""Stands where a flag was. Like tokens, it is nothing that people can type."""
_AS_MARKS = {ord(OPEN): "@", ord(CLOSE): "@"}
"""Tokens as what people typed: a date may end before a mark, and offsets stay."""
_BEHALF = re.compile(rf"(?<!\S)for\s{{1,9}}{MENTION.pattern}(?!['’]s)", re.IGNORECASE)
_PRIORITY = re.compile(r"(?<!\S)!(low|normal|high|urgent)(?![^\s,.;])", re.IGNORECASE)
_PRIVATE = re.compile(r"(?<!\S)[(\[]?private[)\]]?[:,;.!]?(?!\S)", re.IGNORECASE)
_NAMED = re.compile(r"(?<![\w#@&/.+-])(\()?([#@])([^\W\d_][\w-]{0,79})(?![\w-])(?(1)\))(?![’']s)")
_LOOKUPS = 20
"""How many names of one text are looked up; a pasted log names no services."""
_LINK = re.compile(r"(?:[,.;:!?–—-]+(?=\s|\Z))?\s*")
_SHORTCODE = re.compile(r":[a-z0-9_+'-]{1,60}:")
_ENDS_IN_SHORTCODE = re.compile(_SHORTCODE.pattern + r"\s*\Z")
_CLINGS = re.compile(
    r"(?<!\S)(?:a|about|and|are|at|be|by|for|from|in|is|it|keep|my|not|of|or|our|stay|the|this|to|via|with)\s{1,2}\Z",
    re.IGNORECASE,
)
"""A flag after one of these is also a word of the sentence: "bring the keys to @bob", "keep it private"."""


class Unclear(Exception):
    """What somebody said cannot be carried out; the message is a sentence for them."""


def read_request(text: str, now: datetime, zone: str, offers: Offers = NOTHING) -> File | OpenRequestForm:
    """The request that a text asks for, with people as tokens. Raises `Unclear`.

    1. `by <date>`: needed by; the last one counts, the others stay.
    2. `for @colleague`: on their behalf; the first one.
    3. `@person`: to whom; the first one, the others stay.
    4. `!low !normal !high !urgent` as a word of its own; the last one counts.
    5. `private` at the beginning, at the end, on a line of its own or beside another flag.
    6. `#service`: what is asked for; the first one. It is private when the service is so by default.
    7. `@team`, or `#team` when no service is called so: who is asked; the first one. A service has its own.

    Flags are taken out of the text; of what is left, the first line with words is the title. A `#word` that
    names nothing stays. What names a service whose questions must be answered, or says no more than whom it
    is for, opens the form, filled with all that was said.
    """
    text, needed_by = _needed_by(text.strip(), now, zone)
    text, behalf = _behalf(text)
    text, to = _addressee(text)
    text, service, team = _offered(text, offers)
    text, priority = _priority(text)
    text, private = _private(text)
    draft = Draft(
        priority=priority,
        to=to,
        needed_by=needed_by,
        private=private or bool(service and service.private),
        behalf=behalf,
        service=service.key if service else "",
        team=team.key if team and not service else "",
    )
    left = _tidy(text)
    if (service or team) and not has_words(left):
        return OpenRequestForm(draft)
    title, details = _title(left)
    draft = replace(draft, text=title, details=details)
    return OpenRequestForm(draft) if service and asks(service) else File(draft)


def is_name(said: str, offers: Offers) -> bool:
    """Whether a line is nothing but the name of a service or a team."""
    found = _NAMED.fullmatch(said)
    return found is not None and any(_meant(found, offers))


def entitle(text: str, details: str = "") -> tuple[str, str]:
    """A title of one line, and the details: all of the text goes there when it is more than that.

    Raises `Unclear` when there are no words.
    """
    title, whole = _title(text)
    return title, "\n\n".join(part for part in (whole, details) if part)


def to_come(day: Day, now: datetime, zone: str) -> WallTime:
    """The moment a date means, which must not be over: `Unclear` says so when it is.

    Today is not over before midnight, even when its usual hour has passed.
    """
    wall = WallTime(day.local, zone)
    today = now.astimezone(ZoneInfo(zone))
    if day.whole_day and wall.local.date() == today.date() and wall.instant() <= now:
        wall = WallTime(wall.local.replace(hour=23, minute=59), zone)
    if wall.instant() > now:
        return wall
    year = "" if wall.local.year == today.year else f" {wall.local.year}"
    hour = "" if day.whole_day else f", {wall.local:%H:%M},"
    raise Unclear(
        f"{wall.local:%A} {wall.local.day} {wall.local:%B}{year}{hour} is already past. "
        "Say a day that is still to come; nothing was filed or changed."
    )


def has_words(text: str) -> bool:
    """Whether there is anything to read: a letter or a digit, beside people's names and emoji."""
    return any(map(str.isalnum, _SHORTCODE.sub("", MENTION.sub("", text))))


def _needed_by(text: str, now: datetime, zone: str) -> tuple[str, WallTime | None]:
    found = find_date(text.translate(_AS_MARKS), "by", now, zone)
    if found is None:
        return text, None
    return text[: found.start] + _GAP + text[found.end :], to_come(found.day, now, zone)


def _behalf(text: str) -> tuple[str, PersonId | None]:
    found = _BEHALF.search(text)
    return (_BEHALF.sub(_GAP, text, count=1), found[1]) if found else (text, None)


def _addressee(text: str) -> tuple[str, PersonId | None]:
    found = MENTION.search(text)
    if found is None:
        return text, None
    start, end = found.span()
    owns = text.startswith(("'s", "’s"), end)
    return text if owns else text[:start] + _gap(text, found) + text[end:], found[1]


def _offered(text: str, offers: Offers) -> tuple[str, Service | None, Team | None]:
    """The first service and the first team that are named, and the text without these."""
    service: Service | None = None
    team: Team | None = None
    spans: list[re.Match[str]] = []
    for found in islice(_NAMED.finditer(text), _LOOKUPS):
        a_service, a_team = _meant(found, offers)
        if (a_service and not service) or (a_team and not team):
            spans.append(found)
            service, team = service or a_service, team or a_team
    for found in reversed(spans):
        text = text[: found.start()] + _gap(text, found) + text[found.end() :]
    return text, service, team


def _meant(found: re.Match[str], offers: Offers) -> tuple[Service | None, Team | None]:
    """What a name means: `#` a service, else a team; `@` a team."""
    service = offers.service(found[3]) if found[2] == "#" else None
    return service, None if service else offers.team(found[3])


def _priority(text: str) -> tuple[str, Priority]:
    named = _PRIORITY.findall(text)
    return _PRIORITY.sub(_GAP, text), Priority(named[-1].lower()) if named else Priority.NORMAL


def _private(text: str) -> tuple[str, bool]:
    flags = {found.start() for found in _PRIVATE.finditer(text) if _stands_alone(text, found)}
    rest = _PRIVATE.sub(lambda found: _gap(text, found) if found.start() in flags else found[0], text)
    return rest, bool(flags)


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    start, end = found.span()
    before = text[max(0, start - 9) : start].rstrip(" \t")[-1:]
    after = text[end : end + 9].lstrip(" \t")[:1]
    return start == 0 or end == len(text) or before == after == "\n" or _GAP in (before, after)


def _gap(text: str, found: re.Match[str]) -> str:
    """What is left of a flag: nothing, or itself where the sentence needs it."""
    start = found.start()
    return found[0] if _CLINGS.search(text[max(0, start - 8) : start]) else _GAP


def _tidy(text: str) -> str:
    """Close the gaps, with one space where words are left on both sides; nothing else is touched."""
    first, *others = text.split(_GAP)
    pieces = [first.rstrip(" \t")] if others else [first]
    for other in others:
        piece = other.strip(" \t") if other is not others[-1] else other.lstrip(" \t")
        if not piece:
            continue
        if not any(pieces):
            piece = _LINK.sub("", piece, count=1)
        elif not piece.startswith(("\n", ",", ".", ";", ":", "?", ")")) and not pieces[-1].endswith("\n"):
            pieces.append(" ")
        pieces.append(piece)
    tidy = "".join(pieces).strip()
    loose = others and not others[-1].strip() and not _ENDS_IN_SHORTCODE.search(tidy)
    return tidy.rstrip(" \t,:;–—-") if loose else tidy


def _title(text: str) -> tuple[str, str]:
    """The first line with words, cut where a word ends; and the whole text, when that is not all of it."""
    title = next((line.strip() for line in text.split("\n") if has_words(line)), "")
    if not title:
        raise Unclear("Say in a few words what you need; nothing was filed.")
    if len(title) <= TITLE:
        return title, text if "\n" in text else ""
    cut = title[: TITLE - 1]
    if cut.rfind(OPEN) > cut.rfind(CLOSE):
        cut = cut[: cut.rfind(OPEN)]
    words = cut.rfind(" ") if title[len(cut)] != " " else len(cut)
    return (cut[:words] if words > TITLE // 2 else cut).rstrip() + "…", text
