from typing import Any

import pytest

from bot.playground.teams.cards import check
from tests.bot.playground.teams.florist import Json, asks, card, execute, field, opens, submits, text

MARGIT = "29:margit"
CHOICES = [{"title": "Low", "value": "low"}, {"title": "High", "value": "high"}]


def mention(name: str = "Margit", id: str = MARGIT) -> Json:
    return {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": id, "name": name}}


def faults(shown: Any, *, dialog: bool = False) -> list[str]:
    return check(shown, people={MARGIT}, dialog=dialog)


def columns(*inner: Json, **more: Any) -> Json:
    return {"type": "ColumnSet", "columns": [{"type": "Column", "items": list(inner), **more}]}


def rich(*inlines: Any) -> Json:
    return {"type": "RichTextBlock", "inlines": list(inlines)}


def image(**more: Any) -> Json:
    return {"type": "Image", "url": "https://petals.example/a.png", "altText": "A tulip", **more}


def buttons(number: int, **more: Any) -> tuple[Json, ...]:
    return tuple(execute(f"Button {n}", **more) for n in range(number))


GOOD = {
    "texts": card(text("hello", size="large", weight="bolder", color="attention", spacing="none")),
    "runs": card(rich("plain", {"type": "TextRun", "text": "bold", "weight": "bolder", "italic": True})),
    "boxes": card({"type": "Container", "style": "emphasis", "bleed": True, "items": [text("in it")]}),
    "columns": card(columns(text("left"), width="stretch"), columns(text("x"), width=2, minHeight="20px")),
    "facts": card({"type": "FactSet", "facts": [{"title": "Owner", "value": "<at>Margit</at>"}]})
    | {"msteams": {"width": "Full", "entities": [mention()]}},
    "pictures": card(image(size="small", style="person")),
    "fields": card(
        field("a", isMultiline=True, maxLength=5, value="12345"),
        field("b", "Number", min=1, max=2, value=1),
        field("c", "Date", value="2026-11-23"),
        field("d", "Time", value="09:00"),
        {"type": "Input.Toggle", "id": "e", "title": "Yes", "value": "true"},
        field("f", "ChoiceSet", choices=CHOICES, isMultiSelect=True, value="low,high", style="expanded"),
    ),
    "buttons": card(text("x"), actions=(*buttons(6), *buttons(3, mode="secondary"))),
    "sets": card({"type": "ActionSet", "actions": [opens("Form"), execute("Take", style="positive")]}),
    "questions": card(text("x"), actions=(asks("Cancel", "Really?", execute("Yes")),)),
    "mentions": card(text("for <at>Margit</at>"), msteams={"entities": [mention()]}),
    "moments": card(text("due {{DATE(2026-11-23T09:00:00Z, SHORT)}} {{TIME(2026-11-23T09:00:00Z)}}")),
    "refresh": card(text("x"), refresh={"action": execute("Look"), "userIds": [MARGIT]}),
}

BAD: dict[str, tuple[Json, str]] = {
    "version": (card(text("x"), version="1.4"), "version must be 1.5"),
    "no fallback": (card(text("x"), fallbackText=""), "missing required field: fallbackText"),
    "empty": (card(), "/body"),
    "nothing at all": (
        {"type": "AdaptiveCard", "version": "1.5", "fallbackText": "x"},
        "nothing on this card",
    ),
    "type": ({"type": "Card"}, "type must be AdaptiveCard"),
    "unknown property": (card(text("x", colour="good")), "invalid additional property: colour"),
    "unknown element": (card({"type": "Table"}), "unknown element: Table"),
    "unknown action": (card(text("x"), actions=({"type": "Action.ToggleVisibility"},)), "unknown action"),
    "missing": (card({"type": "TextBlock"}), "missing required field: text"),
    "no text": (card(text("")), "[json-pointer:/body/0/text]"),
    "enum": (card(text("x", size="huge")), "[json-pointer:/body/0/size]"),
    "case": (card(text("x", weight="Bolder")), "[json-pointer:/body/0/weight]"),
    "flag": (card(text("x", isSubtle="yes")), "must provide a boolean"),
    "number": (card(text("x", maxLines="3")), "must provide a number"),
    "spacing": (card(text("x", spacing="huge")), "/spacing"),
    "function": (card(text("{{NOW()}}")), "{{"),
    "width": (card(columns(text("x"), width="wide")), "/columns/0/width"),
    "pixels": (card(columns(text("x"), minHeight="20")), "must provide pixels"),
    "fact": (card({"type": "FactSet", "facts": [{"title": "Owner", "value": ""}]}), "/facts/0/value"),
    "picture without words": (card({"type": "Image", "url": "https://x.example/a.png"}), "altText"),
    "picture from nowhere": (card(image(url="http://x.example/a.png")), "must begin with https://"),
    "same id": (card(field("a"), field("a")), "another element 'a'"),
    "no label": (card({"type": "Input.Text", "id": "a"}), "missing required field: label"),
    "no sentence": (card(field("a", isRequired=True)), "errorMessage"),
    "too long": (card(field("a", maxLength=2, value="abc")), "is longer than maxLength"),
    "no day": (card(field("a", "Date", value="23.11.2026")), "YYYY-MM-DD"),
    "no time": (card(field("a", "Time", value="9:00")), "HH:MM"),
    "no choice": (card(field("a", "ChoiceSet", choices=CHOICES, value="medium")), "none of the choices"),
    "same choice": (card(field("a", "ChoiceSet", choices=CHOICES * 2)), "two choices have the same value"),
    "comma": (
        card(field("a", "ChoiceSet", choices=[{"title": "a", "value": "a,b"}], isMultiSelect=True)),
        "a comma in a value",
    ),
    "seven buttons": (card(text("x"), actions=buttons(7)), "no more than 6 actions"),
    "seven in a set": (card({"type": "ActionSet", "actions": list(buttons(7))}), "no more than 6 actions"),
    "no title": (card(text("x"), actions=({"type": "Action.Execute", "verb": "say"},)), "title"),
    "no verb": (card(text("x"), actions=({"type": "Action.Execute", "title": "x"},)), "verb"),
    "data": (card(text("x"), actions=(execute("Take", data="take"),)), "must provide an object"),
    "address": (
        card(text("x"), actions=({"type": "Action.OpenUrl", "title": "x", "url": "javascript:x"},)),
        "must begin with https://",
    ),
    "msteams": (card(text("x"), actions=(submits("Take", msteams={"type": "task"}),)), "unknown msteams"),
    "folded twice": (
        card(text("x"), actions=(asks("A", "?", asks("B", "?", execute("C"))),)),
        "not allowed on the card of another",
    ),
    "nobody": (card(text("for <at>Margit</at>")), "nobody is behind <at>Margit</at>"),
    "unused": (card(text("x"), msteams={"entities": [mention()]}), "is in no text"),
    "stranger": (card(text("<at>X</at>"), msteams={"entities": [mention("X", "29:x")]}), "somebody unknown"),
    "mention in a run": (card(rich("<at>Margit</at>")), "nobody can be mentioned in a RichTextBlock"),
    "refreshing too many": (
        card(text("x"), refresh={"action": execute("Look"), "userIds": [MARGIT] * 61}),
        "no more than 60 items",
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_teams_draws_as_it_was_meant(name: str) -> None:
    assert faults(GOOD[name]) == []


@pytest.mark.parametrize("name", BAD)
def test_what_it_does_not(name: str) -> None:
    shown, fault = BAD[name]
    assert any(fault in each for each in faults(shown)), faults(shown)


NONSENSE: list[Any] = [
    None,
    [],
    "card",
    {"type": 7},
    card(text("x"), body=["x", {"type": ["TextBlock"]}]),
    {**card(text("x")), "actions": "x"},
    card(text("x"), msteams={"entities": 7}),
    card(text("x"), msteams=[1]),
    card(text("x"), refresh={"action": 7, "userIds": 7}),
    card(field("a", "ChoiceSet", choices=[7, {"title": [], "value": {}}])),
    card(columns(text("x"), selectAction=[])),
]


@pytest.mark.parametrize("shown", NONSENSE)
def test_what_is_no_card_at_all(shown: Any) -> None:
    assert faults(shown)


def test_dialogs_know_one_kind_of_button() -> None:
    said = faults(card(text("x"), actions=(execute("Take"), opens("Form"), submits("Done"))), dialog=True)
    assert said == [
        "Action.Execute does not work in dialogs [json-pointer:/actions/0]",
        "msteams does not work in dialogs [json-pointer:/actions/1/data]",
    ]
    bare = {"type": "AdaptiveCard", "version": "1.5", "body": [text("x")]}
    assert faults(bare, dialog=True) == []
