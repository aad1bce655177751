"""What Teams takes of Adaptive Cards 1.5, as a checker that names every fault. Independent of our code."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.playground.teams.cards import check

COMMON = {"type", "id", "spacing", "separator"}
KNOWN: dict[str, set[str]] = {
    "AdaptiveCard": {"$schema", "version", "fallbackText", "msteams", "body", "actions"},
    "TextBlock": {"text", "wrap", "style", "size", "weight", "isSubtle"},
    "RichTextBlock": {"inlines"},
    "TextRun": {"text", "weight", "fontType", "italic", "size", "isSubtle", "selectAction"},
    "Container": {"style", "items"},
    "ActionSet": {"actions"},
    "Image": {"url", "altText", "size"},
    "Action.Execute": {"title", "style", "verb", "data"},
    "Action.Submit": {"title", "style", "data"},
    "Action.ShowCard": {"title", "style", "card"},
    "Action.OpenUrl": {"title", "url"},
    "Input.Text": {"isMultiline", "maxLength", "placeholder", "value"},
    "Input.Date": {"placeholder", "value"},
    "Input.Time": {"placeholder", "value"},
    "Input.ChoiceSet": {"style", "isMultiSelect", "choices", "placeholder", "value"},
}
INPUT = {"label", "isRequired", "errorMessage"}
ENUMS: dict[str, dict[str, set[Any]]] = {
    "spacing": {"": {"none", "small", "default", "medium", "large", "extraLarge", "padding"}},
    "size": {
        "": {"default", "small", "medium", "large", "extraLarge"},
        "Image": {"auto", "stretch", "small", "medium", "large"},
    },
    "weight": {"": {"default", "lighter", "bolder"}},
    "fontType": {"": {"default", "monospace"}},
    "style": {
        "TextBlock": {"default", "heading"},
        "Container": {"default", "emphasis", "good", "attention", "warning", "accent"},
        "Input.ChoiceSet": {"compact", "expanded", "filtered"},
        "Action": {"default", "positive", "destructive"},
    },
}
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
FUNCTION = re.compile(rf"\{{\{{(?:DATE\({TIME}, SHORT\)|TIME\({TIME}\))\}}\}}")
MOST = 28_000


def check_message(text: str, card: dict[str, Any]) -> None:
    """Fails unless Teams would post this card with this summary."""
    assert text.strip()
    activity = {
        "type": "message",
        "summary": text,
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }
    assert len(json.dumps(activity, ensure_ascii=False).encode()) < MOST
    check_card(card)


def check_card(card: dict[str, Any], *, dialog: bool = False) -> None:
    """Fails at the first thing Teams would refuse or show in another way, or that could carry markup."""
    people = {entity["mentioned"]["id"] for entity in card["msteams"].get("entities", [])}
    assert check(card, people=people, dialog=dialog) == []
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.5")
    assert card["$schema"] == "http://adaptivecards.io/schemas/adaptive-card.json"
    assert card["fallbackText"].strip()
    assert card["body"]
    assert card["msteams"].keys() <= {"width", "entities"}
    for thing in things(card):
        _check(thing)
    _check_mentions(card)
    inputs = [thing["id"] for thing in things(card) if thing["type"].startswith("Input.")]
    assert len(inputs) == len(set(inputs))


def things(part: Any) -> Iterator[dict[str, Any]]:
    """Every object that has a type, but for the data of buttons and the people mentioned."""
    if isinstance(part, list):
        for each in part:
            yield from things(each)
    elif isinstance(part, dict):
        if "type" in part:
            yield part
        for key, value in part.items():
            if key not in ("data", "msteams"):
                yield from things(value)


def _check(thing: dict[str, Any]) -> None:
    kind = thing["type"]
    known = KNOWN[kind] | COMMON | (INPUT if kind.startswith("Input.") else set())
    assert thing.keys() <= known, f"{kind} has no {thing.keys() - known}"
    for key, kinds in ENUMS.items():
        if key in thing:
            assert thing[key] in (kinds.get(kind) or kinds.get(kind.partition(".")[0]) or kinds[""])
    match kind:
        case "TextBlock":
            assert thing["text"].strip()
            assert thing["wrap"] is True
            assert "\n" not in thing["text"]
            assert "{{" not in FUNCTION.sub("", thing["text"])
        case "RichTextBlock":
            assert any(run["text"].strip() for run in thing["inlines"])
        case "TextRun":
            assert thing["text"]
            assert "{{" not in thing["text"]
        case "Container":
            assert thing["items"]
        case "Image":
            assert thing["url"].startswith(("https://", "data:image/png;base64,"))
            assert thing["altText"].strip()
        case "ActionSet":
            assert 0 < len(thing["actions"]) <= 6
        case _:
            _check_what_asks(kind, thing)


def _check_what_asks(kind: str, thing: dict[str, Any]) -> None:
    if kind.startswith("Action.") and kind != "Action.OpenUrl":
        assert 0 < len(thing["title"]) <= 45
        assert "{{" not in thing["title"]
    match kind:
        case "Action.Execute":
            assert thing["verb"] in ("say", "fill")
            assert (thing["verb"] == "say") == ("line" in thing["data"])
        case "Action.ShowCard":
            assert thing["card"]["type"] == "AdaptiveCard"
            assert [each["type"] for each in thing["card"]["body"]] == ["RichTextBlock"]
            assert len(thing["card"]["actions"]) == 1
        case "Action.OpenUrl":
            assert thing["url"].startswith(("http://", "https://"))
        case "Input.ChoiceSet":
            _check_choices(thing)
        case "Input.Text":
            assert thing["maxLength"] > 0
            assert len(thing.get("value", "")) <= thing["maxLength"]
        case _:
            pass
    if kind.startswith("Input."):
        assert thing["label"].strip()
        assert thing["id"]
        assert not thing["isRequired"] or thing["errorMessage"].strip()


def _check_choices(thing: dict[str, Any]) -> None:
    offered = [choice["value"] for choice in thing["choices"]]
    assert all(choice.keys() == {"title", "value"} and choice["title"].strip() for choice in thing["choices"])
    assert len(offered) == len(set(offered))
    assert all(value and "," not in value for value in offered)
    chosen = thing["value"].split(",") if "value" in thing else []
    assert set(chosen) <= set(offered)
    assert thing["isMultiSelect"] or len(chosen) < 2


def _check_mentions(card: dict[str, Any]) -> None:
    """Every `<at>` belongs to one entity, and every entity stands somewhere."""
    entities = card["msteams"].get("entities", [])
    by_text = {entity["text"]: entity["mentioned"]["id"] for entity in entities}
    assert len(by_text) == len({(each["text"], each["mentioned"]["id"]) for each in entities})
    texts = [thing["text"] for thing in things(card) if thing["type"] == "TextBlock"]
    stand = {at for text in texts for at in re.findall("<at>.*?</at>", text)}
    assert stand == by_text.keys()
    assert not any("<" in re.sub("<at>.*?</at>", "", text) for text in texts)
    for entity in entities:
        assert entity.keys() == {"type", "text", "mentioned"}
        assert entity["type"] == "mention"
        assert entity["mentioned"].keys() == {"id", "name"}
        assert entity["mentioned"]["id"].startswith("29:")
        assert not re.search("[<>]", entity["text"].removeprefix("<at>").removesuffix("</at>")), entity
