"""Numbers in words, as the digest and the report say them. What each is stands in `handlers.numbers`."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from handlers import numbers
from handlers.may import ENOUGH_VOTES
from storage.sums import Sums

DAY_OF_WORK = 8
"""Hours, from nine to five."""
NONE = "–"
NOBODY_ASKED = "nobody was asked"
TOO_FEW = "too few votes to say"


def satisfaction(counted: Sums) -> str:
    """The share of 4 and 5 with its votes, response rate and interval; no share under five votes."""
    if not counted.asked:
        return NOBODY_ASKED
    rate = f"{counted.votes} of {counted.asked} answered"
    known = numbers.satisfaction(counted)
    if known is None:
        return f"{TOO_FEW} ({rate})"
    share, low, high = known
    return f"{share:.0%} ({rate}; 95% interval {low:.0%} to {high:.0%})"


def time(spans: Sequence[int]) -> str:
    """The median; and from five on what nine of ten did not exceed."""
    middle, most = numbers.middle(spans), numbers.ninetieth(spans)
    if middle is None or most is None:
        return NONE
    nine_of_ten = f"; 90% within {hours(most)}" if len(spans) >= ENOUGH_VOTES else ""
    return f"{hours(middle)} (median{nine_of_ten})"


def hours(seconds: float) -> str:
    """Working time as people say it: "20 min", "3 h 05 min", "2 working days 4 h" to the nearest hour."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < DAY_OF_WORK * 60:
        return f"{minutes // 60} h {minutes % 60:02} min"
    days, whole = divmod((minutes + 30) // 60, DAY_OF_WORK)
    return f"{how_many(days, 'working day')} {whole} h" if whole else how_many(days, "working day")


def share(made: int, of: int) -> str:
    """How many of how many, and from five on the share."""
    if not of:
        return NONE
    counts = f"{made} of {of}"
    return f"{made / of:.0%} ({counts})" if of >= ENOUGH_VOTES else counts


def how_many(number: int, what: str) -> str:
    """So many of them: "1 request", "2 requests"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def worth_comparing(value: str) -> str:
    """The span before, where there was one to speak of."""
    return "" if value in (NONE, NOBODY_ASKED) else value.partition(" (")[0]


MEASURES: Mapping[str, Callable[[Sums], str]] = MappingProxyType(
    {
        "Filed": lambda one: f"{one.filed:,}",
        "Resolved": lambda one: f"{one.resolved:,}",
        "First response": lambda one: time(one.responses),
        "Resolution": lambda one: time(one.resolutions),
        "On target": lambda one: share(one.on_target, one.targeted),
        "Promises kept": lambda one: share(one.kept, one.promised),
        "Reopened": lambda one: share(one.reopened, one.resolved),
        "Satisfaction": satisfaction,
        "Made good after a low vote": lambda one: share(one.recovered, one.recoveries),
    }
)
"""What is told of what was counted, in this order."""
