"""What Slack takes, as a checker that names every fault. Independent of the code it checks."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.playground.blocks import check_message_blocks, check_view
from bot.slack.words import escape

TEXTS = {
    "header": 150,
    "button": 75,
    "context": 3_000,
    "option": 75,
    "placeholder": 150,
    "label": 2_000,
    "hint": 2_000,
    "title": 100,
    "deny": 30,
}


def check_message(blocks: list[dict[str, Any]]) -> None:
    """Fails unless Slack would post these blocks."""
    assert 0 < len(blocks) <= 50
    check_message_blocks(blocks)
    check_blocks(blocks)


def check_modal(view: dict[str, Any]) -> None:
    """Fails unless Slack would open this view."""
    check_view(view, "modal")
    View(**view).validate_json()
    assert len(view["private_metadata"]) <= 3_000
    for part in ("title", "submit", "close"):
        assert 0 < len(escape(view[part]["text"])) <= 24
    check_blocks(view["blocks"])
    names = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    assert len(names) == len(set(names))


def check_home(view: dict[str, Any]) -> None:
    """Fails unless Slack would publish this view."""
    check_view(view, "home")
    View(**view).validate_json()
    check_blocks(view["blocks"])


def check_blocks(blocks: list[dict[str, Any]]) -> None:
    """Fails at the first block Slack would refuse, or that could carry markup."""
    assert len(blocks) <= 100
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        for name, thing in objects(block):
            _check(name, thing)


def objects(thing: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object inside, with the key it stands under."""
    if isinstance(thing, dict):
        yield name, thing
        for key, value in thing.items():
            yield from objects(value, key)
    elif isinstance(thing, list):
        for value in thing:
            yield from objects(value, name)


def shown(blocks: list[dict[str, Any]]) -> str:
    """All the text in the blocks."""
    return "\n".join(str(thing["text"]) for _, thing in objects(blocks) if isinstance(thing.get("text"), str))


def _check(name: str, thing: dict[str, Any]) -> None:
    match thing.get("type"):
        case "mrkdwn" | "section" | "broadcast" | "usergroup":
            raise AssertionError(f"{thing['type']} can be made to format or to call people")
        case "plain_text":
            assert thing["text"].strip()
            assert thing["emoji"] is False
        case "text":
            assert thing["text"]
        case "header":
            assert len(escape(thing["text"]["text"])) <= TEXTS["header"]
        case "context":
            assert sum(len(escape(element["text"])) for element in thing["elements"]) <= TEXTS["context"]
        case "rich_text":
            said = [piece["text"] for _, piece in objects(thing) if piece.get("type") == "text"]
            assert sum(map(len, map(escape, said))) <= 3_000
            assert all(part["elements"] for part in thing["elements"])
        case "actions":
            assert 0 < len(thing["elements"]) <= 25
            names = [element["action_id"] for element in thing["elements"]]
            assert names == [f"say:{index}" for index in range(len(names))]
        case "button":
            assert len(escape(thing["text"]["text"])) <= TEXTS["button"]
            assert 0 < len(thing["value"]) <= 2_000
        case "link":
            assert thing["url"].startswith(("http://", "https://"))
            assert len(thing["url"]) <= 3_000
        case None if "value" in thing:
            assert 0 < len(thing["value"]) <= 150
            assert len(escape(thing["text"]["text"])) <= TEXTS["option"]
        case _:
            pass
    if name in ("placeholder", "label", "hint", "title", "deny") and "text" in thing:
        assert len(escape(str(thing["text"]))) <= TEXTS[name]
