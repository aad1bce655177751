"""What the desk remembers, as frozen values. Mapped by hand to the tables in `storage.tables`.

Identities are plain text that begins with the platform they live on:

- a person   `slack:U123`
- a place    `slack:C123` (a channel) or a person (their direct messages with the bot)
- a message  `slack:C123/1764000000.000100`; a message is also a place: its thread
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.types import WallTime

PersonId = str
PlaceId = str
MessageId = str


class Status(StrEnum):
    """Where a request stands. The steps between them are in `handlers.lifecycle`."""

    OPEN = "open"
    TAKEN = "taken"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    DECLINED = "declined"


class Priority(StrEnum):
    """How much it matters, from least to most."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Rule(StrEnum):
    """How a team's requests find an owner. What each means is in `handlers.routing`."""

    NONE = "none"
    ROUND_ROBIN = "round-robin"
    LEAST_LOADED = "least-loaded"
    DUTY = "duty"


class Privacy(StrEnum):
    """Who may know what somebody voted."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class WaitingOn(StrEnum):
    """What a waiting request waits for."""

    REQUESTER = "requester"
    REQUEST = "request"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague as the platform describes them, and how they like to be nudged."""

    id: PersonId
    name: str
    handle: str = ""
    zone: str = ""
    active: bool = True
    bot: bool = False
    slots: str = "both"
    quiet_days: tuple[str, ...] = ()
    known: bool = True
    """False until the platform has been asked who this is."""
    email: str = ""
    """In small letters, and only where the platform vouches for it."""
    same_as: PersonId | None = None
    """The colleague whose other account this is; never one that is itself an account of somebody."""
    reach: PlaceId = ""
    """The account they spoke from last, where their direct messages go; empty is their own id."""
    away_until: datetime | None = None
    """Until then they get no new requests and no nudges; null, or past, when they are here."""
    cover: PersonId | None = None
    """Who gets them instead."""
    absent_until: datetime | None = None
    """The same, as the status on their platform says; it goes when they take the status off."""

    def is_away(self, now: datetime) -> bool:
        """Whether they are away at this moment."""
        until = self.gone_until
        return until is not None and now < until

    @property
    def gone_until(self) -> datetime | None:
        """Until when they are away, by their word or by their status; null, or past, when they are here."""
        return max((at for at in (self.away_until, self.absent_until) if at), default=None)


@dataclass(frozen=True, slots=True)
class Team:
    """Who serves, when, and how requests find an owner: as it is written in the catalogue.

    What the texts mean, `handlers.catalogue` checks when they are kept and `handlers.house` reads.
    """

    key: str
    """Empty for the desk of the settings, which is no row."""
    name: str
    lead: PersonId | None = None
    place: PlaceId | None = None
    """Its triage channel."""
    zone: str = ""
    """Empty is the organisation's."""
    hours: str = ""
    """Like "mon-fri 09:00-17:00"; empty is the organisation's."""
    holidays: str = ""
    """The country whose public holidays it keeps, and its part: "SE", "DE-BY"."""
    days_off: tuple[str, ...] = ()
    """Other dates without work, "2026-12-24", and spans of them, "2026-12-27..2026-12-31"."""
    rule: Rule = Rule.NONE
    rota: tuple[PersonId, ...] = ()
    """Who is on duty, week by week."""
    rota_from: str = ""
    """The Monday of the first one's week, "2026-11-23"."""
    slots: tuple[str, ...] = ()
    """Which of the bundling settings its members may choose; empty is any."""
    members: tuple[PersonId, ...] = ()
    """Who belongs to it, by id; where it is empty, those of its channel do."""
    retired: bool = False

    @property
    def group(self) -> PlaceId:
        """What its own members are kept under: see `storage.people.members_of`."""
        return f"team:{self.key}" if self.members else self.place or ""


