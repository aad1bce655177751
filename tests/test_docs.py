"""What is documented exists, and what exists is documented."""

import json
import re
import struct
import typing
from pathlib import Path

import pytest
import typer.main

from bot.cli import cli
from bot.settings import Settings
from bot.slack.events import EVENTS
from bot.slack.listen import MAKE_REQUEST
from bot.teams import invokes
from bot.teams.faces import CLASSICS
from handlers import intents, notices
from handlers.catalogue_file import KINDS, Catalogue
from handlers.catalogue_file import read as read_catalogue
from handlers.catalogue_values import Known
from handlers.csat import REASONS
from handlers.language import USAGES, is_command

ROOT = Path(__file__).parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TO_FILL_IN = "00000000-0000-0000-0000-000000000000"
"""Where the operator's application ID goes in the manifest for Teams."""
LIMITS = {
    ("name", "short"): 30,
    ("name", "full"): 100,
    ("description", "short"): 80,
    ("description", "full"): 4000,
    ("developer", "name"): 32,
}
"""How long Microsoft lets the texts of a manifest be."""


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


@pytest.mark.parametrize("name", ["check", "apply", "export"])
def test_every_command_for_the_catalogue_is_documented(name: str) -> None:
    group = typer.main.get_command(cli).commands["catalogue"]  # type: ignore[attr-defined] # a group has them
    assert set(group.commands) == {"check", "apply", "export"}
    for page in ("docs/operating.md", "docs/catalogue.md"):
        assert f"deskbell catalogue {name} " in read(page)


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind in KINDS for key in KINDS[kind]])
def test_every_key_of_a_catalogue_is_documented(kind: str, key: str) -> None:
    section = read("docs/catalogue.md").partition(f"## {kind.title()}")[2].partition("## ")[0]
    assert re.search(rf"^\| `{re.escape(key)}` \| [^|]+ \| [^|]+ \|$", section, re.MULTILINE)


def test_no_key_of_a_catalogue_is_documented_that_does_not_exist() -> None:
    rows = set(re.findall(r"^\| `([a-z_.]+)` \|", read("docs/catalogue.md"), re.MULTILINE))
    assert rows == {key for keys in KINDS.values() for key in keys}


def test_the_example_of_a_catalogue_has_no_mistakes() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", read("docs/catalogue.md"), re.DOTALL)
    everybody = Known(person=lambda name: f"slack:{name}", place=lambda name: f"slack:{name}")
    assert isinstance(read_catalogue(example.encode(), everybody), Catalogue)


def test_the_manifest_asks_for_what_the_listener_hears() -> None:
    manifest = read("docs/slack-manifest.yaml")
    listed = set(
        re.findall(r"^      - ([a-z_]+(?:\.[a-z]+)?)$", manifest.partition("bot_events:")[2], re.MULTILINE)
    )
    assert {event.partition(".")[0] for event in listed} == set(EVENTS)
    assert f"callback_id: {MAKE_REQUEST}" in manifest
    assert "should_escape: true" in manifest


def teams_manifest() -> dict[str, typing.Any]:
    manifest: dict[str, typing.Any] = json.loads(read("docs/teams-manifest/manifest.json"))
    return manifest


def test_the_manifest_for_teams_has_exactly_the_commands_that_are_answered() -> None:
    (extension,) = teams_manifest()["composeExtensions"]
    commands = {command.pop("id"): command for command in extension["commands"]}
    assert set(commands) == {invokes.MAKE_REQUEST, invokes.FIND_REQUEST} == {"makeRequest", "findRequest"}
    make, find = commands["makeRequest"], commands["findRequest"]
    assert (make["type"], make["context"], make["fetchTask"]) == ("action", ["message"], True)
    assert (find["type"], find["context"], find["initialRun"]) == ("query", ["compose", "commandBox"], True)
    (words,) = find["parameters"]
    assert words["inputType"] == "text"
    assert words["name"] != "initialRun"  # that is how Teams says that nothing was typed yet


def test_the_manifest_for_teams_is_one_that_teams_takes() -> None:
    manifest = teams_manifest()
    assert f"/v{manifest['manifestVersion']}/" in manifest["$schema"]
    assert re.fullmatch(r"[1-9]\d*\.\d+\.\d+", manifest["version"])
    for (part, text), most in LIMITS.items():
        assert 0 < len(manifest[part][text]) <= most, (part, text)
    assert manifest["name"]["short"] != manifest["name"]["full"]
    assert all(manifest["developer"][f"{kind}Url"][:8] == "https://" for kind in ("website", "privacy"))
    assert re.fullmatch(r"#[0-9a-f]{6}", manifest["accentColor"])
    (bot,) = manifest["bots"]
    assert set(bot["scopes"]) == {"personal", "team", "groupChat"}
    (extension,) = manifest["composeExtensions"]
    for command in extension["commands"]:
        assert len(command["title"]) <= 32
        assert len(command["description"]) <= 128


def test_the_manifest_for_teams_waits_for_one_id_and_asks_for_no_permission() -> None:
    manifest = teams_manifest()
    ids = [manifest["id"], manifest["bots"][0]["botId"], manifest["composeExtensions"][0]["botId"]]
    assert ids == [TO_FILL_IN] * 3
    assert f"s/{TO_FILL_IN}/" in read("docs/teams.md")
    assert not {"authorization", "webApplicationInfo", "permissions", "devicePermissions"} & set(manifest)


def test_what_the_manifest_for_teams_suggests_to_type_is_understood() -> None:
    for listed in teams_manifest()["bots"][0]["commandLists"]:
        for command in listed["commands"]:
            assert is_command(command["title"]), command["title"]


@pytest.mark.parametrize(("icon", "size"), [("color", 192), ("outline", 32)])
def test_icons_for_teams_are_as_large_as_teams_wants_them(icon: str, size: int) -> None:
    png = (ROOT / "docs/teams-manifest" / teams_manifest()["icons"][icon]).read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, _, kind = struct.unpack(">IIBB", png[16:26])
    assert (width, height) == (size, size)
    assert kind == (6 if icon == "outline" else 2)  # the outline is transparent


def test_the_optional_permission_is_the_documented_one() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", read("docs/teams.md"), re.DOTALL)
    added = json.loads(f"{{{block}}}")
    assert added["authorization"]["permissions"]["resourceSpecific"] == [
        {"name": "ChannelMessage.Read.Group", "type": "Application"}
    ]
    assert set(added["webApplicationInfo"]) == {"id", "resource"}
    assert not set(added) & set(teams_manifest())


@pytest.mark.parametrize("name", [name for name in Settings.model_fields if name.startswith("teams_")])
def test_every_setting_for_teams_stands_where_teams_is_set_up(name: str) -> None:
    assert f"DESKBELL_{name.upper()}" in read("docs/teams.md")


@pytest.mark.parametrize(("reaction", "score"), CLASSICS.items())
def test_what_a_reaction_in_teams_is_worth_is_documented(reaction: str, score: int) -> None:
    assert re.search(rf"^\| \S+ {reaction} \| {score}, ", read("docs/teams.md"), re.MULTILINE)


def test_what_pages_quote_from_deskbell_is_what_it_says() -> None:
    source = "".join(page.read_text() for page in (ROOT / "bot").glob("**/*.py"))
    quoted = re.findall(r"(?:log|ends): \*([^*]+)\*", read("docs/teams.md"))
    quoted += re.findall(r"^\| \*([^*]+)\*", read("docs/operating.md"), re.MULTILINE)
    assert len(quoted) >= 10
    for words in quoted:
        assert words.strip("… ").partition(":")[0] in source, words


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
