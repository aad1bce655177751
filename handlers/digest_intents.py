"""What somebody wants of the digest: to see it and what is behind its numbers, or to subscribe a channel."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """The last seven days, now, to me alone."""


@dataclass(frozen=True, slots=True)
class PreviewDigest:
    """What a channel would read today, to me alone."""

    channel: str = ""
    """As it was named; empty is the one I am in."""


@dataclass(frozen=True, slots=True)
class ShowBehind:
    """The requests behind one of the numbers: `which` is one of `handlers.behind.BEHIND`."""

    which: str
    last: date | None = None
    """The last of the seven days; the last seven until now, when none is named."""
    team: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class OpenSubscription:
    """Show the form with a channel's subscription."""

    channel: str = ""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """A channel gets the digest from now on. What is empty is as it is for everybody."""

    channel: str = ""
    weekday: int | None = None
    """Monday is 0."""
    at: time | None = None
    zone: str = ""
    team: str = ""
    """As it was named; it is about this team, or this service, alone."""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """A channel gets no digest any more."""

    channel: str = ""


@dataclass(frozen=True, slots=True)
class OfferReport:
    """A link to the page with all numbers, for me alone."""


DigestIntent = (
    OfferReport | ShowDigest | PreviewDigest | ShowBehind | OpenSubscription | Subscribe | Unsubscribe
)

DIGEST_READING = (ShowDigest, PreviewDigest, ShowBehind, OpenSubscription)
"""Those of them that change nothing."""
