"""The catalogue on the command line, as whoever runs Deskbell meets it: real commands, a real database."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner, Result

from bot.cli import cli
from storage import catalogue, people, requests
from storage.database import Database
from storage.records import Channel, Person, Team
from tests.handlers.office import a_request

EXAMPLE = Path(__file__).parent.parent.parent / "bot" / "playground" / "flower-shop.toml"
VANS = '[teams.vans]\nname = "Vans"\nmembers = ["@flora"]\n'
RIDES = '[services.rides]\nname = "Rides"\nteam = "vans"\n'


@pytest.fixture
def database(upgraded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A shop that Deskbell has looked around in, of each kind of database."""
    monkeypatch.setenv("DESKBELL_DATABASE_URL", upgraded_url)
    monkeypatch.chdir(tmp_path)

    def furnish(tx: Connection) -> None:
        for handle in ("svea", "carl", "flora", "david", "margit"):
            people.describe(tx, "main", Person(f"slack:U{handle.upper()}", handle.title(), handle=handle))
        for name in ("shop-desk", "general", "deliveries"):
            catalogue.name_channel(tx, "main", Channel(f"slack:C{name.upper()}", name))

    with Database.open(upgraded_url) as database:
        database.submit(furnish).result()
        yield database


def run(*line: str) -> Result:
    return CliRunner().invoke(cli, ["catalogue", *line])


def written(text: str, name: str = "shop.toml") -> str:
    Path(name).write_text(text)
    return name


def kept(database: Database) -> tuple[dict[str, bool], dict[str, bool]]:
    """Teams and services by key, and whether they are retired."""
    teams = database.read(lambda tx: catalogue.all_teams(tx, "main")).result()
    services = database.read(lambda tx: catalogue.all_services(tx, "main")).result()
    return ({key: one.retired for key, one in teams.items()}, {k: one.retired for k, one in services.items()})


def test_check_apply_and_export_of_the_flower_shop(database: Database) -> None:
    shop = str(EXAMPLE)
    checked = run("check", shop)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "has no mistakes: 4 teams, 6 services." in checked.stdout
    assert f"Not applied yet (10 added): deskbell catalogue apply {shop}" in checked.stdout
    assert kept(database) == ({}, {})

    applied = run("apply", shop, "--yes")
    assert applied.exit_code == 0
    assert "+ team flowers\n" in applied.stdout
    assert applied.stdout.endswith("\n10 added.\nApplied.\n")
    assert len(kept(database)[1]) == 6

    again = run("apply", shop)
    assert (again.exit_code, again.stdout) == (0, f"Nothing to do: {shop} is what is kept already.\n")

    assert run("export", "copy.toml").stdout == "Written to copy.toml.\n"
    assert run("export").stdout == Path("copy.toml").read_text()
    assert "It is what is kept already." in run("check", "copy.toml").stdout


def test_mistakes_are_told_with_their_lines_and_nothing_is_applied(database: Database) -> None:
    file = written(VANS + 'zone = "Mars"\n' + RIDES.replace('"vans"', '"van"') + "x = \n")
    for command in ("check", "apply"):
        refused = run(command, file)
        assert refused.exit_code == 1
        assert refused.stdout.splitlines() == [
            "shop.toml:4  teams.vans.zone: there is no time zone “Mars”; one is called Europe/Stockholm",
            "shop.toml:7  services.rides.team: there is no team “van”; did you mean “vans”?",
            "shop.toml:8  after “=” should stand text in quotes, a number, true, false, or a list in [ ]",
        ]
        assert refused.stderr == "3 mistakes; nothing was changed.\n"
    assert kept(database) == ({}, {})


def test_what_changes_is_shown_from_and_to(database: Database) -> None:
    form = 'form = ["Where to?", "When? (date)"]\n'
    assert run("apply", written(VANS + RIDES + form), "--yes").exit_code == 0
    file = written(
        VANS.replace('["@flora"]', '["@flora", "@carl"]')
        + RIDES.replace('"Rides"', '"Lifts"')
        # a question is asked otherwise, and it is private now
        + form.replace("When? (date)", "When? (date) *")
        + "private = true\n"
    )
    changed = run("apply", file, "--yes")
    assert changed.stdout.splitlines() == [
        "~ team vans",
        '    members  + "@carl"',
        "~ service rides",
        '    name     "Rides" → "Lifts"',
        '    form     - "When? (date)"',
        '             + "When? (date) *"',
        "    private  true",
        "",
        "2 changed.",
        "Applied.",
    ]


def test_what_requests_speak_of_is_retired_and_what_nothing_speaks_of_is_deleted(database: Database) -> None:
    assert run("apply", written(VANS + RIDES + RIDES.replace("ides", "aces")), "--yes").exit_code == 0
    spoken = a_request(number=1, team="vans", service="rides")
    database.submit(lambda tx: requests.add(tx, "main", spoken)).result()
    retired = run("apply", written("[teams]"), "--yes")
    assert retired.stdout.splitlines() == [
        "- team vans is retired, not deleted: 1 request speaks of it",
        "- service races is deleted: no request speaks of it",
        "- service rides is retired, not deleted: 1 request speaks of it",
        "",
        "2 retired, 1 deleted.",
        "Applied.",
    ]
    assert kept(database) == ({"vans": True}, {"rides": True})
    back = run("apply", written(VANS + RIDES), "--yes")
    assert "+ service rides is offered again" in back.stdout
    assert kept(database) == ({"vans": False}, {"rides": False})


