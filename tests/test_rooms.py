"""The rules of the house, made executable: who imports whom, who may know the time, how long things are."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "storage")
MAY_IMPORT = {
    "bot": {"bot", "handlers", "storage"},
    "handlers": {"handlers", "storage"},
    "storage": {"storage"},
}

OF_APSCHEDULER = {"bot/clock.py": "the metronome"}
OF_SQLALCHEMY = {"bot/front.py": "names the type of the transaction that units receive"}
"""Outside storage and handlers."""
TIMED = {
    "bot/app.py": "where the clock that everything reads is made",
    "bot/slack/web.py": "the age of a signature is measured on the real clock",
    "bot/teams/guard.py": "how long a token holds is measured on the real clock",
    "bot/playground/workspace.py": "Slack's own clock, which our signatures are checked against",
}

LIGHT = (
    "bot.cli",  # `deskbell --help` is answered before anything heavy is loaded
)
HEAVY = (
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "alembic",
    "apscheduler",
    "aiohttp",
    "botbuilder",
    "dateparser",
    "emoji",
    "holidays",
    "matplotlib",
    "psycopg",
)

LINES = 400
LONG_FILES = {"bot/playground/workspace.py": "a workspace is one thing with many doors"}
FUNCTION = 40
LONG_FUNCTIONS = {
    "handlers/desk.py:_dispatch": "one line for each intent",
    "handlers/news.py:_words": "one line for each kind of news",
    "bot/playground/workspace.py:__init__": "everything a workspace remembers",
}
GENERATED = "storage/migrations/versions"

NETWORK = {
    "aiohttp",
    "asyncio",
    "ftplib",
    "http",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "subprocess",
    "urllib",
}


def files(*rooms: str) -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if "__pycache__" not in path.parts
    ]


@cache
def tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text(), file)


def imports(file: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The modules a file imports, with the names taken from each; imports for types alone count too."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            near = Path(file).parts[: -node.level] if node.level else ()
            module = ".".join((*near, *([node.module] if node.module else [])))
            yield module, tuple(alias.name for alias in node.names)


def packages(file: str) -> set[str]:
    return {module.split(".")[0] for module, _ in imports(file)}


def functions(file: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.AST) -> str:
    """`datetime.now` for what is written so."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@cache
def uses(file: str) -> set[str]:
    return {dotted(node) for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute | ast.Name)}


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_from_bot_to_handlers_to_storage(room: str) -> None:
    for file in files(room):
        assert packages(file) & {*ROOMS, "tests", "scripts"} <= MAY_IMPORT[room], file


def test_bot_knows_of_storage_only_what_it_keeps_and_where() -> None:
    known = {"storage.records", "storage.database", "storage.migrate", "storage.types", "storage.history"}
    for file in files("bot"):
        found = {module for module, _ in imports(file) if module.startswith("storage")}
        assert found <= known, file
    for file in files("bot"):
        names = {name for module, taken in imports(file) if module == "storage.history" for name in taken}
        assert names <= {"Repeated"}, file


@pytest.mark.parametrize(
    ("foreign", "home", "also"),
    [
        ("slack_bolt", "bot/slack/", {}),
        ("slack_sdk", "bot/slack/", {}),
        ("botbuilder", "bot/teams/", {}),
        ("botframework", "bot/teams/", {}),
        ("msrest", "bot/teams/", {}),
        ("jwt", "bot/teams/", {}),
        ("jinja2", "bot/report/", {}),
        ("itsdangerous", "handlers/reporting.py", {}),
        ("apscheduler", "bot/clock.py", OF_APSCHEDULER),
        ("matplotlib", "bot/charts.py", {}),
        ("PIL", "bot/charts.py", {}),
        ("sqlalchemy", "storage/", OF_SQLALCHEMY | dict.fromkeys(files("handlers"), "names Connection")),
        ("alembic", "storage/", {}),
        ("psycopg", "storage/", {}),
    ],
)
def test_foreign_libraries_live_in_one_place(foreign: str, home: str, also: dict[str, str]) -> None:
    found = [file for file in files(*ROOMS) if foreign in packages(file)]
    assert [file for file in found if not file.startswith(home) and file not in also] == []


@pytest.mark.parametrize("listed", [OF_APSCHEDULER, OF_SQLALCHEMY, TIMED, LONG_FILES])
def test_exceptions_name_files_that_exist(listed: dict[str, str]) -> None:
    assert set(listed) <= set(files(*ROOMS))


def test_outside_storage_only_the_transaction_s_type_is_taken_from_sqlalchemy() -> None:
    for file in files("bot", "handlers"):
        taken = {(module, names) for module, names in imports(file) if module.split(".")[0] == "sqlalchemy"}
        assert taken <= {("sqlalchemy", ("Connection",))}, file


