"""The catalogue as a file, for whoever runs Deskbell: checked, compared, applied, written."""

import sys
from collections import Counter
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from bot.front import Transaction
from bot.offline import house_of
from bot.settings import Settings
from handlers.catalogue_change import Change, Difference, Field, Step, apply, difference, export
from handlers.catalogue_file import Catalogue, known, read
from handlers.catalogue_syntax import MOST, Mistake
from handlers.catalogue_write import Value, one_line
from storage.database import Database, Stale

LOOKS = {
    Step.ADDED: ("+", "green"),
    Step.BACK: ("+", "green"),
    Step.CHANGED: ("~", "yellow"),
    Step.RETIRED: ("-", "red"),
    Step.DROPPED: ("-", "red"),
}
"""The sign and the colour of a change."""
LINE_BY_LINE = ("form",)
"""Lists whose items are read one by one."""
NOT_MET = (
    "Deskbell has met nobody yet. Run “deskbell serve” once, so that it can look around; "
    "or write ids such as “slack:U024BE7LH”."
)


class Refused(Exception):
    """It was not done; the message is one line for whoever runs Deskbell."""


class Desk:
    """The database in one hand, a terminal in the other. What cannot be done is `Refused`."""

    def __init__(self, settings: Settings, out: Console) -> None:
        self._out = out
        self._house = house_of(settings)
        self._database = Database.open(settings.database_url)

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def check(self, path: Path) -> None:
        """Say what is wrong with a file, or that nothing is, and what applying it would do."""
        found = self._compared(path)
        wanted = found.wanted
        self._say(Text(f"{path} has no mistakes: {_sizes(len(wanted.teams), len(wanted.services))}."))
        apply = f"Not applied yet ({_summary(found)}): deskbell catalogue apply {path}"
        self._say(Text(apply if found.changes else "It is what is kept already."))

    def apply(self, path: Path, yes: bool) -> None:
        """Show what a file would change, ask, and change it."""
        found = self._compared(path)
        if not found.changes:
            self._say(Text(f"Nothing to do: {path} is what is kept already."))
            return
        for change in found.changes:
            self._show(change)
        self._say(Text(f"\n{_summary(found)}."))
        if not yes:
            self._ask()
        try:
            self._database.submit(lambda tx: apply(tx, self._house, found)).result()
        except Stale:
            raise Refused(
                "Nothing was changed: somebody changed the catalogue meanwhile; run it again."
            ) from None
        self._say(Text("Applied.", style="green"))

    def export(self, path: Path | None) -> None:
        """Write the kept catalogue as a file; without a path to the terminal."""

        def unit(tx: Transaction) -> str:
            return export(tx, self._house, known(tx, self._house))

        text = self._database.read(unit).result()
        if path is None:
            typer.echo(text, nl=False)
            return
        try:
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise Refused(f"{path} cannot be written: {error.strerror}.") from None
        self._say(Text(f"Written to {path}."))

    def _compared(self, path: Path) -> Difference:
        """What a file would change. Shows its mistakes, when there are any, and is `Refused` then."""
        data = _bytes(path)

        def unit(tx: Transaction) -> tuple[Difference | tuple[Mistake, ...], bool]:
            names = known(tx, self._house)
            found = read(data, names)
            if isinstance(found, Catalogue):
                return difference(tx, self._house, found, names), names.met
            return found, names.met

        found, met = self._database.read(unit).result()
        if isinstance(found, Difference):
            return found
        for mistake in found:
            place = f"{path}:{mistake.line}" if mistake.line else str(path)
            self._say(Text.assemble((place, "bold"), "  ", _printable(str(mistake))))
        if not met and any("nobody is known" in each.sentence for each in found):
            self._say(Text(NOT_MET))
        mistakes = "1 mistake" if len(found) == 1 else f"{len(found)} mistakes"
        raise Refused(f"{mistakes}; nothing was changed.")

    def _show(self, change: Change) -> None:
        sign, colour = LOOKS[change.step]
        self._say(Text(f"{sign} {change.kind} {change.key}{_why(change)}", style=colour))
        width = max((len(field.key) for field in change.fields), default=0)
        for field in change.fields:
            for at, (words, style) in enumerate(_told(field)):
                key = "" if at else field.key
                self._say(Text.assemble(f"    {key:{width}}  ", (_printable(words), style)))

    def _ask(self) -> None:
        if not sys.stdin.isatty():
            raise Refused("Nothing was changed: there is no terminal to ask on. Add --yes to apply it.")
        if not typer.confirm("Apply this?"):
            raise Refused("Nothing was changed.")

    def _say(self, words: Text) -> None:
        self._out.print(words, soft_wrap=True)


def _bytes(path: Path) -> bytes:
    """What stands in a file: no more of it than it takes to see that it is too much."""
    if path.is_dir():
        raise Refused(f"{path} is a directory, not a file.")
    try:
        with path.open("rb") as file:
            return file.read(MOST + 1)
    except FileNotFoundError:
        raise Refused(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        raise Refused(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None


def _sizes(teams: int, services: int) -> str:
    return f"{teams} team{'' if teams == 1 else 's'}, {services} service{'' if services == 1 else 's'}"


def _summary(found: Difference) -> str:
    """How many of each: "3 added, 1 changed, 5 as before"."""
    counted = Counter(change.step.value for change in found.changes)
    counted["as before"] = found.unchanged
    steps = (*(step.value for step in Step), "as before")
    return ", ".join(f"{counted[step]} {step}" for step in steps if counted[step])


def _why(change: Change) -> str:
    match change.step:
        case Step.BACK:
            return " is offered again"
        case Step.RETIRED if change.used:
            speak = "1 request speaks" if change.used == 1 else f"{change.used} requests speak"
            return f" is retired, not deleted: {speak} of it"
        case Step.RETIRED:
            return " is retired, not deleted: a retired service is its own"
        case Step.DROPPED:
            return " is deleted: no request speaks of it"
        case _:
            return ""


def _told(field: Field) -> list[tuple[str, str]]:
    """One key's change, as lines with their style: items of a list one by one, others from and to."""
    before, after = field.before, field.after
    if before is None and after is not None:
        lines = after if isinstance(after, list) and field.key in LINE_BY_LINE else [after]
        return [(one_line(line), "green") for line in lines]
    if isinstance(before, list) and isinstance(after, list) and set(before) != set(after):
        gone = [(f"- {one_line(item)}", "red") for item in before if item not in after]
        return gone + [(f"+ {one_line(item)}", "green") for item in after if item not in before]
    return [(f"{_or_usual(before)} → {_or_usual(after)}", "yellow")]


def _or_usual(value: Value | None) -> str:
    return "as usual" if value is None else one_line(value)


def _printable(words: str) -> str:
    """Without what would move a terminal's cursor about."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in words)
