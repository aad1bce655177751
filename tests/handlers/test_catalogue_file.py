"""A catalogue file as it is read: what it means, and all its mistakes with their lines."""

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.catalogue_file import Catalogue, read
from handlers.catalogue_lines import lines_of
from handlers.catalogue_syntax import Mistake
from handlers.catalogue_values import Known
from storage.records import Privacy, Rule, Service, Team
from tests.handlers.office import BOB, CAT, LEA, TRIAGE

PEOPLE = {"@bob": BOB, "@cat": CAT, "@lea": LEA}
CHANNELS = {"#desk": TRIAGE, "#flowers": "slack:C2"}
KNOWN = Known(
    person=PEOPLE.get,
    place=CHANNELS.get,
    name_of=lambda person: {id: name for name, id in PEOPLE.items()}[person],
    channel_of=lambda place: {id: name for name, id in CHANNELS.items()}[place],
    years=range(2025, 2028),
)
FLOWERS = '[teams.flowers]\nname = "Flowers"\nchannel = "#flowers"\n'


def mistakes(text: str) -> list[str]:
    """Every mistake in a file, as "3 teams.flowers.zone: there is no …"."""
    found = read(dedent(text).encode(), KNOWN)
    assert not isinstance(found, Catalogue)
    return [f"{one.line} {one}" for one in found]


def right(text: str) -> Catalogue:
    found = read(dedent(text).encode(), KNOWN)
    assert isinstance(found, Catalogue), found
    return found


def test_everything_that_can_be_said() -> None:
    found = right(
        """
        [teams.flowers]
        name = "Flowers"
        lead = "@lea"
        members = ["@bob", "@cat"]
        channel = "#flowers"
        zone = "Europe/Stockholm"
        hours = "mon-fri 08:00-17:00"
        holidays = "SE"
        days_off = ["2026-12-24", 2026-12-27]
        assign = "duty"
        rota = [
            "@cat", # first
            "@bob",
        ]
        rota_from = 2026-11-23
        slots = ["both", "morning"]

        [services.bouquets]
        name = "Bouquets"
        team = "flowers"
        description = "Bound to order."
        form = ["Which size? (choice: small, large) *", "Card?"]
        targets = { urgent = "1h / 8h", low = "2d/10d" }
        private = true
        assign = "least-loaded"
        poll = { sampling = 50, privacy = "anonymous" }
        retention = "2 years"
        """
    )
    assert found.teams == {
        "flowers": Team(
            "flowers",
            "Flowers",
            lead=LEA,
            members=(BOB, CAT),
            place="slack:C2",
            zone="Europe/Stockholm",
            hours="mon-fri 08:00-17:00",
            holidays="SE",
            days_off=("2026-12-24", "2026-12-27"),
            rule=Rule.DUTY,
            rota=(CAT, BOB),
            rota_from="2026-11-23",
            slots=("both", "morning"),
        )
    }
    assert found.services == {
        "bouquets": Service(
            "bouquets",
            "Bouquets",
            "flowers",
            description="Bound to order.",
            form=("Which size? (choice: small, large) *", "Card?"),
            targets=("urgent: 1h / 8h", "low: 2d/10d"),
            private=True,
            rule=Rule.LEAST_LOADED,
            sampling=50,
            privacy=Privacy.ANONYMOUS,
            retention=730,
        )
    }


def test_what_is_left_out_is_as_usual() -> None:
    found = right(FLOWERS + '[services.bouquets]\nname = "Bouquets"\nteam = "flowers"\n')
    assert found.teams == {"flowers": Team("flowers", "Flowers", place="slack:C2")}
    assert found.services == {"bouquets": Service("bouquets", "Bouquets", "flowers")}


