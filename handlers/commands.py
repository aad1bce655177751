"""What follows each command's word: one small reader per command, and the table that finds it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from handlers.catalogue_commands import CATALOGUE, read_catalogue
from handlers.dates import MOST_WORDS, Day, read_date
from handlers.digest_intents import OfferReport
from handlers.digest_lines import read_digest
from handlers.filing import Unclear, has_words, to_come
from handlers.intents import (
    AnyNews,
    Ask,
    Away,
    Back,
    Cancel,
    Comment,
    Decline,
    Fault,
    Find,
    Follow,
    Give,
    Help,
    History,
    Home,
    Intent,
    List,
    Misunderstood,
    Move,
    Note,
    OpenAway,
    OpenForm,
    OpenRequestForm,
    OpenSettings,
    Rate,
    Reopen,
    Resolve,
    Show,
    Snooze,
    Take,
    WaitOn,
    WaitUntil,
)
from handlers.mentions import MENTION, show_mentions
from handlers.poll_intents import LetQuote, MadeGood, Unrate
from handlers.usages import VERBS, lines_of, nearest
from storage.types import WallTime

NUMBER = re.compile(r"#?(\d{1,40})(?=[\s:,;.!?…]|$)(?![:,.]\d)")
"""A request's number; not the beginning of "12:30", "12.5" or "12th"."""

_JUST_NUMBER = re.compile(r"#?(\d{1,40})[.!?]*")
_GLUED = re.compile(r"([a-z]{3,12})(#?\d\S*)", re.IGNORECASE)
_LINK = re.compile(r"(?:(?!:lock:)[:,;.!?])*\s*(?:[-–—:,]\s+)?")
_TO = re.compile(rf"(?:to\s{{1,9}})?{MENTION.pattern}[\s,;:.–—-]*", re.IGNORECASE)
_HANDLE = re.compile(r"(?:to\s{1,9})?(@\S+)", re.IGNORECASE)
_SCORE = re.compile(r"([1-5])(?:/5)?(?=[\s:,;.!?]|$)(?![.,]\d)")
_OTHER = re.compile(r"(?:on|for)\s+#?(\d{1,40})[.!]?", re.IGNORECASE)
_WORD = re.compile(r"\S+")

_ELLIPSES = ("…", "...")
_COURTESIES = ("", "please", "pls", "thanks", "thank you", "now", "again")
_LOCKS = ("🔒", ":lock:")
_LEADS = ("by", "until", "till", "on", "for")
_LISTS = ("mine", "for me", "team", "open", "late", "waiting")
_FAULTS = ("delivery", "timeliness", "information", "professionalism", "attitude")
_COVER = re.compile(
    rf"(?:and\s+)?(?:cover(?:ed)?(?:\s+by)?:?\s+)?{MENTION.pattern}(?:\s+covers)?[.!]?", re.IGNORECASE
)
_PLACE = re.compile(r"(?:to\s{1,9})?([#@]?[^\W\d_][\w-]{0,79})[.!]?", re.IGNORECASE)
_LATER = ("privacy", "relations", "split")
_NOT_FILED = "Nothing was filed or changed; to ask for something, begin with another word."


@dataclass(frozen=True, slots=True)
class _Said:
    """A command with its number: the words after it, when they are said, and in which zone."""

    verb: str
    number: int
    rest: str
    now: datetime
    zone: str


def read_command(line: str, now: datetime, zone: str) -> Intent | None:
    """The command a line is, with people as tokens; None when it is none, and may be a request."""
    verb, rest = split_verb(line)
    just_number = _JUST_NUMBER.fullmatch(line)
    try:
        if just_number:
            return Show(_number(just_number))
        if verb in _NUMBERED:
            return _numbered(verb, rest, now, zone)
        if verb in _WORDED:
            return _WORDED[verb](rest)
        if verb == "away":
            return _away(_Said(verb, 0, rest, now, zone))
        if verb in CATALOGUE:
            return read_catalogue(verb, rest, now, zone)
        if verb in _LATER:
            return _later(verb, rest)
        return None if rest else _ALONE.get(verb)
    except Unclear as unclear:
        return Misunderstood(str(unclear), lines_of(verb))


def split_verb(line: str) -> tuple[str, str]:
    """The first word in lower case, and the rest; "please take 12" and "take#12" begin with take too."""
    first, rest = _halves(line)
    second, more = _halves(rest)
    if first == "made" and second == "good" and NUMBER.match(more):
        return "made good", more
    if first in ("please", "pls") and second in _NUMBERED and NUMBER.match(more):
        return second, more
    glued = _GLUED.fullmatch(first)
    if glued and glued[1] in _NUMBERED and NUMBER.match(glued[2]):
        return glued[1], f"{glued[2]} {rest}"
    return (first if rest else first.rstrip(".!?:") or first), rest


def after_number(rest: str, number: re.Match[str]) -> str:
    """The words after a number, without what ties them to it: "12: done", "12 - done"."""
    words = rest[number.end() :].rstrip()
    return words.strip() if words.strip() in _ELLIPSES else _LINK.sub("", words, count=1)


