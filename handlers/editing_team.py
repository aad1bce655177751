"""A team as a form, and the team that a filled form means.

1. A field that was not asked, because what stands there is too long for a form, stays as it was; so does a
   text that a card could only show the beginning of.
2. Slack's pickers know the people of Slack alone: whoever lives elsewhere stays, and the form says so.
3. The rota is written one colleague a line, the one who has this week first. As long as nobody changes it, it
   runs on from where it began; changed, it begins with this week.
4. Who has left can stay among the members, but neither lead nor be on the rota.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from handlers.directory import colleagues
from handlers.filled import Values, many, one
from handlers.forms import SLOTS
from handlers.notices import Field
from handlers.offering import NAME, person_named
from handlers.routing import monday_of, this_week
from handlers.turn import Turn, real, refuse
from storage import catalogue, people
from storage.records import Channel, Person, PersonId, PlaceId, Rule, Team

TYPED = 3_000
"""As many characters as a field of a form holds."""
PICKED = 100
"""As many people as a form picks; a larger team names its members in the catalogue's file."""
KEY = 40
RULES = (
    (Rule.NONE, "Somebody takes them"),
    (Rule.ROUND_ROBIN, "To the next in turn"),
    (Rule.LEAST_LOADED, "To who has the fewest"),
    (Rule.DUTY, "To who is on duty, by the rota"),
)

_SEVERAL = re.compile(r"[,\n]")


def fields_of_team(turn: Turn, team: Team, *, new: bool) -> tuple[Field, ...]:
    """What is asked of a team, filled with what is known."""
    return (
        Field("name", "Name", initial=team.name or None, max_length=NAME),
        *((key_field("@flowers"),) if new else ()),
        _lead(turn, team),
        *_members(turn, team),
        Field(
            "place",
            "Channel",
            "choice",
            required=False,
            initial=team.place or "",
            options=_channels(turn, team.place),
            hint="Where its cards are. Invite Deskbell to a channel to see it here.",
        ),
        *_times(turn, team),
        Field(
            "rule",
            "Who gets new requests?",
            "choice",
            initial=team.rule,
            options=tuple((rule.value, label) for rule, label in RULES),
        ),
        *_rota(turn, team),
        Field(
            "slots",
            "How may its people bundle their nudges?",
            "flags",
            required=False,
            initial=team.slots,
            options=SLOTS,
            hint="Tick none, and they may choose any.",
        ),
        *(() if new else (retired_field(team.retired, "It no longer serves"),)),
    )


def key_field(example: str) -> Field:
    """What something new is called in a typed line."""
    hint = f"What one types, like {example}. Left empty, it is made from the name."
    return Field("key", "Short name", required=False, hint=hint, max_length=KEY)


def retired_field(retired: bool, label: str) -> Field:
    """Whether it is no longer there for anybody."""
    return Field(
        "retired",
        "Is it over?",
        "flags",
        required=False,
        initial=("retired",) if retired else (),
        options=(("retired", label),),
    )


def team_filled(turn: Turn, before: Team | None, values: Values) -> Team:
    """The team that a filled form means; refused beside the field where it means nothing."""
    old = before or Team(key_filled(values, turn.house.teams), "")
    team = replace(
        old,
        name=one(values, "name"),
        lead=_lead_filled(turn, old, values),
        members=_members_filled(turn, old, values),
        place=_place_filled(turn, old, values),
        zone=one(values, "zone"),
        hours=one(values, "hours"),
        holidays=one(values, "holidays").upper(),
        days_off=_days_filled(old, values),
        rule=Rule(chosen(values, "rule", Rule) or old.rule),
        slots=many(values, "slots") if "slots" in values else old.slots,
        retired="retired" in many(values, "retired"),
    )
    return _with_rota(turn, team, values)


