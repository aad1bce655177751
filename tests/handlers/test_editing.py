"""The catalogue in chat: what is shown to whom, what a filled form keeps, and what it is refused for.

Lea leads the organisation, Bob the flowers, Cat the vans; Ann asks. It is Monday, ten o'clock.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from handlers import desk
from handlers.intents import Caller
from handlers.notices import Answer, Catalogue, Filed, Form, Listed, Notice, Refused
from handlers.words import plain
from storage import catalogue, people
from storage.records import Channel, Person, Privacy, Rule, Service, Team
from tests.handlers.office import ANN, BOB, CAT, LEA, TRIAGE, ZONE, Office

FLOWERS = Team(
    "flowers",
    "Flowers",
    lead=BOB,
    place="slack:C2",
    hours="mon-fri 08:00-16:00",
    holidays="SE",
    rule=Rule.DUTY,
    rota=(CAT, BOB),
    rota_from="2026-11-16",
    members=(BOB, CAT),
)
VANS = Team("vans", "Vans", lead=CAT, members=(CAT,), place=TRIAGE)
BOUQUETS = Service("bouquets", "Bouquets", "flowers", "Anything with stems.", targets=("normal: 30m / 2d",))
RIDES = Service("rides", "Rides", "vans", private=True)
TOMBOLA = Service("tombola", "Tombola", "")
TEO = "teams:29:teo"


def stock(office: Office, *records: Team | Service) -> None:
    def unit(tx: Any) -> None:
        for record in records:
            if isinstance(record, Team):
                catalogue.keep_team(tx, office.house.org, record)
            else:
                catalogue.keep_service(tx, office.house.org, record)
        catalogue.count_up(tx, office.house.org)

    office.keep(unit)


@pytest.fixture
def empty() -> Iterator[Office]:
    with Office() as office:
        yield office


@pytest.fixture
def office(empty: Office) -> Office:
    stock(empty, FLOWERS, VANS, BOUQUETS, RIDES, TOMBOLA)
    channels = (Channel("slack:C2", "flowers"), Channel(TRIAGE, "shop-desk"), Channel("slack:C3", "vans"))
    empty.keep(lambda tx: catalogue.set_channels(tx, empty.house.org, "slack:", channels))
    return empty


def fill(office: Office, who: str, opened: Form, **typed: Any) -> Notice:
    """Send a form with what stood in it, and what was typed over that."""
    begun: dict[str, Any] = {
        field.name: field.initial or (() if field.kind in ("flags", "people", "choices") else "")
        for field in opened.fields
    }
    caller = Caller(who, TRIAGE, source=who.partition(":")[0])
    values = {**begun, **typed}
    return office.keep(
        lambda tx: desk.fill(tx, office.house, caller, opened.name, dict(opened.hidden), values, office.now)
    )


def form(office: Office, who: str, line: str) -> Form:
    found = office.say(who, line)
    assert isinstance(found, Form), found
    return found


def page(office: Office, who: str, line: str) -> Catalogue:
    found = office.say(who, line)
    assert isinstance(found, Catalogue), found
    return found


def read(entry: Listed) -> list[str]:
    return [plain(line) for line in entry.lines]


def entry(office: Office, who: str, line: str, title: str) -> Listed:
    return next(one for one in page(office, who, line).entries if one.title == title)


def labels(shown: Catalogue | Listed) -> list[str]:
    return [button.label for button in shown.buttons]


def said(notice: Notice) -> str:
    assert isinstance(notice, Answer | Refused), notice
    return plain(notice.why if isinstance(notice, Refused) else notice.words)


def team(office: Office, key: str = "flowers") -> Team:
    office.keep(lambda _: None)
    return office.house.teams[key]


def service(office: Office, key: str = "bouquets") -> Service:
    office.keep(lambda _: None)
    return office.house.services[key]


# what is shown


def test_everybody_sees_what_is_offered_by_team_with_what_is_owed(office: Office) -> None:
    shown = page(office, ANN, "services")
    assert [(one.under, one.title, read(one)) for one in shown.entries] == [
        (
            "Flowers",
            "Bouquets",
            ["Anything with stems.", "Answer within 30 min of work, done within 16 h."],
        ),
        ("The desk", "Tombola", ["Answer within 8 h of work, done within 40 h."]),
        (
            "Vans",
            "Rides",
            ["Answer within 8 h of work, done within 40 h. Private, unless you say otherwise."],
        ),
    ]
    assert [labels(one) for one in shown.entries] == [
        ["Ask for Bouquets …"],
        ["Ask for Tombola …"],
        ["Ask for Rides …"],
    ]
    assert labels(shown) == ["Ask for something else …", "Teams"]


@pytest.mark.parametrize(
    ("who", "edits"),
    [(ANN, []), (BOB, ["Edit Bouquets …"]), (LEA, ["Edit Bouquets …", "Edit Tombola …", "Edit Rides …"])],
)
def test_who_leads_sees_how_to_change_it(office: Office, who: str, edits: list[str]) -> None:
    shown = page(office, who, "services")
    assert [label for one in shown.entries for label in labels(one) if "Edit" in label] == edits
    assert ("Add a service …" in labels(shown)) == (who != ANN)


def test_the_button_of_a_service_opens_its_form(office: Office) -> None:
    button = entry(office, ANN, "services", "Bouquets").buttons[0]
    asked = form(office, ANN, button.line)
    assert (asked.name, {field.name: field.initial for field in asked.fields}["service"]) == (
        "file",
        "bouquets",
    )


def test_one_team_may_be_named(office: Office) -> None:
    assert [one.title for one in page(office, ANN, "services flowers").entries] == ["Bouquets"]
    assert "There is no team “bakery”" in said(office.say(ANN, "services bakery"))


def test_teams_say_who_leads_when_they_work_and_who_is_on_duty(office: Office) -> None:
    office.say(CAT, "away until friday")
    assert read(entry(office, ANN, "teams", "Flowers")) == [
        "Led by Bob.",
        f"Works mon-fri 08:00-16:00, {ZONE}, but not on public holidays of SE.",
        "When you ask, it goes to whoever is on duty: this week Bob.",
        "Away: Cat until Fri 27 Nov, 09:00.",
        "Offers Bouquets.",
    ]
    assert read(entry(office, ANN, "teams", "Vans"))[2] == "When you ask, somebody takes it."
    assert labels(entry(office, ANN, "teams", "Flowers")) == ["Rota of Flowers"]
    assert labels(entry(office, BOB, "teams", "Flowers")) == ["Rota of Flowers", "Edit Flowers …"]
    assert labels(page(office, LEA, "teams"))[-1] == "Add a team …"
    assert "Add a team …" not in labels(page(office, BOB, "teams"))


@pytest.mark.parametrize("line", ["services", "teams"])
def test_an_empty_catalogue_says_what_to_do(empty: Office, line: str) -> None:
    assert "Just say what you need" in page(empty, ANN, line).empty
    assert "Begin with a team" in page(empty, LEA, line).empty
    assert page(empty, ANN, "duty").empty == "No team works by a rota."


def test_what_is_over_is_seen_by_who_can_bring_it_back(office: Office) -> None:
    stock(office, replace(BOUQUETS, retired=True), replace(VANS, retired=True))
    assert [one.title for one in page(office, ANN, "services").entries] == ["Tombola"]
    assert [(one.title, one.under) for one in page(office, BOB, "services").entries] == [
        ("Tombola", "The desk"),
        ("Bouquets", "No longer offered"),
    ]
    assert [one.title for one in page(office, ANN, "teams").entries] == ["Flowers"]
    assert entry(office, CAT, "teams", "Vans").under == "No longer serving"


@pytest.mark.parametrize(
    "line", ["services for the lift are due", "teams need more chairs", "duty free for the trip"]
)
def test_what_only_begins_with_the_word_is_a_request(office: Office, line: str) -> None:
    assert isinstance(office.say(ANN, line), Filed)


# who may


@pytest.mark.parametrize(
    ("who", "line", "why"),
    [
        (ANN, "teams edit flowers …", "Only the lead of the team can change that"),
        (CAT, "teams edit flowers", "Only the lead of the team can change that"),
        (BOB, "teams add …", "Only the lead of the organisation can change that"),
        (ANN, "services add …", "Only the lead of the organisation can change that"),
        (BOB, "services edit rides …", "Only the lead of the team can change that"),
        (BOB, "services edit tombola …", "Only the lead of the organisation can change that"),
        (LEA, "teams edit bakery", "There is no team “bakery”"),
        (LEA, "services edit cakes", "There is no service “cakes”"),
    ],
)
def test_others_are_told_why_not(office: Office, who: str, line: str, why: str) -> None:
    assert why in said(office.say(who, line))


@pytest.mark.parametrize("who", [ANN, CAT])
@pytest.mark.parametrize("line", ["teams edit flowers", "services edit bouquets"])
def test_a_form_of_somebody_else_is_not_taken(office: Office, who: str, line: str) -> None:
    assert "Only the lead" in said(fill(office, who, form(office, BOB, line), name="Mine"))
    assert (team(office), service(office)) == (FLOWERS, BOUQUETS)


def test_a_lead_cannot_push_a_service_to_another_team_or_pull_one_over(office: Office) -> None:
    theirs = form(office, BOB, "services edit bouquets")
    assert [value for value, _ in _field(theirs, "team").options] == ["flowers"]
    for other in ("vans", "-"):
        assert "Only its own lead" in said(fill(office, BOB, theirs, team=other))
    assert "no longer serves" in said(fill(office, LEA, theirs, team="bakery"))
    assert said(fill(office, LEA, theirs, team="-")) == "Kept: Bouquets."
    assert service(office).team == ""


# teams


def test_an_unchanged_form_changes_nothing(office: Office) -> None:
    assert said(fill(office, BOB, form(office, BOB, "teams edit flowers"))) == "Kept: Flowers."
    assert team(office) == FLOWERS
    assert said(fill(office, BOB, form(office, BOB, "services edit bouquets"))) == "Kept: Bouquets."
    assert service(office) == BOUQUETS


def test_a_new_team_gets_its_key_from_its_name(office: Office) -> None:
    new = form(office, LEA, "teams add …")
    filled = fill(
        office,
        LEA,
        new,
        name="Sträuße & Co",
        lead=CAT,
        members=(CAT, BOB),
        place="slack:C3",
        zone="Europe/Berlin",
        hours="mon-thu 9:00-17:00",
        holidays="de-by",
        days_off="2026-12-24, 2026-12-27..2026-12-31",
        rule="duty",
        rota="@bob\nCat",
        slots=("morning",),
    )
    assert said(filled) == "Kept: Sträuße & Co."
    assert team(office, "strausse-co") == Team(
        key="strausse-co",
        name="Sträuße & Co",
        lead=CAT,
        place="slack:C3",
        zone="Europe/Berlin",
        hours="mon-thu 9:00-17:00",
        holidays="DE-BY",
        days_off=("2026-12-24", "2026-12-27..2026-12-31"),
        rule=Rule.DUTY,
        rota=(BOB, CAT),
        rota_from="2026-11-23",
        slots=("morning",),
        members=(BOB, CAT),
    )


TEAM_FAULTS = [
    ({"name": " "}, "name", "Name: should not be empty."),
    ({"name": "x" * 61}, "name", "Name: should be at most 60 characters"),
    ({"name": "花"}, "key", "Choose a short name for it, in letters from a to z."),
    ({"key": "9lives"}, "key", "Short name: “9lives” should be"),
    ({"key": "Flowers"}, "key", "There is one called “flowers” already."),
    ({"name": "Vans"}, "key", "There is one called “vans” already."),
    ({"lead": "slack:UGONE"}, "lead", "Gus has left."),
    ({"members": ("slack:UBOT",)}, "members", "Botty is a bot."),
    ({"members": (), "place": ""}, "members", "Members: nobody serves here"),
    ({"place": "slack:C666"}, "place", "“slack:C666” cannot be chosen."),
    ({"zone": "Mars/North"}, "zone", "Time zone: there is no time zone “Mars/North”"),
    ({"hours": "mon-fri 17:00"}, "hours", "Hours: “"),
    ({"hours": "always"}, "hours", "Hours: “always” should look like"),
    ({"holidays": "XX"}, "holidays", "Public holidays: no public holidays are known for XX."),
    ({"days_off": "christmas"}, "days_off", "Other days off: “christmas” should be a date"),
    (
        {"days_off": "2026-01-01..2027-01-01, 2027-01-02..2028-01-02"},
        "days_off",
        "leave no working day for a whole year",
    ),
    ({"rule": "dice"}, "rule", "“dice” cannot be chosen."),
    ({"rule": "duty"}, "rota", "Rota: should name who is on duty"),
    ({"rule": "duty", "rota": "@bob\n@zed"}, "rota", "I know nobody called “@zed”."),
    ({"rota": "slack:UGONE"}, "rota", "Gus has left."),
    ({"slots": ("hourly",)}, "slots", "Bundling: “hourly” is no way to bundle nudges"),
]


@pytest.mark.parametrize(("typed", "field", "why"), TEAM_FAULTS)
def test_a_team_that_cannot_be_kept(office: Office, typed: dict[str, Any], field: str, why: str) -> None:
    _others(office)
    refused = fill(
        office, LEA, form(office, LEA, "teams add"), **{"name": "Bakery", "place": TRIAGE, **typed}
    )
    assert isinstance(refused, Refused), refused
    assert (refused.field, why in plain(refused.why)) == (field, True), plain(refused.why)
    assert set(office.house.teams) == {"flowers", "vans"}


def test_the_rota_is_written_from_this_week_on_and_begins_anew_when_it_is_changed(office: Office) -> None:
    opened = form(office, BOB, "teams edit flowers")
    assert _field(opened, "rota").initial == "@bob\n@cat"  # Cat had the week before
    fill(office, BOB, opened, rota="@bob\n@cat\n@bob\n@lea")
    assert (team(office).rota, team(office).rota_from) == ((BOB, CAT, BOB, LEA), "2026-11-23")
    fill(office, BOB, form(office, BOB, "teams edit flowers"), rule="none", rota="")
    assert (team(office).rota, team(office).rota_from) == ((), "")


def test_who_lives_elsewhere_stays_when_slack_cannot_show_them(office: Office) -> None:
    _others(office)
    stock(office, replace(FLOWERS, lead=TEO, members=(BOB, CAT, TEO)))
    opened = form(office, LEA, "teams edit flowers")
    assert _field(opened, "members").hint.endswith("Also Teo, who cannot be picked in Slack.")
    fill(office, LEA, opened, lead="", members=(BOB,))
    assert (team(office).lead, team(office).members) == (TEO, (BOB, TEO))
    fill(office, LEA, form(office, LEA, "teams edit flowers"), lead=BOB)
    assert team(office).lead == BOB
    stock(office, replace(FLOWERS, lead=TEO, members=(BOB, TEO)))
    fill(office, TEO, form(office, TEO, "teams edit flowers"), members=(BOB,))
    assert team(office).members == (BOB,)


def test_what_is_too_long_for_a_form_stays(office: Office) -> None:
    crowd = tuple(f"slack:U{n:05}" for n in range(200))
    sizes = ", ".join(f"{n} stems of the large sort" for n in range(30))
    long = tuple(f"Bouquet {n} (choice: {sizes})" for n in range(15))
    stock(office, replace(FLOWERS, members=crowd), replace(BOUQUETS, form=long))
    opened = form(office, BOB, "teams edit flowers")
    assert "members" not in {field.name for field in opened.fields}
    fill(office, BOB, opened, name="Blooms")
    assert (team(office).members, team(office).name) == (crowd, "Blooms")
    fill(office, BOB, form(office, BOB, "services edit bouquets"), description="Stems.")
    assert (service(office).form, service(office).description) == (long, "Stems.")


def test_a_text_that_was_shown_to_its_beginning_stays(office: Office) -> None:
    stock(office, replace(BOUQUETS, form=("Which size?", "Which colour?")))
    fill(office, BOB, form(office, BOB, "services edit bouquets"), form="Which size?\nWhich co…")
    assert service(office).form == ("Which size?", "Which colour?")


def test_a_team_ends_when_it_offers_nothing_any_more(office: Office) -> None:
    office.file(ANN, "roses #bouquets")
    over = {"retired": ("retired",)}
    refused = fill(office, BOB, form(office, BOB, "teams edit flowers"), **over)
    assert isinstance(refused, Refused)
    assert refused.field == "retired"
    assert "It still offers Bouquets." in said(refused)
    ended = said(fill(office, BOB, form(office, BOB, "services edit bouquets"), **over))
    assert ended == "Kept: Bouquets. It is no longer offered; what was asked for goes on."
    kept = said(fill(office, BOB, form(office, BOB, "teams edit flowers"), **over))
    assert kept.startswith("Kept: Flowers. It no longer serves. One request of it is unfinished")
    assert (team(office).retired, service(office).retired) == (True, True)
    back = fill(office, BOB, form(office, BOB, "services edit bouquets"), retired=())
    assert said(back) == "Flowers no longer serves. Choose another team."
    fill(office, BOB, form(office, BOB, "teams edit flowers"), retired=())
    fill(office, BOB, form(office, BOB, "services edit bouquets"), retired=())
    assert (team(office), service(office)) == (FLOWERS, BOUQUETS)


# services


def test_a_new_service(office: Office) -> None:
    new = form(office, BOB, "services add …")
    filled = fill(
        office,
        BOB,
        new,
        name="Wreaths",
        team="flowers",
        description="For doors.\nAnd for graves.",
        form="Which size? (choice: small, large) *\n\nWhat should it say?\n",
        targets="urgent: 1h / 4h\nnormal: 4h / 2d",
        private=("private",),
        rule="least-loaded",
        sampling="50",
        privacy="anonymous",
        retention="90",
    )
    assert said(filled) == "Kept: Wreaths."
    assert service(office, "wreaths") == Service(
        "wreaths",
        "Wreaths",
        "flowers",
        description="For doors.\nAnd for graves.",
        form=("Which size? (choice: small, large) *", "What should it say?"),
        targets=("urgent: 1h / 4h", "normal: 4h / 2d"),
        private=True,
        rule=Rule.LEAST_LOADED,
        sampling=50,
        privacy=Privacy.ANONYMOUS,
        retention=90,
    )


SERVICE_FAULTS = [
    ({"name": ""}, "name", "Name: should not be empty."),
    ({"key": "bouquets"}, "key", "There is one called “bouquets” already."),
    ({"team": ""}, "team", "Choose the team that offers it."),
    ({"team": "bakery"}, "team", "That team no longer serves."),
    ({"team": "vans"}, "team", "Only its own lead"),
    ({"description": "x" * 501}, "description", "should be at most 500 characters"),
    ({"form": "Size? (choice:)"}, "form", "Questions: “Size?” offers nothing to choose from."),
    ({"form": "Size?\nSize?"}, "form", "Questions: “Size?” is asked twice"),
    ({"targets": "soon"}, "targets", "What is owed: “soon” should look like"),
    ({"targets": "normal: 2d / 1h"}, "targets", "owes the resolution before the response"),
    ({"rule": "dice"}, "rule", "“dice” cannot be chosen."),
    ({"privacy": "open"}, "privacy", "“open” cannot be chosen."),
    ({"sampling": "half"}, "sampling", "“half” should be a whole number."),
    ({"sampling": "101"}, "sampling", "should be a number from 0 to 100"),
    ({"sampling": "-1"}, "sampling", "“-1” should be a whole number."),
    ({"retention": "99999"}, "retention", "should be a number of days"),
]


@pytest.mark.parametrize(("typed", "field", "why"), SERVICE_FAULTS)
def test_a_service_that_cannot_be_kept(office: Office, typed: dict[str, Any], field: str, why: str) -> None:
    new = form(office, BOB, "services add")
    refused = fill(office, BOB, new, **{"name": "Wreaths", "team": "flowers", **typed})
    assert isinstance(refused, Refused), refused
    assert (refused.field, why in plain(refused.why)) == (field, True), plain(refused.why)
    assert set(office.house.services) == {"bouquets", "rides", "tombola"}


# two at once, and forms that are out of date


def test_of_two_who_edit_at_once_the_second_is_told(office: Office) -> None:
    first, second = form(office, BOB, "teams edit flowers"), form(office, LEA, "teams edit flowers")
    assert said(fill(office, BOB, first, name="Blooms")) == "Kept: Blooms."
    refused = fill(office, LEA, second, name="Petals")
    assert isinstance(refused, Refused)
    assert refused.field == "name"
    assert said(refused) == "Somebody changed the catalogue meanwhile. Nothing was kept; open it again."
    assert team(office).name == "Blooms"
    stale = form(office, LEA, "services edit bouquets")
    stock(office, VANS)
    assert "meanwhile" in said(fill(office, LEA, stale, name="Bunches"))


@pytest.mark.parametrize("name", ["teams", "services"])
def test_a_form_that_remembers_nothing_is_out_of_date(office: Office, name: str) -> None:
    assert "out of date" in said(office.fill(LEA, name, {"name": "Bakery"}))


def _field(form: Form, name: str) -> Any:
    return next(field for field in form.fields if field.name == name)


def _others(office: Office) -> None:
    """Somebody in Teams, somebody who has left, and a bot."""

    def unit(tx: Any) -> None:
        for person in (
            Person(TEO, "Teo"),
            Person("slack:UGONE", "Gus", active=False),
            Person("slack:UBOT", "Botty", bot=True),
        ):
            people.describe(tx, office.house.org, person)

    office.keep(unit)