def test_all_mistakes_are_told_at_once_each_with_its_line() -> None:
    assert mistakes(
        """\
        [team.x]
        name = "X"
        [teams.flowers]
        name = 5
        lead = "lea"
        members = [
            "@bob",
            "@carla",
        ]
        channel = "#flower"
        zone = "Europe/Stokholm"
        hours = "mon 09:00-09:00"
        holidays = "XX"
        days_off = ["2026-13-01"]
        assing = "duty"
        rota_from = 2026-11-24
        slots = ["evening"]
        [teams.Empty]
        [teams.still]
        name = "Still"
        channel = "#desk"
        days_off = ["2026-01-01..2026-12-31"]
        [teams.hot]
        name = "Hot"
        channel = "#desk"
        assign = "duty"
        [services.bouquets]
        name = ""
        team = "flower"
        form = [
            "Which? (chioce: a, b)",
            "Fine?",
        ]
        targets = { urgent = "8h / 1h", soon = "1h / 2h" }
        private = "yes"
        assign = "dutty"
        poll = { sampling = 150, privcy = "named" }
        retention = "2 months"
        [services.cakes]
        name = "Cakes"
        form = ["One?", "one?"]
        poll = 5
        """
    ) == [
        "1 team: here stand [teams.…] and [services.…]; did you mean “teams”?",
        "4 teams.flowers.name: should be text in quotes, not a number",
        "5 teams.flowers.lead: people are written with an @: “@lea”",
        "8 teams.flowers.members: nobody is known as “@carla”",
        "10 teams.flowers.channel: there is no channel “#flower” that Deskbell is in",
        "11 teams.flowers.zone: there is no time zone “Europe/Stokholm”; did you mean “Europe/Stockholm”?",
        "12 teams.flowers.hours: “09:00-09:00” is no time at all",
        "13 teams.flowers.holidays: no public holidays are known for XX",
        "14 teams.flowers.days_off: “2026-13-01” should be a date, “2026-12-24”, "
        "or a span, “2026-12-27..2026-12-31”",
        "15 teams.flowers.assing: there is no such key; did you mean “assign”?",
        "16 teams.flowers.rota_from: 2026-11-24 is no Monday; 2026-11-23 is",
        "17 teams.flowers.slots: “evening” is no way to bundle nudges; "
        "there are “both”, “morning”, “afternoon”, “at once”",
        "18 teams.Empty: “Empty” should be lower-case letters, digits and hyphens, a letter first, "
        "at most 40 in all",
        "18 teams.Empty.members: nobody serves here: name members, or a channel whose people do",
        "18 teams.Empty.name: is missing",
        "22 teams.still.days_off: leave no working day for a whole year",
        "23 teams.hot.rota: should name who is on duty, week by week",
        "28 services.bouquets.name: should not be empty",
        "29 services.bouquets.team: there is no team “flower”; did you mean “flowers”?",
        "31 services.bouquets.form: “chioce” is no kind of question; did you mean “choice”?",
        "34 services.bouquets.targets.soon: “soon” is no priority: low, normal, high or urgent",
        "34 services.bouquets.targets.urgent: “urgent: 8h / 1h” owes the resolution before the response",
        "35 services.bouquets.private: should be true or false, without quotes, not text",
        "36 services.bouquets.assign: “dutty” is none of “none”, “round-robin”, “least-loaded”, “duty”",
        "37 services.bouquets.poll.privcy: there is no such key; did you mean “poll.privacy”?",
        "37 services.bouquets.poll.sampling: should be a number from 0 to 100",
        "38 services.bouquets.retention: “2 months” should look like “90 days”, “8 weeks” or “2 years”",
        "41 services.cakes.form: “one?” is asked twice; call one of them differently",
        "42 services.cakes.poll: should be a table, such as poll = { sampling = 50 }",
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("x = ", "after “=” should stand text in quotes"),
        ("x = tru", "after “=” should stand text in quotes"),
        ("x = “Flowers”", 'the quotes should be straight, "like these"'),
        ('x = "Flowers', "a text begins here and does not end"),
        ('x = """Flowers', "a text begins here and does not end"),
        ('x = ["@bob"\n', "a list begins here and does not end"),
        ('x = { urgent = "1h / 2h"\n', "a table begins here and does not end"),
        ("x = 1 2", "something stands after the value"),
        ("hello", "a line should be a key, “=”, and a value"),
        ("[teams.more", "a heading should look like [teams.flowers]"),
        ("x = 2026-02-31", "this is no TOML: invalid date"),
        ('channel = "#desk"', "this stands there twice"),
        (FLOWERS, "teams.flowers: this stands there twice"),
        ("x = " + "[" * 3000, "lists stand in lists too many times over"),
        ("x = " + "9" * 5000, "a line has at most 4,000 characters"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(line: str, why: str) -> None:
    first, *_ = mistakes(f"{FLOWERS}{line}")
    assert first.startswith(f"4 {why}")


def test_what_is_no_toml_hides_no_other_mistake() -> None:
    assert mistakes(
        """\
        [teams.flowers]
        name = “Flowers”
        channel = "#nowhere"
        zone = Stockholm
        [teams.vans
        name = "Vans"
        [services.bouquets]
        name = "Bouquets"
        team = "vans"
        form = ["Which?
        retention = "1 day"
        sampling = 5
        """
    ) == [
        '2 the quotes should be straight, "like these"',
        "3 teams.flowers.channel: there is no channel “#nowhere” that Deskbell is in",
        "4 after “=” should stand text in quotes, a number, true, false, or a list in [ ]",
        "5 a heading should look like [teams.flowers]",
        "10 a text begins here and does not end: a quote is missing",
        "12 services.bouquets.sampling: there is no such key; did you mean “poll.sampling”?",
    ]


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b"", 0, "there is no team and no service in this file"),
        (b"# nothing\n", 0, "there is no team and no service in this file"),
        (b"a" * 10_000_000, 0, "a catalogue has at most 1 MB, and this file is larger"),
        (b'[teams.flowers]\nname = "Bl\xe5"', 2, "this is not written in UTF-8"),
        (b"\x00\x01\x02", 0, "this is no text file"),
        (b"teams = 5", 1, "each of the teams has a heading of its own, such as [teams.flowers]"),
        (b"[teams]\nflowers = 5", 2, "should stand under a heading of its own, such as [teams.flowers]"),
        (b"[[teams]]\nname = 'x'", 1, "each of the teams has a heading of its own, such as [teams.flowers]"),
    ],
)
def test_files_that_are_none(data: bytes, line: int, why: str) -> None:
    found = read(data, KNOWN)
    assert not isinstance(found, Catalogue)
    (mistake,) = found
    assert (mistake.line, mistake.sentence) == (line, why)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_and_a_mark_at_the_beginning_do_not_matter(line_end: str) -> None:
    text = "\ufeff" + FLOWERS.replace("\n", line_end)
    found = read(text.encode(), KNOWN)
    assert isinstance(found, Catalogue)
    assert found.teams["flowers"].name == "Flowers"


