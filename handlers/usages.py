"""Every line one can say, one `Usage` each: for help, for the documentation, for near misses, for hints."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Usage:
    """A line of the grammar: the word it begins with, how it is written, what it does."""

    verb: str
    line: str
    does: str


USAGES: tuple[Usage, ...] = (
    Usage("request", "the printer is out of toner @bob by friday !high", "Files it at once."),
    Usage("form", "form", "Opens the form for a new request."),
    Usage("take", "take 12 [by friday]", "You own it; the date is your promise."),
    Usage("resolve", "resolve 12 [what was done]", "It is done."),
    Usage("note", "note 12 <text>", "Adds to the conversation; both sides see it."),
    Usage("ask", "ask 12 <question>", "Asks the requester; it waits for the answer."),
    Usage("answer", "answer 12 <text>", "Answers what you were asked."),
    Usage("list", "list [mine, for me, team, open, late, waiting]", "Shows several requests."),
    Usage("show", "show 12", "Shows one request."),
    Usage("find", "find <words>", "Finds requests that contain all these words."),
    Usage("home", "home", "Shows what waits for you and what you wait for."),
    Usage("give", "give 12 @bob [why]", "Hands it to a colleague."),
    Usage("move", "move 12 #service", "Wrong desk: gives it to another service or team."),
    Usage("wait", "wait 12 until monday", "Pauses it until then."),
    Usage("wait", "wait 12 on 15", "Pauses it until #15 is resolved."),
    Usage("decline", "decline 12 <why>", "Says no, and why."),
    Usage("nudge", "nudge 12", "Asks the owner for news."),
    Usage("cancel", "cancel 12", "You no longer need it."),
    Usage("reopen", "reopen 12 [why]", "It is not done after all."),
    Usage("rate", "rate 12 4 [comment]", "Says how the service was, from 1 to 5."),
    Usage("comment", "comment 12 <text>", "Adds words to your rating."),
    Usage(
        "fault",
        "fault 12 <delivery, timeliness, information, professionalism or attitude>",
        "Says what fell short.",
    ),
    Usage("unrate", "unrate 12", "Takes your rating back."),
    Usage("share", "share 12", "Lets the digest quote what you wrote beside your rating."),
    Usage("unshare", "unshare 12", "Lets it no longer."),
    Usage("made good", "made good 12 [what]", "What fell short is made good; the requester is asked again."),
    Usage("snooze", "snooze 12 until tomorrow <why>", "No nudges until then; the requester sees why."),
    Usage("follow", "follow 12", "Keeps you informed."),
    Usage("unfollow", "unfollow 12", "Keeps you informed no longer."),
    Usage("history", "history 12", "Shows everything that happened to it."),
    Usage("services", "services [flowers]", "Shows what you can ask for, and how soon it is done."),
    Usage("teams", "teams", "Shows who serves, when, and how requests are given."),
    Usage("duty", "duty [flowers]", "Shows who is on duty in the next weeks."),
    Usage("duty", "duty flowers 30 november @bob", "Bob stands in on the rota in that week."),
    Usage("digest", "digest", "Shows the last seven days, to you alone."),
    Usage(
        "digest",
        "digest subscribe [#general] [mon 09:00] [Europe/Stockholm] [team flowers]",
        "A channel gets the digest every week.",
    ),
    Usage("digest", "digest unsubscribe [#general]", "A channel gets it no longer."),
    Usage("digest", "digest preview [#general]", "Shows what the channel would read."),
    Usage("digest", "digest late", "Shows what is behind a number: filed, resolved, open, late, missed."),
    Usage("report", "report", "All numbers on a page, by team and service: a link for you alone."),
    Usage("away", "away until monday [cover @bob]", "Nobody gives you requests or nudges you until then."),
    Usage("back", "back", "You are here again."),
    Usage("settings", "settings", "Sets how you like to be nudged."),
    Usage("help", "help [word]", "Shows what you can say."),
)

VERBS: tuple[str, ...] = tuple(dict.fromkeys(usage.verb for usage in USAGES))

_MEANT = {
    "accept": "take",
    "assign": "give",
    "claim": "take",
    "close": "resolve",
    "complete": "resolve",
    "delete": "cancel",
    "done": "resolve",
    "finish": "resolve",
    "hold": "wait",
    "open": "show",
    "pause": "wait",
    "ping": "nudge",
    "refuse": "decline",
    "reject": "decline",
    "remind": "nudge",
    "remove": "cancel",
    "reply": "answer",
    "search": "find",
    "unwatch": "unfollow",
    "view": "show",
    "watch": "follow",
    "withdraw": "cancel",
}
"""What other tools call our verbs."""


def lines_of(verb: str) -> tuple[str, ...]:
    """How to write a command."""
    return tuple(usage.line for usage in USAGES if usage.verb == verb)


def elsewhere(word: str) -> str | None:
    """The verb for what other tools call otherwise: "close" is "resolve"."""
    return _MEANT.get(word)


def nearest(word: str) -> str | None:
    """The verb somebody probably meant, where the line can hardly be anything but a command."""
    verb, likeness = _most_like(word)
    return _MEANT.get(word) or (verb if likeness >= 0.74 else None)


def misspelt(word: str) -> str | None:
    """The verb somebody surely meant and did not write, where the line may as well be plain words.

    Letters swapped, doubled or dropped; but "bake 12 loaves" is no "take", nor is "judge 12 cakes" a "nudge".
    """
    verb, likeness = _most_like(word)
    swapped = sorted(word) == sorted(verb)
    slipped = len(word) > 3 and likeness >= 0.83
    return verb if word not in VERBS and word[:1] == verb[:1] and (swapped or slipped) else None


def _most_like(word: str) -> tuple[str, float]:
    if len(word) > 20:
        return "", 0.0
    likeness = {verb: SequenceMatcher(None, verb, word).ratio() for verb in VERBS}
    verb = max(likeness, key=lambda each: likeness[each])
    return verb, likeness[verb]
