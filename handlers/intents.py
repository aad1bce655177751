"""What somebody wants: a closed union of frozen values.

`handlers.language` reads them from a line of text, `handlers.forms` from a filled form;
`handlers.desk.handle` carries them out.
"""

from dataclasses import dataclass
from datetime import datetime

from handlers.catalogue_intents import CATALOGUE_READING, CatalogueIntent
from handlers.digest_intents import DIGEST_READING, DigestIntent
from handlers.poll_intents import PollIntent
from storage.records import MessageId, PersonId, PlaceId, Priority
from storage.types import WallTime


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, from where, and the natural key of the delivery that brought it."""

    person: PersonId
    place: PlaceId = ""
    key: str | None = None
    """Unique per click, command or message; the same key is carried out once."""
    source: str = ""
    """What the history says about where it came from: "slack", "teams", "clock"."""
    account: PersonId = ""
    """The account they spoke from, when it is another one of theirs."""
    retold: bool = False
    """Whether it may be told again long after it was answered; then once is enough."""
    edited: bool = False
    """Whether they have changed a message that they said before, under the same key."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a request before it is filed: it fills the form, or becomes `File`."""

    text: str = ""
    details: str = ""
    priority: Priority = Priority.NORMAL
    to: PersonId | None = None
    needed_by: WallTime | None = None
    private: bool = False
    behalf: PersonId | None = None
    """The requester, when somebody files for a colleague."""
    origin: str = ""
    """A link to the message it was made from."""
    service: str = ""
    """What is asked for, by key."""
    team: str = ""
    """Who is asked, by key, when no service is named."""
    filled: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    """What the service's own fields were filled with, by name, as it came from the form."""


@dataclass(frozen=True, slots=True)
class File:
    """Keep this as a new request."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class OpenRequestForm:
    """Show the form for a new request."""

    draft: Draft = Draft()


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Ask for the rest of a command: `decline 12 …`."""

    verb: str
    number: int


@dataclass(frozen=True, slots=True)
class Take:
    """I own it; the date is my promise."""

    number: int
    promise: WallTime | None = None


@dataclass(frozen=True, slots=True)
class Give:
    """Hand it to a colleague."""

    number: int
    to: PersonId
    why: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Wrong desk: it belongs to another service or team."""

    number: int
    to: str
    """As it was named: "#bouquets", "@flowers"."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the requester something; it waits for the answer."""

    number: int
    question: str


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Pause until a date."""

    number: int
    until: WallTime


@dataclass(frozen=True, slots=True)
class WaitOn:
    """Pause until another request is resolved."""

    number: int
    other: int


@dataclass(frozen=True, slots=True)
class Note:
    """Add to the conversation; both sides see it, or the team alone."""

    number: int
    text: str
    team_only: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """Words in the thread of one of our messages: part of the conversation, or a comment on a poll."""

    thread: MessageId
    text: str
    addressed: bool = False
    """Said to the bot, by name or directly: in a thread of no request it is a line like any other."""


@dataclass(frozen=True, slots=True)
class Resolve:
    """It is done."""

    number: int
    done: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    """It is not done after all."""

    number: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """The requester no longer needs it."""

    number: int


@dataclass(frozen=True, slots=True)
class Decline:
    """The team will not do it, and says why."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Rate:
    """How was the service, from 1 to 5, typed or by a button."""

    number: int
    score: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class React:
    """An emoji put on a message, or taken off it. Only on a poll, by its requester, it is a vote."""

    message: MessageId
    mark: str
    """The emoji's name, without skin tone."""
    added: bool
    at: datetime
    """When it was done, as the platform says; reactions may arrive out of order."""


@dataclass(frozen=True, slots=True)
class Comment:
    """Words beside a vote."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What fell short: one of `handlers.csat.REASONS`, toggled."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class AnyNews:
    """The requester asks the owner how it goes."""

    number: int


@dataclass(frozen=True, slots=True)
class Snooze:
    """No nudges until then; the requester sees that it is parked, and why."""

    number: int
    until: WallTime
    why: str


@dataclass(frozen=True, slots=True)
class Show:
    """Show me one request."""

    number: int


@dataclass(frozen=True, slots=True)
class Look:
    """What does this message of yours say now, to me?"""

    message: MessageId


@dataclass(frozen=True, slots=True)
class Share:
    """Show a request as everybody may see it."""

    number: int


@dataclass(frozen=True, slots=True)
class List:
    """Show me several: `which` is one of `handlers.listing.LISTS`."""

    which: str = "mine"


@dataclass(frozen=True, slots=True)
class Find:
    """Requests that contain all these words."""

    words: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened to one request."""

    number: int


@dataclass(frozen=True, slots=True)
class Follow:
    """Keep me informed, or no longer."""

    number: int
    on: bool = True


@dataclass(frozen=True, slots=True)
class OpenSettings:
    """Show the form with how I like to be nudged."""


@dataclass(frozen=True, slots=True)
class SaveSettings:
    """Keep how I like to be nudged."""

    slots: str
    quiet_days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Away:
    """I am away until then; somebody may cover for me."""

    until: WallTime
    cover: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Back:
    """I am here again."""


@dataclass(frozen=True, slots=True)
class OpenAway:
    """Show the form that asks until when I am away, and who covers."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can I say?"""

    word: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """What waits for me, what I wait for."""


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """A line that is no command: `why` says what is missing, `usage` the nearest right ones."""

    why: str
    usage: tuple[str, ...] = ()
    field: str = ""
    """The form's field at fault, when it came from a form."""


Intent = (
    File
    | OpenRequestForm
    | OpenForm
    | Take
    | Give
    | Move
    | Ask
    | WaitUntil
    | WaitOn
    | Note
    | Reply
    | Resolve
    | Reopen
    | Cancel
    | Decline
    | Rate
    | React
    | Comment
    | Fault
    | PollIntent
    | AnyNews
    | Snooze
    | Show
    | Look
    | Share
    | List
    | Find
    | History
    | Follow
    | OpenSettings
    | SaveSettings
    | Away
    | Back
    | OpenAway
    | Help
    | Home
    | CatalogueIntent
    | DigestIntent
    | Misunderstood
)

READING = (
    OpenRequestForm,
    OpenForm,
    Show,
    Look,
    Share,
    List,
    Find,
    History,
    OpenSettings,
    OpenAway,
    Help,
    Home,
    *CATALOGUE_READING,
    *DIGEST_READING,
    Misunderstood,
)
"""Intents that change nothing: they are answered from a reader's connection, beside the writer."""