def is_courtesy(words: str) -> bool:
    """Whether words say nothing but please or thanks."""
    return words.rstrip(".!?").lower() in _COURTESIES


def _halves(text: str) -> tuple[str, str]:
    first, *rest = text.split(None, 1) or [""]
    return first.lower(), rest[0] if rest else ""


def _numbered(verb: str, rest: str, now: datetime, zone: str) -> Intent | None:
    found = NUMBER.match(rest)
    if not found:
        until = verb in _DATED and _halves(rest)[0] == "until"
        forgotten = not rest or rest in _ELLIPSES or until
        return Misunderstood(f"Say which request: “{verb} 12”.", lines_of(verb)) if forgotten else None
    said = _Said(verb, _number(found), after_number(rest, found), now, zone)
    if said.rest in _ELLIPSES:
        if verb in _FORMS:
            return OpenForm(_FORMS[verb], said.number)
        said = _Said(verb, said.number, "", now, zone)
    if verb in _NEEDY and not said.rest:
        return OpenForm(verb, said.number)
    if verb in _DATED and said.rest.lower() in _LEADS:
        return OpenForm(verb, said.number)
    return _NUMBERED[verb](said)


def _number(found: re.Match[str]) -> int:
    if len(found[1]) > 9:
        raise Unclear("No request has a number that long.")
    return int(found[1])


def _take(said: _Said) -> Intent:
    _only_one(said)
    return Take(said.number, None if is_courtesy(said.rest) else _date(said))


def _give(said: _Said) -> Intent:
    to = _TO.match(said.rest)
    if to:
        return Give(said.number, to[1], said.rest[to.end() :])
    stranger = _HANDLE.match(said.rest)
    if stranger:
        raise Unclear(f"I know nobody called {_quoted(stranger[1])}.")
    raise Unclear(f"Say to whom, with an @ before the name. {_NOT_FILED}")


def _move(said: _Said) -> Intent:
    place = _PLACE.fullmatch(said.rest)
    if place:
        return Move(said.number, place[1])
    if MENTION.search(said.rest):
        raise Unclear(f"A colleague is given it: “give {said.number} @bob”. {_NOT_FILED}")
    raise Unclear(f"Say where to, with a # before the service. {_NOT_FILED}")


def _wait(said: _Said) -> Intent:
    other = _OTHER.fullmatch(said.rest)
    return WaitOn(said.number, _number(other)) if other else WaitUntil(said.number, _date(said))


def _snooze(said: _Said) -> Intent:
    until, why = _leading_date(said)
    return Snooze(said.number, until, why) if has_words(why) else OpenForm("snooze", said.number)


def _note(said: _Said) -> Intent:
    for lock in _LOCKS:
        if said.rest.startswith(lock):
            text = said.rest.removeprefix(lock).strip("\ufe0f \t\n")
            return Note(said.number, text, team_only=True) if text else OpenForm(said.verb, said.number)
    return Note(said.number, said.rest)


def _resolve(said: _Said) -> Intent:
    _only_one(said)
    return Resolve(said.number, said.rest)


def _reopen(said: _Said) -> Intent:
    _only_one(said)
    return Reopen(said.number, said.rest)


def _rate(said: _Said) -> Intent:
    score = _SCORE.match(said.rest)
    if not score:
        raise Unclear("Say how it was with a number from 1 (bad) to 5 (great).")
    comment = after_number(said.rest, score)
    return Rate(said.number, int(score[1]), "" if comment in _ELLIPSES else comment)


def _fault(said: _Said) -> Intent:
    reason = said.rest.lower().rstrip(".!")
    if reason not in _FAULTS:
        raise Unclear(f"Say what fell short: {', '.join(_FAULTS[:-1])} or {_FAULTS[-1]}.")
    return Fault(said.number, reason)


def _bare(make: Callable[[int], Intent]) -> Callable[[_Said], Intent]:
    """A command that is complete with its number."""

    def reader(said: _Said) -> Intent:
        _only_one(said)
        if not is_courtesy(said.rest):
            raise Unclear(
                f"“{said.verb} {said.number}” stands alone, without {_quoted(said.rest)}. {_NOT_FILED}"
            )
        return make(said.number)

    return reader


def _only_one(said: _Said) -> None:
    words = said.rest.replace(",", " ").split()
    if words and all(word in ("and", "&", "+") or word.lstrip("#").isdecimal() for word in words):
        raise Unclear(f"One request at a time: “{said.verb} {said.number}” first. Nothing was changed.")


def _date(said: _Said) -> WallTime:
    """The date that is all the rest."""
    date, more = _leading_date(said)
    if not is_courtesy(more):
        raise Unclear(f"I understand the date, but not {_quoted(more)}. Nothing was changed.")
    return date


def _leading_date(said: _Said) -> tuple[WallTime, str]:
    """The longest date that the rest begins with, and what follows it."""
    day, more = _leading_day(said)
    return to_come(day, said.now, said.zone), more