def test_without_a_terminal_nobody_can_be_asked(database: Database) -> None:
    refused = run("apply", written(VANS))
    assert refused.exit_code == 1
    assert "+ team vans" in refused.stdout
    assert refused.stderr == "Nothing was changed: there is no terminal to ask on. Add --yes to apply it.\n"
    assert kept(database) == ({}, {})


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (Path.exists, "There is no file it.toml.\n"),
        (lambda path: path.mkdir(), "it.toml is a directory, not a file.\n"),
        (lambda path: path.write_bytes(b"x" * 10_000_000), "1 mistake; nothing was changed.\n"),
        (lambda path: path.write_bytes(b"\0" * 50), "1 mistake; nothing was changed.\n"),
        (lambda path: path.write_bytes(b"\xff" * 50), "1 mistake; nothing was changed.\n"),
        (lambda path: path.write_bytes(b""), "1 mistake; nothing was changed.\n"),
    ],
    ids=["missing", "directory", "10 MB", "no text", "not UTF-8", "empty"],
)
def test_files_that_are_none_are_refused_in_one_line(
    database: Database, prepare: Callable[[Path], object], said: str
) -> None:
    prepare(Path("it.toml"))
    refused = run("apply", "it.toml", "--yes")
    assert (refused.exit_code, refused.stderr) == (1, said)
    assert len(refused.stdout.splitlines()) == (0 if "mistake" not in said else 1)


def test_a_file_cannot_paint_the_terminal(database: Database) -> None:
    shown = run("check", written('[teams."\\u001b[2J"]\nname = "[bold]X"\nmembers = ["@flora"]'))
    assert shown.exit_code == 1
    assert "\x1b" not in shown.stdout
    applied = run("apply", written('[services.x]\nname = "[bold]X[/]"'), "--yes")
    assert '"[bold]X[/]"' in applied.stdout


def test_who_has_met_nobody_is_told_what_to_do(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)
    refused = run("check", written(VANS))
    assert "nobody is known as “@flora”" in refused.stdout
    assert "Run “deskbell serve” once" in refused.stdout
    assert run("export").stdout.endswith("[teams]\n\n[services]\n")


def test_wrong_settings_are_another_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESKBELL_DATABASE_URL", "mysql://x")
    assert run("export").exit_code == 2
    monkeypatch.setenv("DESKBELL_DATABASE_URL", f"sqlite:///{tmp_path}/none/x.db")
    refused = run("export")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("The database could not be opened: ")


def test_an_export_that_cannot_be_written_is_one_line(database: Database) -> None:
    refused = run("export", "none/copy.toml")
    assert refused.exit_code == 1
    assert refused.stderr == "none/copy.toml cannot be written: No such file or directory.\n"


class Terminal:
    """Somebody before a terminal: reads until words come, and types."""

    def __init__(self, *line: str) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "catalogue", *line],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(EXAMPLE.parent.parent.parent)},
        )
        os.close(theirs)

    def reads(self, words: str) -> str:
        seen = ""
        while words not in seen:
            try:
                seen += os.read(self._ours, 4096).decode()
            except OSError:  # it has ended
                break
        assert words in seen, seen
        return seen

    def types(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def ends(self) -> int:
        code = self.process.wait(20)
        os.close(self._ours)
        return code


@pytest.mark.parametrize(
    ("answer", "said", "code", "teams"),
    [("y", "Applied.", 0, {"vans": False}), ("n", "Nothing was changed.", 1, {}), ("", "Nothing", 1, {})],
)
def test_before_a_terminal_it_asks_first(
    database: Database, answer: str, said: str, code: int, teams: dict[str, bool]
) -> None:
    terminal = Terminal("apply", written(VANS))
    shown = terminal.reads("Apply this? [y/N]")
    assert re.search(r"\x1b\[32m\+ team vans", shown), "what is added is green"
    terminal.types(f"{answer}\n")
    terminal.reads(said)
    assert terminal.ends() == code
    assert kept(database)[0] == teams


def test_of_two_who_edit_at_once_the_second_is_told(database: Database) -> None:
    terminal = Terminal("apply", written(VANS))
    terminal.reads("Apply this? [y/N]")

    def meanwhile(tx: Connection) -> None:
        catalogue.count_up(tx, "main", 0)
        catalogue.keep_team(tx, "main", Team("cakes", "Cakes", place="slack:CDESK"))

    database.submit(meanwhile).result()
    terminal.types("y\n")
    terminal.reads("somebody changed the catalogue meanwhile; run it again.")
    assert terminal.ends() == 1
    assert kept(database) == ({"cakes": False}, {})
