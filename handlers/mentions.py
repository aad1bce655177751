"""People named in text: as tokens while a line is read and stored, as "@Name" when it is shown."""

import re
import unicodedata
from collections.abc import Callable

from storage.records import PersonId

OPEN, CLOSE = "\ue000", "\ue001"
MENTION = re.compile(f"{OPEN}([^{OPEN}{CLOSE}\\s]+){CLOSE}")

_HANDLE = re.compile(r"(?<![\w.@/+-])@([\w.-]{1,80})(?![\w.-])")
_LOOKUPS = 20
"""How many different handles of one line are looked up; a pasted log is not a list of colleagues."""
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters, but for tab and newline
    "\ud800-\udfff"  # halves of characters: no database takes them
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use: tokens are made of it
    "\u202d\u202e]"  # overrides that turn the rest of a page around; right-to-left text needs none
)
_MARKS = 30
"""As many accents as one letter may carry; no language needs more, and composing them takes time squared."""


def mention(person: PersonId) -> str:
    """The token that stands for a person in a line and in stored text."""
    return f"{OPEN}{person}{CLOSE}"


def show_mentions(text: str, name_of: Callable[[PersonId], str]) -> str:
    """Stored text as people read it: tokens become "@Name"."""
    shown = MENTION.sub(lambda found: "@" + name_of(found[1]), text)
    return shown.replace(OPEN, "").replace(CLOSE, "")


def clean(text: str) -> str:
    """What somebody typed, without what cannot be seen: call it before tokens are put in.

    Control characters (but newline and tab), the private-use area and trailing spaces go; line ends become
    newlines; the rest is composed (NFC), with at most thirty marks on a letter. Twice is the same as once.
    """
    seen = _UNSEEN.sub("", _NEWLINES.sub("\n", text))
    seen = seen if seen.isascii() else _composed(seen)
    return "\n".join(line.rstrip() for line in seen.split("\n")).rstrip()


def find_mentions(text: str, find: Callable[[str], PersonId | None]) -> str:
    """Turn every `@handle` that is somebody into their token; the others stay as they are."""
    if "@" not in text:
        return text
    known: dict[str, PersonId | None] = {}

    def look_up(handle: str) -> PersonId | None:
        if handle and handle not in known and len(known) < _LOOKUPS:
            known[handle] = find(handle)
        return known.get(handle)

    def token(found: re.Match[str]) -> str:
        handle = found[1]
        for name in (handle, handle.rstrip(".-")):  # the dot may end the sentence, not the name
            person = look_up(name)
            if person is not None:
                return mention(person) + handle[len(name) :]
        return found[0]

    return _HANDLE.sub(token, text)


def _composed(text: str) -> str:
    kept, marks = [], 0
    for character in text:
        marks += len(unicodedata.normalize("NFD", character)) if unicodedata.combining(character) else -marks
        if marks <= _MARKS:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))