def _leading_day(said: _Said) -> tuple[Day, str]:
    lead, words = _halves(said.rest)
    if lead not in _LEADS:
        lead, words = "", said.rest
    length = "in " if lead == "for" else ""  # "for two days" ends "in two days"
    ends = [word.end() for word in islice(_WORD.finditer(words), MOST_WORDS)]
    for end in reversed(ends):
        day: Day | None = read_date(length + words[:end].rstrip(",;:.!"), said.now, said.zone)
        if day:
            return day, words[end:].strip(" \t\n,;:–—-")
    raise Unclear(
        f"I do not understand {_quoted(words)} as a date; "
        f"say “friday”, “3 december” or “tomorrow 15:00”. {'Nothing was changed.' if lead else _NOT_FILED}"
    )


def _quoted(text: str) -> str:
    shown = " ".join(show_mentions(text, lambda _: "…").split())
    return f"“{shown if len(shown) <= 40 else shown[:39].rstrip() + '…'}”"


def _find(rest: str) -> Intent:
    if not has_words(MENTION.sub("x", rest)):
        raise Unclear("Say which words to look for.")
    return Find(rest)


def _list(rest: str) -> Intent | None:
    which = " ".join(rest.lower().rstrip(".!?").split())
    if is_courtesy(which):
        return List()
    if which not in _LISTS and " " not in which:
        raise Unclear(f"I know no list {_quoted(rest)}.")
    return List(which) if which in _LISTS else None


def _help(rest: str) -> Intent | None:
    word, more = _halves(rest.rstrip(".!?"))
    if word in VERBS and (not more or NUMBER.match(more)):
        return Help(word)
    return None if more else Help(nearest(word) or "")


def _away(said: _Said) -> Intent | None:
    """Until when, and who covers; a line that only begins with the word is something to file."""
    if not said.rest or said.rest in _ELLIPSES:
        return OpenAway()
    if _halves(said.rest)[0] not in ("until", "till"):
        return None
    day, more = _leading_day(said)
    until = _back_at(day, said)
    cover = _COVER.fullmatch(more)
    if not cover and not is_courtesy(more):
        stranger = _HANDLE.search(more)
        raise Unclear(
            f"I know nobody called {_quoted(stranger[1])}. Nothing was changed."
            if stranger
            else f"I understand the date, but not {_quoted(more)}. Nothing was changed."
        )
    return Away(until, cover[1] if cover else None)


def _back_at(day: Day, said: _Said) -> WallTime:
    """Who is away until Friday is here on Friday morning; until Monday, said on a Monday, is in a week."""
    morning = WallTime(day.local.replace(hour=9, minute=0), said.zone)
    if not day.whole_day:
        return to_come(day, said.now, said.zone)
    if morning.instant() > said.now:
        return morning
    weekday = _halves(_halves(said.rest)[1])[0].rstrip(",.;:!")
    if weekday and f"{morning.local:%A}".lower().startswith(weekday):
        return WallTime(morning.local + timedelta(days=7), said.zone)
    return to_come(day, said.now, said.zone)


def _later(verb: str, rest: str) -> Intent | None:
    numbered = verb == "split" and NUMBER.match(rest)
    if rest and not numbered:
        return None
    return Misunderstood(f"“{verb}” is not here yet. {_NOT_FILED if rest else ''}".rstrip(), lines_of("help"))


_NUMBERED: dict[str, Callable[[_Said], Intent]] = {
    "take": _take,
    "give": _give,
    "move": _move,
    "ask": lambda said: Ask(said.number, said.rest),
    "answer": _note,
    "note": _note,
    "wait": _wait,
    "resolve": _resolve,
    "reopen": _reopen,
    "cancel": _bare(Cancel),
    "decline": lambda said: Decline(said.number, said.rest),
    "rate": _rate,
    "comment": lambda said: Comment(said.number, said.rest),
    "fault": _fault,
    "unrate": _bare(Unrate),
    "share": _bare(LetQuote),
    "unshare": _bare(lambda number: LetQuote(number, on=False)),
    "made good": lambda said: MadeGood(said.number, said.rest),
    "nudge": _bare(AnyNews),
    "snooze": _snooze,
    "show": _bare(Show),
    "history": _bare(History),
    "follow": _bare(Follow),
    "unfollow": _bare(lambda number: Follow(number, on=False)),
}
_WORDED: dict[str, Callable[[str], Intent | None]] = {
    "find": _find,
    "list": _list,
    "help": _help,
    "digest": read_digest,
}
_ALONE: dict[str, Intent] = {
    "report": OfferReport(),
    "settings": OpenSettings(),
    "back": Back(),
    "home": Home(),
    "form": OpenRequestForm(),
    "?": Help(),
}
_NEEDY = ("give", "move", "ask", "answer", "note", "wait", "decline", "comment", "snooze")
"""Without their words there is nothing to do yet: a form asks for them."""
_DATED = ("take", "wait", "snooze")
_FORMS = {verb: verb for verb in (*_NEEDY, "take", "resolve", "reopen", "made good")} | {"rate": "comment"}
"""The form that "verb 12 …" opens."""
