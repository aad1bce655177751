"""What somebody wants of a poll besides voting: part of the union in `handlers.intents`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unrate:
    """Take my rating back."""

    number: int


@dataclass(frozen=True, slots=True)
class LetQuote:
    """The digest may repeat what I wrote beside my rating, or no longer."""

    number: int
    on: bool = True


@dataclass(frozen=True, slots=True)
class MadeGood:
    """What fell short is made good: the requester is asked once more."""

    number: int
    done: str = ""


PollIntent = Unrate | LetQuote | MadeGood
