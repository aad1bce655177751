"""What may stand in the catalogue, whether it comes from a file or from a form, and how it is kept.

A fault is the name of the record's field and one plain sentence. What a team is faulted for:

1. A key that nobody could type, a name or a text that is empty, too long, or of several lines.
2. A time zone that does not exist; hours that cannot be read; a country whose holidays nobody knows; days off
   that cannot be read.
3. Days off that leave no working day for a whole year: time would stand still.
4. Duty without a rota; a rota that begins on another day than a Monday.
5. Bundling settings that do not exist.
6. Nobody to serve: neither members nor a channel, whose people are the members then.

And a service: a key, name or text as above, a team that does not exist, a form or targets that cannot be
read, two questions of one label, a sampling that is no percentage, a retention that is no length.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from zoneinfo import available_timezones

from sqlalchemy import Connection

from handlers.forms import SLOTS
from handlers.hours import public_holidays, read_days_off, read_week
from handlers.house import OFFICE, House, is_zone
from handlers.questions import read_question, read_questions
from handlers.terms import read_targets
from handlers.worktime import Week
from storage import catalogue, people, requests
from storage.records import Person, PersonId, PlaceId, Rule, Service, Team

KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
"""What teams and services are called in a line: "#bouquets", "@flowers"."""
NAME, DESCRIPTION, QUESTION = 60, 500, 3_000
"""How long texts may be, in characters."""
MOST_PEOPLE, MOST_DAYS_OFF = 500, 100
LONGEST_RETENTION = 36_500
"""A hundred years of days: what is kept longer is kept."""

Faults = tuple[tuple[str, str], ...]

_YEAR = timedelta(days=365)
_SLOTS = tuple(name for name, _ in SLOTS)
_TEAMS_CHANNEL = re.compile(r"19:[^\s/;]+@thread\.(tacv2|v2|skype)")
_TEAMS_LINK = re.compile(r"https://[^/\s]+/[^?#\s]*?channel/(?P<channel>[^/?#\s]+)")
_ESCAPED = re.compile(r"%([0-7][0-9A-Fa-f])")
_SLACK_CHANNEL = re.compile(r"[CG][A-Z0-9]+")


def faults_of_team(team: Team, years: range) -> Faults:
    """What is wrong with a team, in the order of its fields; `years` are those whose holidays are counted."""
    return (
        *_faults_of_key(team.key),
        *_faults_of_text("name", team.name, NAME),
        *_faults_of_time(team, years),
        *_faults_of_rota(team),
        *_faults_of_slots(team.slots),
        *_faults_of_members(team),
    )


def faults_of_service(service: Service, teams: Collection[str]) -> Faults:
    """What is wrong with a service, in the order of its fields; `teams` are the keys of those that there are.

    A service of no team is the organisation's own desk's.
    """
    return (
        *_faults_of_key(service.key),
        *_faults_of_text("name", service.name, NAME),
        *_when(
            bool(service.team) and service.team not in teams,
            "team",
            f"there is no team “{service.team}”{nearest(service.team, teams)}",
        ),
        *_faults_of_text("description", service.description, DESCRIPTION, empty=True, lines=True),
        *_faults_of_form(service.form),
        *_unreadable("targets", lambda: read_targets(service.targets)),
        *_when(not 0 <= service.sampling <= 100, "sampling", "should be a number from 0 to 100"),
        *_when(
            not 0 <= service.retention <= LONGEST_RETENTION,
            "retention",
            "should be a number of days from 0, which is for ever, to a hundred years",
        ),
    )


def person_named(tx: Connection, house: House, text: str) -> PersonId | None:
    """Who is meant by "@handle", an e-mail address, or the id of somebody we have met; None for nobody."""
    name = text.strip()
    if known := people.get(tx, house.org, name):
        return known.id
    if name.startswith("@"):
        found = people.by_handle(tx, house.org, name[1:])
        return found.id if found else None
    if "@" in name:
        return _of_several(people.of_email(tx, house.org, name.lower()))
    return None


def place_named(tx: Connection, house: House, text: str) -> PlaceId | None:
    """Which channel is meant by "#name" or "name", a link to it, or its id; None for none.

    Names are those of channels that the bot is in. Links and ids are believed.
    """
    name = text.strip()
    called = name.removeprefix("#").casefold()
    for channel in catalogue.all_channels(tx, house.org):
        if called and channel.name.casefold() == called:
            return channel.place
    return _channel_id(name)


def save_team(tx: Connection, house: House, team: Team, read: int) -> None:
    """Keep a team, new or changed. Raises `Stale` when somebody changed the catalogue since it was `read`."""
    catalogue.count_up(tx, house.org, read)
    catalogue.keep_team(tx, house.org, team)


def save_service(tx: Connection, house: House, service: Service, read: int) -> None:
    """Keep a service, new or changed. Raises `Stale` when somebody changed the catalogue since `read`."""
    catalogue.count_up(tx, house.org, read)
    catalogue.keep_service(tx, house.org, service)


def in_use(tx: Connection, house: House, *, team: str = "", service: str = "") -> int:
    """How many requests, unfinished or ended, speak of a team, of a service, or of both together."""
    return requests.speak_of(tx, house.org, team=team, service=service)


def fault_of_question(line: str) -> str:
    """What is wrong with one line of a form by itself; empty when nothing is."""
    faults = (*_faults_of_text("form", line, QUESTION), *_unreadable("form", lambda: read_question(line)))
    return faults[0][1] if faults else ""


def nearest(name: str, names: Iterable[str]) -> str:
    """A question behind a name that is not one of these: was another one meant? Empty when none is near."""
    close = get_close_matches(name, sorted(names), 1)
    return f"; did you mean “{close[0]}”?" if close else ""


def channel_of_link(link: str) -> str | None:
    """The id of a channel on Teams, from itself or from the link that “Get link to channel” gives."""
    within = _TEAMS_LINK.match(link)
    id = _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), within["channel"]) if within else link
    return id if _TEAMS_CHANNEL.fullmatch(id) else None


def _faults_of_key(key: str) -> Faults:
    why = f"“{key}” should be lower-case letters, digits and hyphens, a letter first, at most 40 in all"
    return _when(KEY.fullmatch(key) is None, "key", why)


def _faults_of_text(
    field: str, text: str, most: int, *, empty: bool = False, lines: bool = False
) -> Iterator[tuple[str, str]]:
    if not text.strip() and not empty:
        yield field, "should not be empty"
    elif len(text) > most:
        yield field, f"should be at most {most} characters, and is {len(text)}"
    elif any(unicodedata.category(sign) == "Cc" and not (lines and sign in "\n\t") for sign in text):
        yield field, "should be one line of text" if "\n" in text else "has signs in it that nobody can read"


def _faults_of_time(team: Team, years: range) -> Iterator[tuple[str, str]]:
    """2 and 3: what a calendar is made of, each part by itself."""
    if team.zone and not is_zone(team.zone):
        close = nearest(team.zone, available_timezones()) or "; one is called Europe/Stockholm"
        yield "zone", f"there is no time zone “{team.zone}”{close}"
    faults = [*_unreadable("hours", lambda: read_week(team.hours or OFFICE))]
    faults += _unreadable("holidays", lambda: public_holidays(team.holidays, years))
    if len(team.days_off) > MOST_DAYS_OFF:
        faults.append(("days_off", f"should be at most {MOST_DAYS_OFF}; write them as spans"))
    else:
        faults += _unreadable("days_off", lambda: read_days_off(team.days_off))
    if not faults and _stands_still(team, years):
        faults.append(("days_off", "leave no working day for a whole year"))
    yield from faults


def _stands_still(team: Team, years: range) -> bool:
    """Whether nobody works for a year or more at a time."""
    week = read_week(team.hours or OFFICE)
    free = read_days_off(team.days_off) | public_holidays(team.holidays, years)
    last_worked = following = 0
    for day in sorted(day.toordinal() for day in free if week[day.weekday()]):
        if day != following:
            last_worked = _nearest(week, day, -1)
        following = _nearest(week, day, 1)
        if following - last_worked > _YEAR.days:
            return True
    return False


def _nearest(week: Week, day: int, step: int) -> int:
    """The closest date before or after a `day` on whose weekday there are hours; counted as ordinals are."""
    return next(day + step * on for on in range(1, 8) if week[(day + step * on - 1) % 7])


def _faults_of_rota(team: Team) -> Iterator[tuple[str, str]]:
    if len(team.rota) > MOST_PEOPLE:
        yield "rota", f"should be at most {MOST_PEOPLE} people"
    if team.rule is Rule.DUTY and not team.rota:
        yield "rota", "should name who is on duty, week by week"
    if team.rota_from:
        try:
            begins = date.fromisoformat(team.rota_from)
        except ValueError:
            yield "rota_from", f"“{team.rota_from}” should be a date, such as 2026-11-23"
        else:
            if begins.weekday():
                monday = begins - timedelta(days=begins.weekday())
                yield "rota_from", f"{begins} is no Monday; {monday} is"


def _faults_of_slots(slots: Iterable[str]) -> Iterator[tuple[str, str]]:
    for slot in slots:
        if slot not in _SLOTS:
            names = ", ".join(f"“{name}”" for name in _SLOTS)
            yield "slots", f"“{slot}” is no way to bundle nudges; there are {names}"


def _faults_of_members(team: Team) -> Faults:
    if len(team.members) > MOST_PEOPLE:
        return (("members", f"should be at most {MOST_PEOPLE} people"),)
    nobody = not team.members and not team.place
    return _when(nobody, "members", "nobody serves here: name members, or a channel whose people do")


def _faults_of_form(form: Collection[str]) -> Faults:
    """Each line by itself; when all can be read, all of them together."""
    faults = tuple(("form", why) for why in map(fault_of_question, form) if why)
    return faults or _unreadable("form", lambda: read_questions(form))


def _unreadable(field: str, read: Callable[[], object]) -> Faults:
    """What a reader says against a field, when it says something."""
    try:
        read()
    except ValueError as error:
        return ((field, str(error).removesuffix(".")),)
    return ()


def _when(wrong: bool, field: str, why: str) -> Faults:
    return ((field, why),) if wrong else ()


def _of_several(found: list[Person]) -> PersonId | None:
    """Of the accounts under one address, the person's own; of several people's the one of the smallest id."""
    first = next((one for one in found if not one.same_as), None)
    return first.id if first else None


def _channel_id(name: str) -> PlaceId | None:
    platform, colon, id = name.partition(":")
    if colon and platform == "slack" and _SLACK_CHANNEL.fullmatch(id):
        return name
    if _SLACK_CHANNEL.fullmatch(name):
        return f"slack:{name}"
    channel = channel_of_link(id if colon and platform == "teams" else name)
    return f"teams:{channel}" if channel else None
