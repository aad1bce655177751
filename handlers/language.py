"""One grammar for everything a person says: a line of text in, an intent out.

A line is a command when it begins with a command's word and goes on as the command does: "take 12 by friday".
When it goes on otherwise, "take the parcels to the post office", it is a request, and is filed.
Buttons say the same lines; `handlers.usages` lists them for people.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from handlers.commands import NUMBER, after_number, is_courtesy, read_command, split_verb
from handlers.filing import Unclear, is_name, read_request
from handlers.intents import READING, Help, Intent, Misunderstood, OpenRequestForm
from handlers.mentions import clean, find_mentions, mention, show_mentions
from handlers.naming import NOTHING, Offers
from handlers.usages import USAGES, VERBS, Usage, elsewhere, lines_of, misspelt, nearest
from storage.records import PersonId

__all__ = ["LONGEST", "USAGES", "Usage", "clean", "mention", "read", "reads", "show_mentions"]

LONGEST = 10_000
"""As many characters as a line may have."""

_PREFIX = re.compile(r"/?request(?!\S)", re.IGNORECASE)
_BACKWARDS = re.compile(r"#(\d{1,9})[:,]?\s+([a-z]+)(?!\S)", re.IGNORECASE)
_ASKS_FORM = re.compile(r"#?\d{1,9}\s{0,9}(?:…|\.\.\.)\s*")
_LETTERS = re.compile(r"[^\W\d_]+")
_GREETINGS = (
    "good afternoon",
    "good evening",
    "good morning",
    "hello there",
    "hey there",
    "hi there",
    "no thanks",
    "ok thank you",
    "ok thanks",
    "thank you",
    "thank you so much",
    "thank you very much",
    "thanks a lot",
    "what can you do",
    "yes please",
)
_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def _nobody(_: str) -> None:
    return None


def read(
    line: str,
    now: datetime,
    zone: str,
    find: Callable[[str], PersonId | None] = _nobody,
    offers: Offers = NOTHING,
    *,
    chat: bool = False,
) -> Intent:
    """What a line asks for. Never raises for any text.

    People in the line are tokens (`mention`), or `@handle`, which is looked up with `find`; the services and
    teams it names are looked up in `offers`, where a person of the same handle comes first. `now` is aware,
    `zone` the IANA zone of whoever speaks. In a `chat` with the bot a greeting or a lone word is no request,
    unless it is called one: "/request tulips".
    """
    said = _without_prefix(line)
    chat = chat and said == line.strip()
    if len(said) > LONGEST:
        return _too_long(said)
    if not said:
        return Help() if chat else OpenRequestForm()
    said = find_mentions(said, find)
    if is_name(said, offers):
        return _request(said, now, zone, offers)
    intent = read_command(said, now, zone) or _near_miss(said)
    if intent:
        return intent
    return Help() if chat and _is_small_talk(said) else _request(said, now, zone, offers)


def reads(line: str) -> bool:
    """True when a line will surely read as one of `READING`; False when it may change something.

    Neither dates nor people nor services are looked up, so this is cheap; a line that would open the form,
    because the service it names asks questions, may as well be filed.
    """
    said = _without_prefix(line)
    if not said or len(said) > LONGEST:
        return True
    verb, rest = split_verb(said)
    if verb in ("give", "snooze", "take", "wait"):
        return bool(_ASKS_FORM.fullmatch(rest))
    if (verb == "away" and rest.strip(" .…")) or (verb == "duty" and " " in rest.strip(" .…")):
        return False
    return isinstance(read_command(said, _NO_MOMENT, "UTC"), READING)


def is_command(line: str) -> bool:
    """Whether a line is one of the commands, rather than something to file or to say to colleagues."""
    return read_command(_without_prefix(line), _NO_MOMENT, "UTC") is not None


def _without_prefix(line: str) -> str:
    said = line.strip()
    prefix = _PREFIX.match(said)
    return said[prefix.end() :].strip() if prefix else said


def _too_long(said: str) -> Misunderstood:
    return Misunderstood(
        f"That is {len(said):,} characters, and {LONGEST:,} is the most. Nothing was filed or changed; "
        "put the long part into a document and link to it."
    )


def _request(said: str, now: datetime, zone: str, offers: Offers) -> Intent:
    try:
        return read_request(said, now, zone, offers)
    except Unclear as unclear:
        return Misunderstood(str(unclear), lines_of("request"))


def _near_miss(said: str) -> Misunderstood | None:
    """The command that was probably meant: a lone word, or a word and a number, that is almost one."""
    backwards = _BACKWARDS.match(said)
    if backwards and (verb := backwards[2].lower()) in VERBS:
        return _did_you_mean(verb, f"Say the word first: “{verb} {backwards[1]}”.")
    word, rest = split_verb(said)
    number = NUMBER.match(rest)
    if rest and not number:
        return None
    if not number or is_courtesy(after_number(rest, number)):
        meant = nearest(word.rstrip("#0123456789"))
    else:
        meant = (elsewhere(word) if rest.startswith("#") else None) or misspelt(word)
    return _did_you_mean(meant, f"I do not know “{word}”; did you mean “{meant}”?") if meant else None


def _did_you_mean(verb: str, why: str) -> Misunderstood:
    return Misunderstood(f"{why} Nothing was filed or changed.", lines_of(verb))


def _is_small_talk(said: str) -> bool:
    return len(said.split()) == 1 or " ".join(_LETTERS.findall(said.lower())) in _GREETINGS
