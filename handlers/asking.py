"""The form for a new request: what it asks, and how it follows the service that is chosen.

1. Choosing a service swaps in its own questions, below what is needed; what was typed elsewhere stays.
2. A service that is private by default ticks the box, and leaving it unticks it again, unless the person has
   decided that themselves.
3. What nobody offers any more is not offered: the form then asks about something else.
"""

from collections.abc import Mapping
from dataclasses import replace

from handlers import questions
from handlers.filing import TITLE, has_words
from handlers.filled import Values, many, moment, one
from handlers.house import House
from handlers.intents import Draft, File, Intent, Misunderstood
from handlers.notices import Field, Form
from storage.records import Priority, Service

PRIORITIES = (("low", "Low"), ("normal", "Normal"), ("high", "High"), ("urgent", "Urgent"))
OFFERED = 99
"""As many services as a form lists, beside "Something else"; the others are named with #."""


def request_form(draft: Draft, house: House) -> Form:
    """The form for a new request, filled with what is known."""
    service = offered(house, draft.service)
    hidden = [("origin", draft.origin)]
    if draft.team and service is None:
        hidden.append(("team", draft.team))
    about = _about(house, service)
    if about:
        hidden.append(("about", service.key if service else ""))
    own = questions.fields(service, dict(draft.filled)) if service else ()
    what = Field("text", "What do you need?", initial=draft.text or None, max_length=TITLE)
    return Form(
        name="file",
        title="Ask for something",
        submit="Ask",
        fields=(*about, what, *own, *_rest(draft)),
        hidden=tuple(hidden),
    )


def redrawn(hidden: Mapping[str, str], values: Values, house: House) -> Form:
    """The form after another service was chosen, with everything else as it was filled in."""
    service = offered(house, one(values, "service"))
    draft = Draft(
        service=service.key if service else "",
        team=hidden.get("team", ""),
        private=_private(hidden, values, service, house),
        origin=hidden.get("origin", ""),
    )
    form = request_form(draft, house)
    return replace(form, fields=tuple(_as_filled(field, values) for field in form.fields))


def read(hidden: Mapping[str, str], values: Values, zone: str) -> Intent:
    """The request that the filled form asks for."""
    text, service = one(values, "text"), one(values, "service")
    if not has_words(text):
        return Misunderstood("Say in a few words what you need.", field="text")
    if len(text) > TITLE:
        return Misunderstood(f"At most {TITLE} characters; the rest belongs in the details.", field="text")
    if one(values, "time") and not one(values, "day"):
        return Misunderstood("A time needs a day, too.", field="day")
    return File(
        Draft(
            text=text,
            details=one(values, "details"),
            priority=Priority(one(values, "priority") or "normal"),
            to=one(values, "to") or None,
            needed_by=moment(values, zone),
            private="private" in many(values, "flags"),
            behalf=one(values, "behalf") or None,
            origin=hidden.get("origin", ""),
            service=service,
            team="" if service else hidden.get("team", ""),
            filled=tuple(each for each in values.items() if each[0].startswith(questions.FIELD)),
        )
    )


def offered(house: House, key: str) -> Service | None:
    """The service of that key, while somebody offers it."""
    return house.offered.get(key)


def _about(house: House, chosen: Service | None) -> tuple[Field, ...]:
    """What it is about: one of the services, by team and name; nothing where none is offered."""
    services = list(house.offered.values())
    if not services:
        return ()
    services.sort(key=lambda each: (*map(str.casefold, (house.team(each.team).name, each.name)), each.key))
    shown = services[:OFFERED]
    if chosen is not None and chosen not in shown:
        shown = [*shown[:-1], chosen]
    options = tuple((each.key, _called(each, house)) for each in shown)
    more = f"There are {len(services) - len(shown)} more: type /request #name of the service."
    return (
        Field(
            "service",
            "What is it about?",
            "choice",
            required=False,
            initial=chosen.key if chosen else "",
            options=(("", "Something else"), *options),
            hint=chosen.description if chosen else more if len(services) > len(shown) else "",
            redraws=True,
        ),
    )


def _called(service: Service, house: House) -> str:
    team = house.teams.get(service.team)
    return f"{service.name} ({team.name})" if team else service.name


def _rest(draft: Draft) -> tuple[Field, ...]:
    """What every request may say beside what it is."""
    day = draft.needed_by.local if draft.needed_by else None
    return (
        Field("details", "Details", "long", required=False, initial=draft.details or None),
        Field(
            "to",
            "Who should do it?",
            "person",
            required=False,
            initial=draft.to,
            hint="Leave it empty for the team.",
        ),
        Field("priority", "How urgent is it?", "choice", initial=draft.priority.value, options=PRIORITIES),
        Field("day", "Needed by", "date", required=False, initial=day.date().isoformat() if day else None),
        Field("time", "At", "time", required=False, initial=day.strftime("%H:%M") if day else None),
        Field("behalf", "On behalf of", "person", required=False, initial=draft.behalf),
        Field(
            "flags",
            "Who may see it?",
            "flags",
            required=False,
            initial=("private",) if draft.private else (),
            options=(("private", "Private: only those who work on it"),),
        ),
    )


def _private(hidden: Mapping[str, str], values: Values, service: Service | None, house: House) -> bool:
    """The box as the person left it; as they never touched it, it follows the service."""
    before = house.services.get(hidden.get("about", ""))
    ticked = "private" in many(values, "flags")
    untouched = ticked == bool(before and before.private)
    return bool(service and service.private) if untouched else ticked


def _as_filled(field: Field, values: Values) -> Field:
    if field.name in ("service", "flags") or field.name not in values:
        return field
    return replace(field, initial=values[field.name] or None)