def test_the_lines_of_what_stands_in_a_text() -> None:
    text = '''\
        # [teams.none]
        [teams.flowers] # here
        name = "A # [b]"
        members = [ # who
            "@bob", "@cat", # two

            "@lea",
        ]
        text = """
        [teams.no]
        name = 1 \\"""
        """
        poll.sampling = 5
        targets = { urgent = "1h", "so so" = [1,
            2] }

        [teams."a b"]
        when = 2026-11-23
        '''
    found = lines_of(dedent(text))
    assert found == {
        ("teams",): 2,
        ("teams", "flowers"): 2,
        ("teams", "flowers", "name"): 3,
        ("teams", "flowers", "members"): 4,
        ("teams", "flowers", "members", 0): 5,
        ("teams", "flowers", "members", 1): 5,
        ("teams", "flowers", "members", 2): 7,
        ("teams", "flowers", "text"): 9,
        ("teams", "flowers", "poll"): 13,
        ("teams", "flowers", "poll", "sampling"): 13,
        ("teams", "flowers", "targets"): 14,
        ("teams", "flowers", "targets", "urgent"): 14,
        ("teams", "flowers", "targets", "so so"): 14,
        ("teams", "flowers", "targets", "so so", 0): 14,
        ("teams", "flowers", "targets", "so so", 1): 15,
        ("teams", "a b"): 17,
        ("teams", "a b", "when"): 18,
    }


SNIPPETS = [
    FLOWERS,
    "[",
    "]",
    "=",
    '"',
    "'",
    '"""',
    "{",
    "}",
    ",",
    "#",
    ".",
    "\n",
    "\\",
    "x",
    " ",
    "form",
    "1",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(SNIPPETS), max_size=30).map("".join)))
def test_any_text_is_a_catalogue_or_has_mistakes_on_lines_it_has(text: str) -> None:
    found = read(text.encode("utf-8", "replace"), KNOWN)
    if not isinstance(found, Catalogue):
        assert found
        assert all(isinstance(one, Mistake) and 0 <= one.line <= text.count("\n") + 1 for one in found)


EXAMPLE = Path(__file__).parent.parent.parent / "bot" / "playground" / "flower-shop.toml"


def test_the_flower_shop_has_every_rule_and_no_mistake() -> None:
    shop = Known(
        person=lambda name: f"slack:U{name[1:].upper()}" if name[1:] in STAFF else None,
        place=lambda name: f"slack:{name}" if name in ("#shop-desk", "#deliveries", "#general") else None,
    )
    found = read(EXAMPLE.read_bytes(), shop)
    assert isinstance(found, Catalogue), found
    rules = {service.rule or found.teams[service.team].rule for service in found.services.values()}
    assert rules == set(Rule)
    assert 2 <= len(found.teams) <= 4
    assert 5 <= len(found.services) <= 7


STAFF = ("svea", "carl", "flora", "david", "margit")
