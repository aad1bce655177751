"""What `docs/parity.md` says: the grammar as it was found, and what each platform does in its own way."""

from handlers.usages import USAGES, Usage
from tests.dialogs.test_grammar import Case

SAME = "the same"
FEATURES: tuple[tuple[str, str, str, str], ...] = (
    (
        "Saying a line",
        "`/request …`; a message to the bot; its name in a channel",
        "a message to the bot; its name in a channel or group; `/request` may stand before it",
        "Teams sends a bot no slash command of this kind",
    ),
    (
        "Hearing in a channel",
        "its name, and replies under a card",
        "its name; replies under a card too, once the team has granted the permission in the manifest",
        "Teams sends a bot only what names it",
    ),
    (
        "Answers in a channel",
        "to one person alone, where they asked",
        "a sentence aloud, where it was asked; whatever shows requests in the chat with that person",
        "the bot does not use messages for one person alone there",
    ),
    (
        "Forms",
        "a modal",
        "a dialog from a button, a card to fill in from a line",
        "Teams opens a dialog for a press only",
    ),
    (
        "What a button that looks shows",
        "a message to one person alone",
        "a dialog",
        "it is nobody else's to read",
    ),
    (
        "After a press on a card",
        "the card is edited for all; the answer stands beside it",
        "the card is edited for all; whoever pressed sees it with the answer on top",
        "Teams puts the answer in the place of the card",
    ),
    ("“Make it a request”", "a message shortcut", "a message action", "the same under another name"),
    (
        "🎫 on a message",
        "files it",
        "–; “Make it a request” does it",
        "a bot in Teams hears of reactions on its own messages alone",
    ),
    (
        "Finding and sharing",
        "`find <words>`",
        "`find <words>`; the search of the message extension, which shares the card",
        "Slack has no such search for apps",
    ),
    ("Home", "a tab", "`home` in the chat with the bot", "a tab in Teams is a web page; a line is quicker"),
    ("The live card", SAME, SAME, ""),
    (
        "News in a thread",
        "under the card, in a channel and in direct messages",
        "under the card in a channel; in the chat in order",
        "chats in Teams have no threads",
    ),
    (
        "Answering in a thread",
        "a reply under the card",
        "a reply under the card that names the bot; in the chat a reply that quotes the message",
        "see above",
    ),
    (
        "The poll",
        "five reactions to click",
        "five buttons; a reaction counts too",
        "the bot puts no reactions on messages there",
    ),
    (
        "Which reactions are votes",
        "the five of the scale",
        "the five of the scale, and Teams' six: 😡 1, 😢 2, 😮 3, 👍 and 😆 4, ❤️ 5",
        "Teams offers those first",
    ),
    ("Times", "on the reader's own clock", "on the reader's own clock", ""),
    (
        "Who has never met the bot",
        "does not exist",
        "is reached through the triage channel, by name, until they say hello",
        "in Teams a bot may not begin with somebody who has not installed it",
    ),
    (
        "An edited message",
        "what was filed stays",
        "what was filed stays, and says so; what was not understood is heard again",
        "Slack is told of edits as well, but people there retype",
    ),
    ("Nudges, digest, private requests, history", SAME, SAME, ""),
)
"""Feature, Slack, Teams, and why where they differ."""


def page(cases: int, covered: dict[Usage, int]) -> str:
    """The whole page."""
    lines = [f"| `{usage.line}` | {usage.does} | {_how_often(covered[usage])} |" for usage in USAGES]
    features = ["| " + " | ".join(row) + " |" for row in FEATURES]
    return "\n".join(
        [
            "# The same desk on both platforms",
            "",
            "Written by `python -m tests.parity`. Do not edit it: a test compares.",
            "",
            f"{cases} dialogs are played through Slack's edge and through Teams' edge. The answers are the",
            "same to the letter, the cards say the same, and the rows left in the database differ in nothing",
            "but the names that each platform gives.",
            "",
            "## Every line",
            "",
            "| line | does | dialogs on both |",
            "|---|---|---|",
            *lines,
            "",
            "## What each does in its own way",
            "",
            "| | Slack | Teams | why |",
            "|---|---|---|---|",
            *features,
            "",
        ]
    )


def covered_by(cases: list[Case], forms: tuple[str, ...]) -> dict[Usage, int]:
    """How many dialogs play each line of the grammar."""
    said = [line for before, _, line, _ in cases for line in (line, *(text for _, text in before))]
    opened = [form or "request" for form in forms]
    return {usage: sum(_is(usage, line) for line in (*said, *opened)) for usage in USAGES}


def _is(usage: Usage, line: str) -> bool:
    verb, _, rest = line.partition(" ")
    if usage.verb == "request":
        return verb not in {each.verb for each in USAGES} and not verb.startswith("{")
    if usage.verb == "wait":
        return verb == "wait" and (" on " in f" {rest}") == ("on 15" in usage.line)
    return f"{line} ".startswith(f"{usage.verb} ") or (usage.verb == "show" and line == "{n}")


def _how_often(times: int) -> str:
    assert times, "a line of the grammar that is played on no platform"
    return str(times)
