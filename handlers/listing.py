"""Looking: one request, a message of ours, several, all that contain some words, one's history, and Home.

What somebody may not see is not counted either.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from handlers import absence, cards, csat, outbox, serving, targets
from handlers.intents import Find, History, Home, List, Look, Share, Show
from handlers.may import may
from handlers.notices import Button, HomePage, Listing, Nothing, Notice, Row, Story, When, Words
from handlers.past import pauses, still
from handlers.turn import Turn, desk_of, refuse, seen, shown
from handlers.words import in_zone, until
from storage import history, people, posts, requests
from storage.records import Entry, PersonId, PostKind, Request

MOST_ROWS = 15
MOST_LINES = 40
MOST_FOUND = 200
HOME_ROWS = 10

Picker = Callable[[Turn], list[Request]]

LISTS: dict[str, tuple[str, Picker]] = {
    "mine": ("What you asked for", lambda turn: requests.asked_by(turn.tx, turn.org, turn.person.id)),
    "for me": ("What waits for you", lambda turn: requests.owned(turn.tx, turn.org, turn.person.id)),
    "team": ("Not taken yet", lambda turn: _untaken(turn)),
    "open": ("Everything unfinished", lambda turn: requests.unfinished(turn.tx, turn.org)),
    "late": ("Late", lambda turn: _late(turn)),
    "waiting": ("Waiting", lambda turn: requests.waiting(turn.tx, turn.org)),
}
"""What `list` can show: its title, and where it comes from. The most pressing stands first."""

EMPTY = {
    "mine": "You wait for nothing. Say what you need, and it will be kept.",
    "for me": "Nothing waits for you.",
    "team": "Everything is taken.",
    "open": "There is nothing to do.",
    "late": "Nothing is late.",
    "waiting": "Nothing waits.",
}


def show(turn: Turn, intent: Show) -> Notice:
    """One request, with the buttons this person may press."""
    return shown(turn, seen(turn, intent.number))


def look(turn: Turn, intent: Look) -> Notice:
    """What one of our messages says now: a card as this person may see it, else as everybody there does.

    What stands in somebody else's direct messages is theirs.
    """
    post = posts.by_message(turn.tx, turn.org, intent.message)
    if post is None:
        return Nothing()
    request = requests.get(turn.tx, turn.org, post.number or 0) if post.kind is PostKind.CARD else None
    if request is not None and not may(turn.person, "see", request, desk_of(turn, request)):
        return shown(turn, request)
    if post.place != turn.person.id and people.get(turn.tx, turn.org, post.place) is not None:
        return Nothing()
    composed = outbox.compose(turn.tx, turn.house, post, turn.now)
    return composed.notice if composed else Nothing()


def share(turn: Turn, intent: Share) -> Notice:
    """A request for anybody's eyes: nothing of a private one but that it is there, and no buttons."""
    request = seen(turn, intent.number)
    return replace(cards.live(turn.tx, turn.house, request, "", turn.now), buttons=())


def several(turn: Turn, intent: List) -> Notice:
    """One of the lists."""
    return _listing(turn, intent.which, MOST_ROWS)


def find(turn: Turn, intent: Find) -> Notice:
    """Requests that contain every word, newest first."""
    words = intent.words.split()
    if not words:
        raise refuse("Say what to look for.", usage=("find printer toner",))
    found = visible(turn, requests.find(turn.tx, turn.org, words, MOST_FOUND))
    return _rows(
        turn, f"Requests with “{intent.words}”", found, "Nothing contains all these words.", MOST_ROWS
    )


def story(turn: Turn, intent: History) -> Notice:
    """Everything that happened to a request; what is for the team alone, for them alone.

    That somebody voted is told to nobody where votes are anonymous.
    """
    request = seen(turn, intent.number)
    serves = not may(turn.person, "whisper", request, desk_of(turn, request))
    entries = [line for line in history.of(turn.tx, turn.org, request.number) if serves or not line.team_only]
    entries = csat.readable(turn, request, entries)
    names = people.several(turn.tx, turn.org, _spoken_of(entries))
    stood = pauses(entries, turn.house.clock_of(request))
    lines = tuple(
        (When(line.at, turn.zone), in_zone(still(line, names, stood.get(line.id)), turn.zone))
        for line in entries
    )
    return Story(request.number, request.title, lines[-MOST_LINES:], more=max(0, len(lines) - MOST_LINES))


