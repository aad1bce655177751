"""A service as a form, and the service that a filled form means. What is not asked stays as it was."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.catalogue_pages import OWN_DESK, edits
from handlers.editing_team import TYPED, chosen, key_field, key_filled, lines, retired_field, typed
from handlers.filled import Values, many, one
from handlers.notices import Field
from handlers.offering import DESCRIPTION, NAME
from handlers.turn import Turn, refuse
from storage.records import Privacy, Rule, Service

AS_ITS_TEAM = "team"
"""Chosen for no rule of its own."""
RULES = (
    (AS_ITS_TEAM, "As its team does"),
    (Rule.NONE, "Somebody takes them"),
    (Rule.ROUND_ROBIN, "To the next in turn"),
    (Rule.LEAST_LOADED, "To who has the fewest"),
    (Rule.DUTY, "To who is on duty, by the rota"),
)
PRIVACY = (
    (Privacy.NAMED, "Everybody who serves it, by name"),
    (Privacy.CONFIDENTIAL, "The lead alone"),
    (Privacy.ANONYMOUS, "Nobody; shown only from five votes on"),
)
DESK = "-"
"""Chosen for the organisation's own desk; no team's key is written so."""


def fields_of_service(turn: Turn, service: Service, *, new: bool) -> tuple[Field, ...]:
    """What is asked of a service, filled with what is known."""
    return (
        Field("name", "Name", initial=service.name or None, max_length=NAME),
        *((key_field("#bouquets"),) if new else ()),
        Field(
            "team", "Team", "choice", initial=service.team or (None if new else DESK), options=_teams(turn)
        ),
        Field(
            "description",
            "What is it?",
            "long",
            required=False,
            initial=service.description or None,
            max_length=DESCRIPTION,
        ),
        *_long(
            "form",
            "Questions",
            service.form,
            "One a line: Which size? (choice: small, large) * – the kinds are text, long, number, choice, "
            "choices, date, person and yes/no; a star means that it must be answered.",
        ),
        *_long(
            "targets",
            "What is owed",
            service.targets,
            "One priority a line, until the answer and until it is done: normal: 4h / 2d – in working time, "
            "a day is eight hours. Those left out are as usual.",
        ),
        *_rules(service),
        *(() if new else (retired_field(service.retired, "It is no longer offered"),)),
    )


def service_filled(turn: Turn, before: Service | None, values: Values) -> Service:
    """The service that a filled form means; refused beside the field where it means nothing."""
    old = before or Service(key_filled(values, turn.house.services), "", "")
    rule = chosen(values, "rule", (value for value, _ in RULES))
    return replace(
        old,
        name=one(values, "name"),
        team=_team_filled(turn, old, values),
        description=typed(values, "description", old.description),
        form=lines(values, "form", old.form),
        targets=lines(values, "targets", old.targets),
        private="private" in many(values, "private"),
        rule=None if rule in ("", AS_ITS_TEAM) else Rule(rule),
        sampling=_number(values, "sampling", old.sampling),
        privacy=Privacy(chosen(values, "privacy", Privacy) or old.privacy),
        retention=_number(values, "retention", old.retention),
        retired="retired" in many(values, "retired"),
    )


def _rules(service: Service) -> tuple[Field, ...]:
    return (
        Field(
            "private",
            "Who may see requests for it?",
            "flags",
            required=False,
            initial=("private",) if service.private else (),
            options=(("private", "Private, unless somebody says otherwise"),),
        ),
        Field(
            "rule",
            "Who gets new requests?",
            "choice",
            initial=service.rule or AS_ITS_TEAM,
            options=tuple((str(value), label) for value, label in RULES),
        ),
        Field(
            "sampling",
            "How many of a hundred are asked how it was?",
            initial=str(service.sampling),
            max_length=3,
        ),
        Field(
            "privacy",
            "Who may know what somebody answered?",
            "choice",
            initial=service.privacy,
            options=tuple((value.value, label) for value, label in PRIVACY),
        ),
        Field(
            "retention",
            "Days after which the text is removed",
            initial=str(service.retention),
            hint="Counted from when the request ended; 0 is never.",
            max_length=5,
        ),
    )


def _teams(turn: Turn) -> tuple[tuple[str, str], ...]:
    """Those that this person may edit."""
    serving = (team for team in turn.house.teams.values() if not team.retired and edits(turn, team.key))
    named = sorted((team.name, team.key) for team in serving)
    own = ((DESK, OWN_DESK),) if edits(turn, "") else ()
    return (*((key, name) for name, key in named), *own)


def _team_filled(turn: Turn, old: Service, values: Values) -> str:
    said = one(values, "team")
    if said in (old.team or DESK, ""):
        return old.team
    key = "" if said == DESK else said
    team = turn.house.teams.get(key)
    if key and (team is None or team.retired):
        raise refuse("That team no longer serves. Choose another.", field="team")
    if not edits(turn, key):
        raise refuse("Only its own lead can add something to what that team offers.", field="team")
    return key


def _long(name: str, label: str, said: Iterable[str], hint: str) -> tuple[Field, ...]:
    """Text of several lines; what is longer than a field holds is edited in the catalogue's file."""
    text = "\n".join(said)
    if len(text) > TYPED:
        return ()
    return (Field(name, label, "long", required=False, initial=text or None, hint=hint),)


def _number(values: Values, name: str, before: int) -> int:
    said = one(values, name)
    if not said:
        return before
    if not said.isdecimal() or len(said) > 9:
        raise refuse(f"“{said[:20]}” should be a whole number.", field=name)
    return int(said)
