"""What is documented exists, and what exists is documented."""

import re
import typing
from pathlib import Path

import pytest
import typer.main

from bot.cli import cli
from bot.settings import Settings
from bot.slack.events import EVENTS
from bot.slack.listen import MAKE_REQUEST
from handlers import intents, notices
from handlers.csat import REASONS
from handlers.language import USAGES

ROOT = Path(__file__).parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    field = Settings.model_fields[name]
    row = next(
        (line for line in read("docs/settings.md").splitlines() if f"`DESKBELL_{name.upper()}`" in line), ""
    )
    assert row, f"DESKBELL_{name.upper()} is missing"
    if (field.default not in (None, "") and not name.endswith("_url")) or name == "database_url":
        assert f"`{field.default}`" in row


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = {name for page in DOCS for name in re.findall(r"DESKBELL_[A-Z_]+", page.read_text())}
    known = {f"DESKBELL_{name.upper()}" for name in Settings.model_fields}
    assert named - known - {"DESKBELL_CHROMIUM"} == set()


@pytest.mark.parametrize("usage", USAGES, ids=lambda usage: usage.line)
def test_every_line_of_the_grammar_is_documented(usage: typing.Any) -> None:
    assert re.search(rf"`[^`]*\b{usage.verb}\b[^`]*`", read("docs/commands.md")), usage.line


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_documented(reason: str) -> None:
    assert f"`{reason}`" in read("docs/commands.md")


@pytest.mark.parametrize("notice", typing.get_args(notices.Notice), ids=lambda notice: notice.__name__)
def test_every_notice_is_documented(notice: type) -> None:
    assert f"| `{notice.__name__}` |" in read("docs/architecture.md")
    assert notice.__doc__


@pytest.mark.parametrize("intent", typing.get_args(intents.Intent), ids=lambda intent: intent.__name__)
def test_every_intent_says_what_it_is(intent: type) -> None:
    assert intent.__doc__
    assert not intent.__doc__.startswith(f"{intent.__name__}(")


def test_every_command_is_documented() -> None:
    group = typer.main.get_command(cli)
    for name in group.commands:  # type: ignore[attr-defined] # a group has them
        assert f"`deskbell {name}`" in read("docs/operating.md"), name


def test_the_manifest_asks_for_what_the_listener_hears() -> None:
    manifest = read("docs/slack-manifest.yaml")
    listed = set(
        re.findall(r"^      - ([a-z_]+(?:\.[a-z]+)?)$", manifest.partition("bot_events:")[2], re.MULTILINE)
    )
    assert {event.partition(".")[0] for event in listed} == set(EVENTS)
    assert f"callback_id: {MAKE_REQUEST}" in manifest
    assert "should_escape: true" in manifest


def test_links_between_pages_lead_somewhere() -> None:
    for page in DOCS:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not target.startswith(("http://", "https://")):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_files_named_in_the_architecture_exist() -> None:
    text = read("docs/architecture.md") + read("CONTRIBUTING.md")
    for name in re.findall(r"`((?:bot|handlers|storage|tests|docs)/[\w/.]+\.\w+)`", text):
        assert (ROOT / name).exists(), name


def test_make_targets_in_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    for page in DOCS:
        assert set(re.findall(r"`?\bmake ([a-z]+)\b(?=[` \n])", _code(page.read_text()))) <= targets, (
            page.name
        )


def _code(text: str) -> str:
    return " ".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)) + " "