@pytest.mark.parametrize("file", files("handlers", "storage"))
def test_decisions_have_no_network_no_environment_and_no_clock(file: str) -> None:
    assert not packages(file) & NETWORK, file
    clocks = {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "time.monotonic",
    }
    assert not uses(file) & {*clocks, "os.environ", "os.getenv", "open", "print", "input"}, file
    assert not {name for module, names in imports(file) if module == "time" for name in names} - {"sleep"}


def test_only_storage_waits_and_only_for_the_database() -> None:
    sleepy = [file for file in files("handlers", "storage") if ("time", ("sleep",)) in set(imports(file))]
    assert sleepy == ["storage/database.py"]


def test_the_clock_is_read_in_few_places() -> None:
    clocks = {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
    assert {file for file in files("bot") if uses(file) & clocks} == set(TIMED)


def test_nobody_who_receives_a_transaction_ends_it() -> None:
    for file in files(*ROOMS):
        ended = [name for name in uses(file) if name.rsplit(".", 1)[-1] in ("commit", "rollback")]
        assert not ended, file


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_stay_light(module: str) -> None:
    program = f"import sys, {module}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_a_platform_nobody_uses_is_not_loaded() -> None:
    """Teams' library takes a third of a second and thirty megabytes."""
    program = "import sys, bot.app, bot.slack.side; print(*[m for m in sys.modules if 'botbuilder' in m])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_only_the_process_that_draws_loads_what_draws() -> None:
    """It takes half a second and fifty megabytes, once a week."""
    program = (
        "import sys, bot.app, bot.slack.side, bot.teams.side, bot.pictures; "
        "print(*[m for m in sys.modules if m in ('matplotlib', 'numpy', 'PIL')])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_importing_does_nothing() -> None:
    """A module's own lines define: they call nothing that is not a value, a decorator or a declaration."""
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign)
    for file in files(*ROOMS):
        if file in ("bot/__main__.py", "storage/migrations/env.py"):
            continue  # these are run, not imported
        for node in tree(file).body:
            documented = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            declared = isinstance(node, ast.AnnAssign | ast.If) or _declares_a_part(node)
            assert isinstance(node, allowed) or documented or declared, f"{file}:{node.lineno}"
            if isinstance(node, ast.If):
                assert dotted(node.test) == "TYPE_CHECKING", f"{file}:{node.lineno}"


def _declares_a_part(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and dotted(call.func) in ("Index", "cli.add_typer")


UNIONS = {
    "Notice": {"bot/layout.py"},
    "Intent": {"handlers/desk.py"},
}


@pytest.mark.parametrize(("union", "where"), UNIONS.items())
def test_a_match_over_a_closed_union_forgets_nobody(union: str, where: set[str]) -> None:
    members = _members(union)
    met = set()
    for file in files(*ROOMS):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Match) and len(_classes(node) & members) >= len(members) // 2:
                met.add(file)
                assert _ends_in_assert_never(node), f"{file}:{node.lineno}"
    assert where <= met


def _members(union: str) -> set[str]:
    file = f"handlers/{union.lower()}s.py"
    value = next(
        node.value
        for node in tree(file).body
        if isinstance(node, ast.Assign) and dotted(node.targets[0]) == union
    )
    return {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}


def _classes(match: ast.Match) -> set[str]:
    patterns = (node for case in match.cases for node in ast.walk(case.pattern))
    return {dotted(node.cls).rsplit(".", 1)[-1] for node in patterns if isinstance(node, ast.MatchClass)}


def _ends_in_assert_never(match: ast.Match) -> bool:
    last = match.cases[-1].body[-1]
    return (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and dotted(last.value.func) == "assert_never"
    )


def test_a_file_is_one_idea() -> None:
    long = {file for file in files(*ROOMS) if len((ROOT / file).read_text().splitlines()) > LINES}
    assert long <= set(LONG_FILES)


def test_a_function_fits_on_a_screen() -> None:
    long = {
        f"{file}:{function.name}"
        for file in files(*ROOMS)
        if not file.startswith(GENERATED)
        for function in functions(file)
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION
    }
    assert long <= set(LONG_FUNCTIONS)


def test_nobody_patches() -> None:
    for file in files("tests"):
        assert "unittest" not in packages(file), file
        names = {name.rsplit(".", 1)[-1] for name in uses(file)}
        assert not names & {"patch", "Mock", "MagicMock", "AsyncMock", "mocker"}, file
        assert "monkeypatch.setattr" not in uses(file), file
