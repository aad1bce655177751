"""The command `deskbell`. Heavy imports stand inside the commands, so that `--help` is quick."""

import asyncio
import gc
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from bot.catalogue import Desk
    from bot.settings import Settings

cli = typer.Typer(
    name="deskbell",
    help="A chatbot for requests between colleagues: ask, nudge, resolve, rate.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
catalogue = typer.Typer(no_args_is_help=True, help="Teams and services, as a file.")
cli.add_typer(catalogue, name="catalogue")

REFUSED, BAD_SETTINGS = 1, 2
"""Exit codes. 1: the file has mistakes, or nothing was done; 2: the settings or the database are wrong."""

File = Annotated[Path, typer.Argument(metavar="FILE", help="A catalogue, in TOML.")]


@cli.command()
def serve() -> None:
    """Serve the chat that the settings name, until SIGTERM or Ctrl-C."""
    settings = _settings()
    from bot import logs
    from bot.settings import BadSettings, require_a_platform

    try:
        require_a_platform(settings)
        logs.set_up(settings.log_level)
        _migrate_or_stop(settings)
        asyncio.run(_serve(settings))
    except BadSettings as error:
        _stop(str(error))


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="The port of the page.", min=0, max=65535)] = 8155,
) -> None:
    """Show it all in a browser: a flower shop's chat, with no account and nothing to install."""
    out = _console()
    with out.status("Opening the shop …"):
        from bot.playground.demo import run
        from bot.settings import BadSettings

    try:
        asyncio.run(run(port, out))
    except BadSettings as error:
        _stop(str(error))


@cli.command()
def migrate() -> None:
    """Bring the database up to date. Safe to run at any time, and while another process serves."""
    settings = _settings()
    from storage.migrate import behind, current, head, upgrade

    out = _console()
    with out.status("Looking at the database …"):
        try:
            before, needed = current(settings.database_url), behind(settings.database_url)
            if needed:
                upgrade(settings.database_url)
        except Exception as error:  # whatever is wrong with the database, the operator gets one line
            _stop(f"The database could not be brought up to date: {_first_line(error)}")
    out.print(f"Brought from {before or 'nothing'} to {head()}." if needed else f"Up to date: {head()}.")


@catalogue.command()
def check(file: File) -> None:
    """Read a file and say everything that is wrong with it, line by line. Changes nothing."""
    _at_the_desk(lambda desk: desk.check(file))


@catalogue.command()
def apply(
    file: File,
    yes: Annotated[bool, typer.Option("--yes", help="Apply it without asking.")] = False,
) -> None:
    """Show what a file would change, ask, and change it: all of it or nothing.

    What requests speak of is never deleted, but retired.
    """
    _at_the_desk(lambda desk: desk.apply(file, yes))


@catalogue.command()
def export(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; else it is shown.")] = None,
) -> None:
    """Write the kept catalogue as a file, to be edited and applied again."""
    _at_the_desk(lambda desk: desk.export(file))


@cli.command()
def recount() -> None:
    """Count the kept weeks anew, after the time zone or a team's hours have changed. Safe at any time."""
    settings = _settings()
    _migrate_or_stop(settings)
    from bot.app import utc_now
    from bot.recount import recount as count
    from storage.database import Unkept

    try:
        count(settings, _console(), utc_now)
    except Unkept as error:
        _stop(f"The database does not answer: {_first_line(error)}")


@cli.command()
def version() -> None:
    """Say which version this is."""
    from importlib.metadata import version as installed

    typer.echo(f"deskbell {installed('deskbell')}")


def main() -> None:
    """The entry point."""
    cli()


def _at_the_desk(task: "Callable[[Desk], None]") -> None:
    """Do something with the catalogue that the settings' database keeps."""
    settings = _settings()
    _migrate_or_stop(settings)
    from bot.catalogue import Desk, Refused
    from storage.database import Unkept

    try:
        with Desk(settings, _console()) as desk:
            task(desk)
    except Refused as refused:
        _stop(str(refused), REFUSED)
    except Unkept as error:
        _stop(f"The database does not answer: {_first_line(error)}")


def _settings() -> "Settings":
    from bot.settings import BadSettings, load

    try:
        return load()
    except BadSettings as error:
        _stop(str(error))


def _migrate_or_stop(settings: "Settings") -> None:
    """A SQLite file is brought up to date by itself; a shared database by `deskbell migrate`, on purpose."""
    from storage.migrate import behind, upgrade

    try:
        if not behind(settings.database_url):
            return
        if settings.database_url.startswith("sqlite"):
            upgrade(settings.database_url)
            return
    except Exception as error:  # whatever is wrong with the database, the operator gets one line
        _stop(f"The database could not be opened: {_first_line(error)}")
    _stop("The database is not up to date. Run “deskbell migrate” once, then start again.")


async def _serve(settings: "Settings") -> None:
    from bot.app import Deskbell

    app = Deskbell(settings)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    starting = asyncio.create_task(app.start())
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return
    await starting
    _settle_memory()
    typer.echo(f"Deskbell is ready, {_over(settings, app.port)}.", err=True)
    await waiting
    await app.stop()


def _over(settings: "Settings", port: int) -> str:
    """Where each platform reaches it."""
    here = f"http://{settings.host}:{port}"
    over_http = f"on {here}/slack/events"
    slack = "over Socket Mode" if settings.slack_app_token else over_http
    ways = [slack] if settings.on_slack else []
    if settings.on_teams:
        ways.append(f"on {here}/teams/messages")
    return " and ".join(ways)


def _console() -> "Console":
    """A terminal that shows progress; imported here, as serving needs none."""
    from rich.console import Console

    return Console(highlight=False)


def _settle_memory() -> None:
    """Set aside what was imported and wired, so that collecting garbage looks only at what is new."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _stop(why: str, code: int = BAD_SETTINGS) -> NoReturn:
    typer.secho(why, fg="red", err=True)
    raise typer.Exit(code)


def _first_line(error: Exception) -> str:
    return (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
