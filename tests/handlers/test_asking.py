"""The request form; the numbers are those of the cases in `handlers.asking`."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from handlers.asking import OFFERED, request_form
from handlers.filled import Values
from handlers.forms import read, redraw
from handlers.house import House
from handlers.intents import Draft, File
from handlers.notices import Field, Form
from storage.records import Service, Team
from tests.handlers.office import BOB, HOUSE, ZONE

BOUQUETS = Service(
    "bouquets", "Bouquets", "flowers", "Bound ones.", form=("Which size? (choice: s, l) *", "Card")
)
VASES = Service("vases", "Vases", "flowers", form=("Which size? (choice: tall, flat)",))
WAGES = Service("wages", "Wages", "office", private=True)
OWN = Service("odd", "Odd jobs", "")


def a_house(*services: Service) -> House:
    teams = {key: Team(key, name) for key, name in (("flowers", "Flowers"), ("office", "Accounts"))}
    known = {service.key: service for service in services or (BOUQUETS, VASES, WAGES, OWN)}
    return replace(HOUSE, teams=MappingProxyType(teams), services=MappingProxyType(known))


def field(form: Form | None, name: str) -> Field:
    assert form is not None
    return next(each for each in form.fields if each.name == name)


def names(form: Form | None) -> list[str]:
    assert form is not None
    return [each.name for each in form.fields]


PLAIN = ["service", "text", "details", "to", "priority", "day", "time", "behalf", "flags"]


def test_services_are_offered_by_team_and_name() -> None:
    asked = field(request_form(Draft(), a_house()), "service")
    assert [label for _, label in asked.options] == [
        "Something else",
        "Wages (Accounts)",
        "Bouquets (Flowers)",
        "Vases (Flowers)",
        "Odd jobs",
    ]
    assert asked.redraws
    assert asked.initial == ""


def test_without_services_the_form_asks_about_none() -> None:
    retired = a_house(replace(BOUQUETS, retired=True))
    for house in (HOUSE, retired):
        assert names(request_form(Draft(service="bouquets"), house)) == PLAIN[1:]


def test_more_services_than_a_list_takes_are_named_in_a_line() -> None:
    many = [Service(f"s{n:03}", f"Service {n:03}", "flowers") for n in range(OFFERED + 20)]
    asked = field(request_form(Draft(), a_house(*many)), "service")
    assert len(asked.options) == OFFERED + 1
    assert "20 more" in asked.hint
    chosen = field(request_form(Draft(service="s118"), a_house(*many)), "service")
    assert len(chosen.options) == OFFERED + 1
    assert "s118" in dict(chosen.options)


def test_choosing_a_service_swaps_its_questions_in() -> None:  # 1
    typed: Values = {
        "service": "bouquets",
        "text": "roses",
        "details": "",
        "to": BOB,
        "time": "10:00",
        "flags": (),
    }
    form = redraw("file", {"origin": "https://x", "place": "slack:C9", "about": ""}, typed, a_house())
    assert names(form) == [*PLAIN[:2], "q:which-size", "q:card", *PLAIN[2:]]
    assert field(form, "service").hint == "Bound ones."
    assert [field(form, name).initial for name in ("text", "details", "to", "time")] == [
        "roses",
        None,
        BOB,
        "10:00",
    ]
    assert form is not None
    assert dict(form.hidden) == {"origin": "https://x", "place": "slack:C9", "about": "bouquets"}
    assert names(redraw("file", dict(form.hidden), {**typed, "service": ""}, a_house())) == PLAIN


def test_what_was_answered_stays_while_the_service_does() -> None:
    typed: Values = {"service": "bouquets", "q:which-size": "l", "q:card": "love"}
    form = redraw("file", {"about": "bouquets"}, typed, a_house())
    assert (field(form, "q:which-size").initial, field(form, "q:card").initial) == ("l", "love")


PRIVACY = [  # 2: the service before, whether it is ticked, the service now, whether it is ticked then
    ("", False, "wages", True),
    ("wages", True, "", False),
    ("wages", True, "vases", False),
    ("wages", False, "vases", False),
    ("wages", False, "wages", False),
    ("", True, "vases", True),
    ("vases", True, "wages", True),
    ("vases", False, "vases", False),
]


@pytest.mark.parametrize(("before", "ticked", "now", "then"), PRIVACY)
def test_the_box_follows_the_service_until_somebody_decides(
    before: str, ticked: bool, now: str, then: bool
) -> None:
    typed: Values = {"service": now, "flags": ("private",) if ticked else ()}
    form = redraw("file", {"about": before}, typed, a_house())
    assert field(form, "flags").initial == (("private",) if then else ())


def test_what_nobody_offers_any_more_is_something_else() -> None:  # 3
    typed: Values = {"service": "bouquets", "text": "roses", "q:card": "love"}
    for house in (a_house(replace(BOUQUETS, retired=True), VASES), a_house(VASES)):
        form = redraw("file", {"about": "bouquets"}, typed, house)
        assert names(form) == PLAIN
        assert field(form, "service").initial == ""
        assert field(form, "text").initial == "roses"


def test_other_forms_follow_nothing() -> None:
    assert redraw("settings", {}, {}, a_house()) is None
    assert redraw("no such form", {}, {}, a_house()) is None


def test_a_filled_form_names_its_service_and_what_was_answered() -> None:
    values: Values = {
        "text": "roses",
        "service": "bouquets",
        "q:which-size": "l",
        "q:card": "",
    }
    filed = read("file", {"team": "office", "about": "bouquets"}, values, ZONE)
    assert isinstance(filed, File)
    assert (filed.draft.service, filed.draft.team) == ("bouquets", "")
    assert filed.draft.filled == (("q:which-size", "l"), ("q:card", ""))


def test_a_team_named_before_the_form_is_asked_unless_a_service_is() -> None:
    form = request_form(Draft(team="flowers"), a_house())
    filed = read("file", dict(form.hidden), {"text": "water", "service": ""}, ZONE)
    assert isinstance(filed, File)
    assert filed.draft.team == "flowers"