def home(turn: Turn, _: Home) -> Notice:
    """What waits for me, what I wait for, what nobody has taken, and a button to ask."""
    named = turn.person.name != turn.person.id
    hello = f"Good to see you, {turn.person.name.split()[0]}." if named else "Good to see you."
    return HomePage(
        greeting=_greeting(turn, hello),
        for_me=_listing(turn, "for me", HOME_ROWS),
        mine=_listing(turn, "mine", HOME_ROWS),
        team=_listing(turn, "team", HOME_ROWS),
        buttons=(
            Button("Ask for something", "form", "primary"),
            *((Button("Services", "services"),) if turn.house.offered else ()),
            Button("Settings", "settings"),
            Button("Help", "help"),
            *((absence.BACK,) if turn.person.is_away(turn.now) else ()),
        ),
    )


def _greeting(turn: Turn, hello: str) -> Words:
    end = turn.person.gone_until
    if end is None or not turn.person.is_away(turn.now):
        return (f"{hello} What do you need?",)
    return (f"{hello} You are away", *until(end, turn.zone, turn.now), ".")


def visible(turn: Turn, found: Iterable[Request]) -> list[Request]:
    """Those of the requests that this person may see."""
    return [request for request in found if not may(turn.person, "see", request, desk_of(turn, request))]


def rows(turn: Turn, found: Iterable[Request]) -> tuple[Row, ...]:
    """Requests as rows: where each stands, and one button to see more."""
    return tuple(_row(turn, request) for request in found)


def _listing(turn: Turn, which: str, most: int) -> Listing:
    title, pick = LISTS[which]
    return _rows(turn, title, visible(turn, pick(turn)), EMPTY[which], most, late=which == "late")


def _rows(turn: Turn, title: str, found: list[Request], empty: str, most: int, late: bool = False) -> Listing:
    shown = tuple(_row(turn, request, late) for request in found[:most])
    return Listing(title, shown, more=max(0, len(found) - most), empty=empty)


def _row(turn: Turn, request: Request, late: bool = False) -> Row:
    names = cards.names_of(turn.tx, turn.house, request)
    if late:
        words = _overdue(turn, request, names)
    else:
        words = cards.in_a_row(request, names, turn.zone, turn.now, turn.person.id)
    show = Button(f"Show #{request.number}", f"show {request.number}")
    return Row(request.number, request.title, words, (show,))


def _overdue(turn: Turn, request: Request, names: cards.Names) -> Words:
    """Since when it is late, and who has it."""
    due = targets.due(request)
    assert due is not None
    owner: Words = ("You have it.",)
    if request.owner != turn.person.id:
        owner = (cards.name(names, request.owner), " has it.") if request.owner else ("Nobody has it.",)
    return (f"{targets.set_by(request).capitalize()} ", When(due, turn.zone), ". ", *owner)


def _late(turn: Turn) -> list[Request]:
    """What is late, the most overdue first."""
    unfinished = requests.unfinished(turn.tx, turn.org)
    late = [request for request in unfinished if targets.is_late(request, turn.now)]
    return sorted(late, key=lambda request: (targets.due(request) or turn.now, request.number))


def _untaken(turn: Turn) -> list[Request]:
    """What nobody has taken in the teams this person serves in; everywhere, when they serve in none."""
    mine = {team.key for team in serving.teams_of(turn.tx, turn.house, turn.person.id)}
    untaken = requests.untaken(turn.tx, turn.org)
    return [request for request in untaken if not mine or request.team in mine]


def _spoken_of(entries: Iterable[Entry]) -> set[PersonId]:
    named = {line.fact for line in entries if line.verb in ("give", "assign", "away")}
    everybody = {line.who for line in entries} | named
    return {person for person in everybody if person}
