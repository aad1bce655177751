"""What an Adaptive Card 1.5 may hold, as tables: properties, and the values that some are limited to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """The properties of one type beside `type`. What is named in a later field is one of the first two."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


ALIGNMENTS = ("left", "center", "right")
VERTICAL = ("top", "center", "bottom")
SPACINGS = ("default", "none", "small", "medium", "large", "extraLarge", "padding")
COLOURS = ("default", "dark", "light", "accent", "good", "warning", "attention")
SIZES = ("default", "small", "medium", "large", "extraLarge")
WEIGHTS = ("default", "lighter", "bolder")
FONTS = ("default", "monospace")
STYLES = ("default", "emphasis", "good", "attention", "warning", "accent")
INPUT_COUNTING = ("auto", "none")

_LETTERS = {"color": COLOURS, "size": SIZES, "weight": WEIGHTS, "fontType": FONTS}
_BOX = ("style", "bleed", "minHeight", "selectAction")

EVERY_ELEMENT = Rule(
    optional=("id", "isVisible", "separator", "spacing", "height"),
    enums={"spacing": SPACINGS, "height": ("auto", "stretch")},
    texts=("id",),
    flags=("isVisible", "separator"),
)

ELEMENTS: dict[str, Rule] = {
    "TextBlock": Rule(
        ("text",),
        (
            "color",
            "size",
            "weight",
            "fontType",
            "horizontalAlignment",
            "isSubtle",
            "maxLines",
            "wrap",
            "style",
        ),
        {**_LETTERS, "horizontalAlignment": ALIGNMENTS, "style": ("default", "heading")},
        texts=("text",),
        flags=("isSubtle", "wrap"),
        numbers=("maxLines",),
    ),
    "RichTextBlock": Rule(("inlines",), ("horizontalAlignment",), {"horizontalAlignment": ALIGNMENTS}),
    "Container": Rule(
        ("items",),
        (*_BOX, "verticalContentAlignment"),
        {"style": STYLES, "verticalContentAlignment": VERTICAL},
        flags=("bleed",),
    ),
    "ColumnSet": Rule(
        ("columns",),
        (*_BOX, "horizontalAlignment"),
        {"style": STYLES, "horizontalAlignment": ALIGNMENTS},
        flags=("bleed",),
    ),
    "FactSet": Rule(("facts",)),
    "ActionSet": Rule(("actions",), ("horizontalAlignment",), {"horizontalAlignment": ALIGNMENTS}),
    "Image": Rule(
        ("url", "altText"),
        ("size", "style", "horizontalAlignment", "backgroundColor", "width", "selectAction"),
        {
            "size": ("auto", "stretch", "small", "medium", "large"),
            "style": ("default", "person"),
            "horizontalAlignment": ALIGNMENTS,
        },
        texts=("url", "altText"),
    ),
}

COLUMN = Rule(
    ("items",),
    (*_BOX, "verticalContentAlignment", "width"),
    {"style": STYLES, "verticalContentAlignment": VERTICAL},
    flags=("bleed",),
)
TEXT_RUN = Rule(
    ("text",),
    (
        "color",
        "size",
        "weight",
        "fontType",
        "isSubtle",
        "italic",
        "strikethrough",
        "underline",
        "highlight",
        "selectAction",
    ),
    _LETTERS,
    texts=("text",),
    flags=("isSubtle", "italic", "strikethrough", "underline", "highlight"),
)

EVERY_INPUT = Rule(
    ("id",),
    ("label", "isRequired", "errorMessage"),
    texts=("label", "errorMessage"),
    flags=("isRequired",),
)
_TYPED = ("placeholder", "value")

INPUTS: dict[str, Rule] = {
    "Input.Text": Rule(
        optional=(*_TYPED, "isMultiline", "maxLength", "regex", "style"),
        enums={"style": ("text", "tel", "url", "email", "password")},
        texts=("placeholder", "value", "regex"),
        flags=("isMultiline",),
        numbers=("maxLength",),
    ),
    "Input.Number": Rule(
        optional=(*_TYPED, "min", "max"), texts=("placeholder",), numbers=("min", "max", "value")
    ),
    "Input.Date": Rule(optional=(*_TYPED, "min", "max"), texts=("placeholder", "value", "min", "max")),
    "Input.Time": Rule(optional=(*_TYPED, "min", "max"), texts=("placeholder", "value", "min", "max")),
    "Input.Toggle": Rule(
        ("title",),
        ("value", "valueOn", "valueOff", "wrap"),
        texts=("title", "value", "valueOn", "valueOff"),
        flags=("wrap",),
    ),
    "Input.ChoiceSet": Rule(
        ("choices",),
        (*_TYPED, "isMultiSelect", "style", "wrap"),
        {"style": ("compact", "expanded", "filtered")},
        texts=("placeholder", "value"),
        flags=("isMultiSelect", "wrap"),
    ),
}

EVERY_ACTION = Rule(
    optional=("id", "title", "style", "mode", "isEnabled", "tooltip", "iconUrl"),
    enums={"style": ("default", "positive", "destructive"), "mode": ("primary", "secondary")},
    texts=("id", "title", "tooltip", "iconUrl"),
    flags=("isEnabled",),
)

ACTIONS: dict[str, Rule] = {
    "Action.Execute": Rule(
        ("verb",), ("data", "associatedInputs"), {"associatedInputs": INPUT_COUNTING}, texts=("verb",)
    ),
    "Action.Submit": Rule(optional=("data", "associatedInputs"), enums={"associatedInputs": INPUT_COUNTING}),
    "Action.ShowCard": Rule(("card",)),
    "Action.OpenUrl": Rule(("url",), texts=("url",)),
}

CARD = Rule(
    optional=(
        "version",
        "$schema",
        "body",
        "actions",
        "fallbackText",
        "lang",
        "speak",
        "msteams",
        "refresh",
        "selectAction",
        "minHeight",
        "verticalContentAlignment",
    ),
    enums={"verticalContentAlignment": VERTICAL},
    texts=("fallbackText", "lang", "speak", "$schema"),
)

SUBMITS = ("task/fetch", "messageBack", "imBack", "signin", "invoke")
"""What an Action.Submit's `msteams` may be; all of them outside of dialogs alone."""

VISIBLE_ACTIONS = 6
"""Actions beside each other; further ones have to be `secondary`."""
REFRESHED_FOR = 60
"""People for whom a card refreshes by itself."""
