"""What stands in a file `.env`, and what Deskbell reads in it."""

import re
from datetime import time
from pathlib import Path

import pytest

from bot.settings import BadSettings, Settings, load, parse_digests

ROOT = Path(__file__).parent.parent.parent
TOKENS = "DESKBELL_SLACK_BOT_TOKEN=xoxb-1\nDESKBELL_SLACK_SIGNING_SECRET=s\n"
GENERAL = (0, time(9), "general", "UTC")
HASH = (0, time(9), "#general", "UTC")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where Deskbell is started, with no setting in the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DESKBELL_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "digests"),
    [
        ("mon 09:00 general", [GENERAL]),
        ('"mon 09:00 #general"', [HASH]),
        ("'mon 09:00 #general'", [HASH]),
        (
            '"mon 09:00 #general; tue 10:30 #desk Europe/Stockholm"',
            [HASH, (1, time(10, 30), "#desk", "Europe/Stockholm")],
        ),
        ("mon 09:00 general # and this is a comment", [GENERAL]),
        (
            "mon 09:00 general; mon 09:00 19:petals@thread.tacv2",
            [GENERAL, (0, time(9), "19:petals@thread.tacv2", "UTC")],
        ),
    ],
)
def test_a_digest_in_a_file(folder: Path, line: str, digests: list[tuple[int, time, str, str]]) -> None:
    (folder / ".env").write_text(f"{TOKENS}DESKBELL_DIGEST={line}\n")
    assert parse_digests(load().digest, "UTC") == digests


def test_a_channel_lost_in_a_comment_is_one_line_that_shows_how(folder: Path) -> None:
    (folder / ".env").write_text(f"{TOKENS}DESKBELL_DIGEST=mon 09:00 #general\n")
    with pytest.raises(BadSettings, match='DESKBELL_DIGEST: should look like "mon 09:00 general"'):
        load()


@pytest.mark.parametrize(("line", "channel"), [("#desk", "#desk"), ("desk", "desk"), ('"#desk"', "#desk")])
def test_a_channel_in_a_file(folder: Path, line: str, channel: str) -> None:
    (folder / ".env").write_text(f"{TOKENS}DESKBELL_TRIAGE_CHANNEL={line}\n")
    assert load().triage_channel == channel


@pytest.mark.parametrize("page", ["README.md", "docs/teams.md"])
def test_what_the_pages_say_to_put_into_it_can_be_read(folder: Path, page: str) -> None:
    blocks = re.findall(r"^ *```\n(.*?)^ *```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)
    for_a_file = [block for block in blocks if "DESKBELL_TIMEZONE=" in block]
    assert for_a_file
    for block in for_a_file:
        (folder / ".env").write_text("".join(f"{line.strip()}\n" for line in block.splitlines()))
        found = load()
        assert found.triage_channel
        assert found.timezone == "Europe/Stockholm"
        for name, value in re.findall(r"^ *DESKBELL_(\w+)=(.*)$", block, re.MULTILINE):
            if name == "DIGEST":
                assert len(parse_digests(found.digest, "UTC")) == 1, value


def test_every_example_of_a_digest_on_the_pages_is_safe_in_a_file() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        if page.name == "CHANGELOG.md":
            continue  # which tells of the one that was not
        for example in re.findall(r"DESKBELL_DIGEST=(.*)", page.read_text()):
            assert " #" not in example or example.startswith('"'), page.name


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("palm_tree face_with_thermometer", {"palm_tree", "face_with_thermometer"}),
        (":palm_tree: :thumbsup:", {"palm_tree", "+1"}),
        ("", set()),
    ],
)
def test_which_status_means_away(folder: Path, line: str, marks: set[str]) -> None:
    (folder / ".env").write_text(f"{TOKENS}DESKBELL_AWAY_STATUS={line}\n")
    assert load().away_marks == marks


@pytest.mark.parametrize("line", ["palm_tree,house", "palm_tree; house", "a:b"])
def test_a_status_that_is_no_emoji_is_one_line_that_shows_how(folder: Path, line: str) -> None:
    (folder / ".env").write_text(f"{TOKENS}DESKBELL_AWAY_STATUS={line}\n")
    with pytest.raises(BadSettings, match="DESKBELL_AWAY_STATUS: names emoji such as palm_tree"):
        load()


@pytest.mark.parametrize(
    "scale",
    [
        "rage heart tada +1",
        "rage heart heart tada +1",
        "+1 thumbsup rage heart tada",
        "rage pout heart tada +1",
        "wave wave::skin-tone-2 rage heart tada",
        ":wave: wave rage heart tada",
    ],
)
def test_a_scale_with_the_same_emoji_twice_by_whichever_name_is_refused(folder: Path, scale: str) -> None:
    (folder / ".env").write_text(f"{TOKENS}DESKBELL_SCALE={scale}\n")
    with pytest.raises(BadSettings, match="DESKBELL_SCALE: names five different emoji"):
        load()