def key_filled(values: Values, known: Iterable[str]) -> str:
    """The key of something new: as it was typed, else made from its name; refused when it is taken."""
    key = one(values, "key").lower().lstrip("@#") or _made_from(one(values, "name"))
    if not key and one(values, "name"):
        raise refuse("Choose a short name for it, in letters from a to z.", field="key")
    if key in known:
        raise refuse(f"There is one called “{key}” already. Choose another short name.", field="key")
    return key


def typed(values: Values, name: str, before: str) -> str:
    """What was typed into a field; what was not asked, or was shown only to its beginning, stays."""
    said = one(values, name)
    shown_cut = said.endswith("…") and said != before and before.startswith(said[:-1])
    return before if name not in values or shown_cut else said


def lines(values: Values, name: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """The same for a field of several lines."""
    said = typed(values, name, "\n".join(before))
    return tuple(filter(None, map(str.strip, said.split("\n"))))


def chosen(values: Values, name: str, offered: Iterable[str]) -> str:
    """What was chosen; refused when it was never offered."""
    said = one(values, name)
    if said and said not in set(offered):
        raise refuse(f"“{said[:40]}” cannot be chosen. Choose again.", field=name)
    return said


def _times(turn: Turn, team: Team) -> tuple[Field, ...]:
    house, days_off = turn.house, ", ".join(team.days_off)
    week = f"Like mon-thu 08:00-17:00; fri 08:00-13:00. Left empty: {house.hours}."
    others = Field(
        "days_off",
        "Other days off",
        required=False,
        initial=days_off or None,
        hint="Like 2026-12-24, 2026-12-27..2026-12-31.",
    )
    return (
        Field(
            "zone",
            "Time zone",
            required=False,
            initial=team.zone or None,
            hint=f"Like Europe/Stockholm. Left empty: {house.zone}.",
            max_length=60,
        ),
        Field("hours", "Hours", required=False, initial=team.hours or None, hint=week, max_length=300),
        Field(
            "holidays",
            "Public holidays",
            required=False,
            initial=team.holidays or None,
            hint=f"A country or a part of it, like SE or DE-BY. Left empty: {house.holidays or 'none'}.",
            max_length=20,
        ),
        *((others,) if len(days_off) <= TYPED else ()),
    )


def _lead(turn: Turn, team: Team) -> Field:
    away = _elsewhere(turn, (team.lead,) if team.lead else ())
    hint = f"Now {_names(turn, away)}, until you name somebody else." if away else ""
    named = ((team.lead, turn.mention(team.lead).name),) if team.lead else ()
    return Field("lead", "Lead", "person", required=False, initial=team.lead, options=named, hint=hint)


def _members(turn: Turn, team: Team) -> tuple[Field, ...]:
    if len(team.members) > PICKED:
        return ()
    away = _elsewhere(turn, team.members)
    stay = f" Also {_names(turn, away)}." if away else ""
    names = tuple((each, turn.mention(each).name) for each in team.members)
    hint = f"Left empty: the people of its channel.{stay}"
    return (Field("members", "Members", "people", False, team.members, names, hint),)


def _rota(turn: Turn, team: Team) -> tuple[Field, ...]:
    written = "\n".join(_written(turn, this_week(team, monday_of(turn.house, team, turn.now))))
    if len(written) > TYPED:
        return ()
    hint = "One colleague a line, like @flora or an e-mail address. The first has this week."
    return (Field("rota", "Rota", "long", required=False, initial=written or None, hint=hint),)


def _channels(turn: Turn, present: PlaceId | None) -> tuple[tuple[PlaceId, str], ...]:
    """The channels to choose from, the present one first. Where two have one name, the platform tells."""
    known = catalogue.all_channels(turn.tx, turn.org)
    if present and present not in {each.place for each in known}:
        known.append(Channel(present, present))
    known.sort(key=lambda each: each.place != present)
    names = Counter(each.name for each in known)

    def label(channel: Channel) -> str:
        platform = channel.place.partition(":")[0].capitalize()
        return f"{channel.name} ({platform})" if names[channel.name] > 1 else channel.name

    return (*((each.place, label(each)) for each in known), ("", "None"))


def _lead_filled(turn: Turn, old: Team, values: Values) -> PersonId | None:
    lead = one(values, "lead")
    if not lead and _elsewhere(turn, (old.lead,) if old.lead else ()):
        return old.lead
    return _colleague(turn, lead, "lead").id if lead else None


def _members_filled(turn: Turn, old: Team, values: Values) -> tuple[PersonId, ...]:
    if "members" not in values or len(old.members) > PICKED:
        return old.members
    picked = [
        each if each in old.members else _colleague(turn, each, "members").id
        for each in many(values, "members")
    ]
    return tuple(dict.fromkeys((*picked, *_elsewhere(turn, old.members))))


def _place_filled(turn: Turn, old: Team, values: Values) -> PlaceId | None:
    if "place" not in values:
        return old.place
    offered = (place for place, _ in _channels(turn, old.place))
    return chosen(values, "place", offered) or None


def _days_filled(old: Team, values: Values) -> tuple[str, ...]:
    said = typed(values, "days_off", ", ".join(old.days_off))
    return tuple(filter(None, map(str.strip, _SEVERAL.split(said))))


def _with_rota(turn: Turn, team: Team, values: Values) -> Team:
    if "rota" not in values:
        return team
    monday = monday_of(turn.house, team, turn.now)
    planned = this_week(team, monday_of(turn.house, team, turn.now))
    said = lines(values, "rota", tuple(_written(turn, planned)))
    rota = tuple(_on_rota(turn, line) for line in said)
    if rota == planned and (team.rota_from or not rota):
        return team
    return replace(team, rota=rota, rota_from=monday.isoformat() if rota else "")


def _on_rota(turn: Turn, line: str) -> PersonId:
    found = person_named(turn.tx, turn.house, line) or _of_name(turn, line.removeprefix("@"))
    if found is None:
        raise refuse(f"I know nobody called “{line[:60]}”. Write one colleague a line.", field="rota")
    return _colleague(turn, found, "rota").id


def _of_name(turn: Turn, name: str) -> PersonId | None:
    """The only colleague of that name."""
    called = [each.id for each in colleagues(turn.tx, turn.house) if each.name.casefold() == name.casefold()]
    return called[0] if len(called) == 1 else None


def _written(turn: Turn, rota: Iterable[PersonId]) -> list[str]:
    """Each one's name as the form reads it again."""

    def written(person: PersonId) -> str:
        known = people.get(turn.tx, turn.org, person)
        names = (f"@{known.handle}", known.email) if known else ()
        right = (
            name for name in names if len(name) > 1 and person_named(turn.tx, turn.house, name) == person
        )
        unique = known.name if known and _of_name(turn, known.name) == person else person
        return next(right, unique)

    names = {person: written(person) for person in set(rota)}
    return [names[person] for person in rota]


def _colleague(turn: Turn, who: PersonId, field: str) -> Person:
    """Somebody who was named, whichever of their accounts; refused when they are not here."""
    wanted = real(turn.tx, turn.house, who)
    known = people.get(turn.tx, turn.org, wanted) or Person(id=wanted, name=wanted, known=False)
    if known.bot or not known.active:
        raise refuse(
            f"{known.name} {'is a bot' if known.bot else 'has left'}. Name a colleague.", field=field
        )
    people.meet(turn.tx, turn.org, known)
    return known


def _elsewhere(turn: Turn, named: Iterable[PersonId]) -> tuple[PersonId, ...]:
    """Those whom the pickers in front of this person cannot show."""
    here = "slack:"
    return tuple(each for each in named if turn.caller.source == "slack" and not each.startswith(here))


def _names(turn: Turn, named: Iterable[PersonId]) -> str:
    names = [turn.mention(each).name for each in named]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}, who cannot be picked in Slack"


def _made_from(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:KEY].rstrip("-")