@dataclass(frozen=True, slots=True)
class Service:
    """What a team offers, as it is written in the catalogue."""

    key: str
    name: str
    team: str
    description: str = ""
    form: tuple[str, ...] = ()
    """What it asks, one line a question: "Which size? (choice: small, large) *"; see `handlers.questions`."""
    targets: tuple[str, ...] = ()
    """What is owed, one line a priority: "urgent: 1h / 8h"; see `handlers.terms`."""
    private: bool = False
    """Whether requests for it are private unless somebody says otherwise."""
    rule: Rule | None = None
    """Null is its team's."""
    sampling: int = 100
    """How many of a hundred resolutions are asked about."""
    privacy: Privacy = Privacy.NAMED
    retention: int = 0
    """Days after which the text of what has ended is removed; 0 is never."""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that the bot is in, by the name people know it by."""

    place: PlaceId
    name: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """How a platform wants to be addressed to write to a place: kept from what it sent from there."""

    place: PlaceId
    """A channel or group; or a person, for their personal chat with the bot."""
    conversation: str
    service_url: str
    tenant: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing one colleague asks of another or of a team."""

    number: int
    status: Status
    title: str
    requester: PersonId
    place: PlaceId
    """Where the desk's card lives: a triage channel, or a person when sent to one."""
    filed_at: datetime
    moved_at: datetime
    """The last time somebody moved it: what "no movement" is counted from."""
    details: str = ""
    priority: Priority = Priority.NORMAL
    private: bool = False
    filed_by: PersonId = ""
    owner: PersonId | None = None
    origin: str = ""
    """A link to the message it was made from."""
    needed_by: WallTime | None = None
    promise: WallTime | None = None
    respond_by: datetime | None = None
    resolve_by: datetime | None = None
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    resolutions: int = 0
    """How often it was resolved: each resolution has its own poll."""
    ended_at: datetime | None = None
    ended_by: PersonId | None = None
    paused_at: datetime | None = None
    waiting_on: WaitingOn | None = None
    waiting_request: int | None = None
    waiting_until: datetime | None = None
    question: str = ""
    outcome: str = ""
    last_note: str = ""
    last_note_by: PersonId | None = None
    snoozed_until: datetime | None = None
    snooze_reason: str = ""
    nudge_at: datetime | None = None
    """When the clock should look at it again; null when nothing can become due."""
    escalated_at: datetime | None = None
    followers: tuple[PersonId, ...] = ()
    team: str = ""
    """Who serves it, by key; empty is the desk of the settings, or the person it was sent to."""
    service: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    """What the service's form asked, in the words of that day, and what was answered."""
    homeless: str = ""
    """Why it needs a home: a reason of `handlers.homes`; empty when it has one."""
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a request's history: who did what, when, and from where. Never changed."""

    number: int
    at: datetime
    who: PersonId | None
    """None when Deskbell did it by itself."""
    verb: str
    text: str = ""
    """What the person wrote."""
    fact: str = ""
    """What else the line needs: the new owner, the promised date, the other request."""
    source: str = ""
    team_only: bool = False
    key: str | None = None
    """The natural key of the delivery that caused it; the same delivery is kept once."""
    id: int = 0


class PostKind(StrEnum):
    """What a post says; `handlers.outbox` composes each from the present state."""

    CARD = "card"
    NEWS = "news"
    NOTE = "note"
    POLL = "poll"
    NUDGE = "nudge"
    ESCALATION = "escalation"
    DIGEST = "digest"
    HOMES = "homes"
    REMINDER = "reminder"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Post:
    """A message we owe, or have made, in a place. It stores the debt, never the words."""

    id: int
    key: str
    kind: PostKind
    place: PlaceId
    number: int | None = None
    person: PersonId | None = None
    """Who reads it, where that decides what is said."""
    ref: str = ""
    """What exactly it speaks of: a history line, a poll, a slot, a week."""
    message: MessageId | None = None
    due_at: datetime | None = None
    """Null is in step, past is owed, future is backing off."""
    attempts: int = 0
    error: str = ""
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Poll:
    """The one question after a resolution, and its answer.

    Who resolved, the team, the service and who may know the answer are those of that moment.
    """

    id: int
    number: int
    resolution: int
    """Which of the request's resolutions it asks about; below zero when it asks once more (`again`)."""
    person: PersonId
    resolver: PersonId | None
    asked_at: datetime
    closed_at: datetime | None = None
    score: int | None = None
    voted_at: datetime | None = None
    comment: str = ""
    reasons: tuple[str, ...] = ()
    team: str = ""
    service: str = ""
    privacy: Privacy = Privacy.NAMED
    put_at: datetime | None = None
    """When its message is due; null when only a rating that is typed is waited for."""
    remind_at: datetime | None = None
    """When to remind of it; null when there is nothing (more) to remind of."""
    reminded_at: datetime | None = None
    close_at: datetime | None = None
    """When it closes by itself."""
    closed_why: str = ""
    """One of `handlers.polling.Ending`; empty while it is open, and where nobody has kept it."""
    quotable: bool = False
    """Whether the requester lets the digest repeat the comment."""

    @property
    def again(self) -> bool:
        """Whether it asks once more, after a bad vote: such a vote never counts as satisfaction."""
        return self.resolution < 0


@dataclass(frozen=True, slots=True)
class AnonymousVote:
    """A vote, or that there was none; nobody can lead it back to anybody: no person, no request, no day."""

    team: str
    service: str
    week: str
    """The ISO week in which its poll closed, "2026-W48", or in which enough had come together."""
    score: int | None
    """Null where somebody was asked and did not answer."""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recovery:
    """What follows a bad vote: who was told, and whether somebody has made it good."""

    poll: int
    """The poll that the bad vote was given on."""
    number: int
    opened_at: datetime
    check_at: datetime | None = None
    """When the lead is told once more that nobody has; null when there is no need (any more)."""
    nudged_at: datetime | None = None
    made_good_at: datetime | None = None
    made_good_by: PersonId | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a bad vote."""

    poll: Poll
    """The one with the bad vote."""
    second: int | None = None
    """The vote when the requester was asked again: after it was made good, or after the next resolution."""
    made_good: bool = False
    """Whether somebody has said that it was made good."""

    @property
    def recovered(self) -> bool:
        """Whether the second vote is a 4 or a 5."""
        return self.second is not None and self.second >= 4


@dataclass(frozen=True, slots=True)
class Raised:
    """A nudge that was raised: for whom, why, in which bundle, and whether it was delivered."""

    number: int
    place: PlaceId
    reason: str
    post_key: str
    raised_at: datetime
    sent_at: datetime | None = None
    id: int = 0
