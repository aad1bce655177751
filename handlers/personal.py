"""What somebody can say, and how they like to be nudged."""

from handlers import serving
from handlers.forms import SLOTS, WEEKDAYS, settings_form
from handlers.intents import Help, SaveSettings
from handlers.notices import Answer, Form, HelpPage, Notice
from handlers.turn import Turn, refuse
from handlers.usages import USAGES
from storage import people


def open_settings(turn: Turn) -> Form:
    """The settings, with what every team of theirs allows."""
    allowed = serving.allowed(turn.tx, turn.house, turn.person.id)
    return settings_form(serving.as_allowed(turn.tx, turn.house, turn.person), turn.zone, allowed)


def save(turn: Turn, intent: SaveSettings) -> Notice:
    """Keep the settings, within what every team of theirs allows."""
    slots = dict(SLOTS)
    if intent.slots not in slots:
        raise refuse("Choose one of the times.", field="slots")
    allowed = serving.allowed(turn.tx, turn.house, turn.person.id)
    if intent.slots not in allowed:
        others = " or ".join(f"“{slots[one]}”" for one in allowed)
        raise refuse(f"Your team has agreed on other times. Choose {others}.", field="slots")
    quiet = tuple(day for day, _ in WEEKDAYS if day in intent.quiet_days)
    if len(quiet) == len(WEEKDAYS):
        raise refuse("Leave at least one day on which nudges may reach you.", field="quiet_days")
    people.meet(turn.tx, turn.org, turn.person)
    people.prefer(turn.tx, turn.org, turn.person.id, intent.slots, quiet)
    without = f", but not on {', '.join(name for day, name in WEEKDAYS if day in quiet)}" if quiet else ""
    return Answer(words=(f"Kept. Nudges reach you {slots[intent.slots].lower()}{without}.",))


def help_page(_: Turn, intent: Help) -> Notice:
    """Every line one can say, or those that begin with a word."""
    lines = tuple((usage.line, usage.does) for usage in USAGES if intent.word in ("", usage.verb))
    if not lines:
        raise refuse(f"There is no command “{intent.word}”.", usage=("help",))
    intro = (
        "Say what you need, in your own words. Or:" if not intent.word else f"This is how to {intent.word}:"
    )
    return HelpPage(intro=(intro,), lines=lines)
