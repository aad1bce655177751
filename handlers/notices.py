"""What somebody should see: a closed union of frozen values. Facts and plain sentences, no markup.

A renderer on each platform is one `match` over `Notice` that ends in `assert_never`.
Sentences are `Words`: plain text mixed with people, times and request numbers, so that each platform
can draw those in its own way and escape the rest.
"""

from dataclasses import dataclass
from datetime import date, datetime

from storage.records import PersonId, Status


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, by name; platforms where they live may link to them."""

    person: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class When:
    """A moment. Shown in the reader's zone where the platform can, else in `zone`."""

    at: datetime
    zone: str
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person wrote: shown as theirs, never executed."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a page."""

    url: str
    label: str


Span = str | Mention | When | Quote | Link
Words = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A button is a typed command: pressing it says `line`. A line that ends in … opens a form."""

    label: str
    line: str
    style: str = ""
    """"primary", "danger", or nothing."""
    confirm: str = ""
    """A question to answer before the line is said."""


@dataclass(frozen=True, slots=True)
class Card:
    """A request as it stands: the live card, and what `show 12` answers."""

    number: int
    title: str
    status: Status
    headline: Words
    """One sentence on where it stands: "Taken by Ann, promised by Friday"."""
    details: str = ""
    facts: tuple[tuple[str, Words], ...] = ()
    """Label and value: requester, owner, priority, needed by, promised, due."""
    note: Words = ()
    """The last thing said about it."""
    origin: str = ""
    private: bool = False
    locked: bool = False
    """Shown where not everybody may read it: only number and state, no text of the request."""
    urgent: bool = False
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """It is kept: the answer to filing."""

    number: int
    title: str
    words: Words
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """It is done, in one sentence; with the request's present state where that helps."""

    words: Words
    card: Card | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """It was not done: why, and what to do instead."""

    why: Words
    usage: tuple[str, ...] = ()
    """The nearest lines that would have worked."""
    card: Card | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `kind` is one of FIELD_KINDS."""

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    initial: str | tuple[str, ...] | None = None
    options: tuple[tuple[str, str], ...] = ()
    """Value and label, for `choice` and `choices`; for `people` the names of those who are chosen already."""
    hint: str = ""
    placeholder: str = ""
    max_length: int = 3000
    redraws: bool = False
    """Whether what is chosen here changes which fields the form has: see `handlers.forms.redraw`."""


FIELD_KINDS = ("text", "long", "choice", "choices", "date", "time", "person", "people", "flags")
"""text and long are free text; date is YYYY-MM-DD, time HH:MM; person is a person's id, people several;
`choices` and `flags` are several of the options (a list, or tick boxes)."""


@dataclass(frozen=True, slots=True)
class Form:
    """A notice that asks for fields, and comes back as an Intent through `handlers.forms.read`."""

    name: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    intro: Words = ()
    hidden: tuple[tuple[str, str], ...] = ()
    """What the answer needs to know again: the number, the link to the message."""


@dataclass(frozen=True, slots=True)
class Row:
    """One request in a list."""

    number: int
    title: str
    words: Words
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Several requests, the most pressing first."""

    title: str
    rows: tuple[Row, ...]
    more: int = 0
    empty: str = "Nothing here."


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing of the catalogue: a service, a team, a team's rota."""

    title: str
    lines: tuple[Words, ...] = ()
    buttons: tuple[Button, ...] = ()
    under: str = ""
    """Whose it is: said once above all that are next to each other."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is offered and who serves: services, teams, rotas."""

    title: str
    entries: tuple[Listed, ...]
    empty: str = "Nothing here."
    buttons: tuple[Button, ...] = ()
    more: str = ""
    """How to see what there was no room for."""


@dataclass(frozen=True, slots=True)
class Story:
    """A request's history, oldest first."""

    number: int
    title: str
    lines: tuple[tuple[When, Words], ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class HelpPage:
    """Lines one can say, and what each does."""

    intro: Words
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class News:
    """Something happened: one or two sentences, said in a thread or directly."""

    words: Words
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What one side of the conversation wrote, carried to the other side."""

    number: int
    author: Mention
    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Face:
    """One step of the poll's scale."""

    score: int
    mark: str
    """The emoji's name."""
    label: str


@dataclass(frozen=True, slots=True)
class Poll:
    """How was the service? And, after the vote, thanks."""

    number: int
    title: str
    done: Words
    """What was done, by whom."""
    privacy: str
    """Who sees the answer."""
    scale: tuple[Face, ...]
    score: int | None = None
    comment: str = ""
    faults: tuple[tuple[str, bool], ...] = ()
    """After a 1 or 2: what may have fallen short, and whether it was ticked."""
    closed: str = ""
    """Why it no longer asks; empty while it does."""
    buttons: tuple[Button, ...] = ()
    question: str = "How was the service?"
    tapped: bool = False
    """Whether the faces are buttons wherever it is shown, so that no reaction of the reader's stays on it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One request in a nudge: why now, what is expected, by when."""

    number: int
    title: str
    why: Words
    expected: Words
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Nudge:
    """All that wants a person's hand, in one message."""

    words: Words
    items: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the digest: this week's, and how it was the week before."""

    label: str
    value: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class TrendWeek:
    """What a calendar week came to. Shares are from 0 to 1, and None where there is too little to say."""

    monday: date
    filed: int
    resolved: int
    on_target: float | None = None
    satisfaction: tuple[float, float, float] | None = None
    """The share, and its interval from low to high."""
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Trend:
    """How it went week by week, the oldest first: to be drawn, and in words."""

    weeks: tuple[TrendWeek, ...]
    sentence: str = ""
    """The same in one sentence; empty when there is nothing to compare."""
    words: str = ""
    """The same for who cannot see the picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a platform shows it: its own name for it, or the picture itself."""

    source: str
    alt: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A week of the desk, for a channel."""

    title: str
    summary: Words
    figures: tuple[Figure, ...]
    shortfalls: Words = ()
    """What fell short most."""
    late: tuple[Row, ...] = ()
    oldest: tuple[Row, ...] = ()
    thanks: Words = ()
    quotes: tuple[Words, ...] = ()
    """What requesters said and let be shared."""
    footnote: str = ""
    trend: Trend | None = None
    picture: Picture | None = None
    """The trend as it was drawn: put in by the chat that posts it, else it stays in words."""
    buttons: tuple[Button, ...] = ()
    """To see what is behind the figures."""


@dataclass(frozen=True, slots=True)
class HomePage:
    """What waits for me, what I wait for, and a button to ask."""

    greeting: Words
    for_me: Listing
    mine: Listing
    team: Listing
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to say: a reaction on somebody else's message."""


Notice = (
    Card
    | Filed
    | Answer
    | Refused
    | Form
    | Listing
    | Catalogue
    | Story
    | HelpPage
    | News
    | Said
    | Poll
    | Nudge
    | Digest
    | HomePage
    | Nothing
)
