"""Every block and every element the page draws, as a florist's shop would use them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

NOON = 1_790_856_000  # 1 October 2026, 12:00 UTC


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(label: str, value: str, about: str = "") -> Json:
    return {"text": words(label), "value": value, **({"description": words(about)} if about else {})}


FLOWERS = [option("Roses", "roses"), option(":tulip: Tulips", "tulips"), option("Peonies", "peonies")]

PRESSED: list[Json] = [
    {"type": "button", "action_id": "take", "text": words("Take it"), "style": "primary", "value": "take 12"},
    {
        "type": "button",
        "action_id": "decline",
        "text": words("Decline"),
        "style": "danger",
        "value": "decline 12",
        "confirm": {
            "title": words("Decline #12?"),
            "text": marked("*Ann* will be told."),
            "confirm": words("Decline it"),
            "deny": words("Keep it"),
            "style": "danger",
        },
    },
    {"type": "button", "action_id": "map", "text": words("Route"), "url": "https://example.org/route"},
    {
        "type": "overflow",
        "action_id": "more",
        "options": [option("Hand over", "give"), option("Wait", "wait")],
    },
]

CHOSEN: list[Json] = [
    {"type": "static_select", "action_id": "flower", "options": FLOWERS, "placeholder": words("Flower")},
    {"type": "users_select", "action_id": "who", "placeholder": words("Give it to")},
    {"type": "datepicker", "action_id": "day", "initial_date": "2026-10-02"},
    {"type": "timepicker", "action_id": "hour", "initial_time": "09:30"},
    {"type": "datetimepicker", "action_id": "moment", "initial_date_time": NOON},
    {
        "type": "checkboxes",
        "action_id": "extras",
        "options": [option("Card", "card"), option("Vase", "vase")],
    },
    {"type": "radio_buttons", "action_id": "size", "options": [option("Small", "s"), option("Large", "l")]},
]

TYPED: list[Json] = [
    {"type": "plain_text_input", "action_id": "title", "placeholder": words("A bouquet for the counter")},
    {"type": "plain_text_input", "action_id": "details", "multiline": True},
    {"type": "number_input", "action_id": "stems", "is_decimal_allowed": False, "min_value": "1"},
    {"type": "static_select", "action_id": "flower", "options": FLOWERS},
    {
        "type": "multi_static_select",
        "action_id": "mix",
        "option_groups": [
            {"label": words("Cut"), "options": FLOWERS[:2]},
            {"label": words("Late"), "options": FLOWERS[2:]},
        ],
        "initial_options": FLOWERS[:1],
    },
    {"type": "users_select", "action_id": "for"},
    {"type": "multi_users_select", "action_id": "followers"},
    {"type": "datepicker", "action_id": "day"},
    {"type": "timepicker", "action_id": "hour"},
    {"type": "datetimepicker", "action_id": "moment"},
    {
        "type": "checkboxes",
        "action_id": "extras",
        "options": [option("Card", "card", "Handwritten by Ida"), option("Vase", "vase")],
    },
    {"type": "radio_buttons", "action_id": "size", "options": [option("Small", "s"), option("Large", "l")]},
]

LABELS = {
    "title": "What",
    "details": "Details",
    "stems": "Stems",
    "flower": "Flower",
    "mix": "Mix",
    "for": "On behalf of",
    "followers": "Keep informed",
    "day": "Needed by",
    "hour": "Before",
    "moment": "Delivery",
    "extras": "Extras",
    "size": "Size",
}


def rich_text() -> Json:
    def run(**style: bool) -> Json:
        return {"type": "text", "text": "-".join(style) or "plain", "style": style}

    section = [
        {"type": "text", "text": "All styles: "},
        *(run(**{name: True}) for name in ("bold", "italic", "strike", "code", "underline")),
        {"type": "user", "user_id": "UANN"},
        {"type": "channel", "channel_id": "CFLOWERS"},
        {"type": "emoji", "name": "wave", "skin_tone": 3},
        {"type": "link", "url": "https://example.org/", "text": "the list"},
        {"type": "date", "timestamp": NOON, "format": "{date_short} at {time}", "fallback": "1 October"},
        {"type": "broadcast", "range": "here"},
        {"type": "usergroup", "usergroup_id": "SDRIVERS"},
        {"type": "color", "value": "#17694F"},
    ]
    items = [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": t}]} for t in ("Cut", "Wrap")
    ]
    quote = [{"type": "text", "text": "Flowers first."}]
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": section},
            {"type": "rich_text_list", "style": "bullet", "elements": items},
            {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": items},
            {"type": "rich_text_quote", "elements": quote},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "12  bouquet  open"}]},
        ],
    }


def message_blocks(picture: str) -> list[Json]:
    """What a message may hold."""
    image = {"type": "image", "image_url": picture, "alt_text": "The shop's bell"}
    return [
        {"type": "header", "text": words("#12 Bouquet for the wedding")},
        {"type": "section", "text": marked("*Asked by* <@UANN>, *open*"), "accessory": PRESSED[3]},
        {"type": "section", "fields": [marked("*Due*\ntoday"), words("Priority: high")]},
        {"type": "section", "text": marked("With a picture"), "accessory": image},
        {"type": "divider"},
        rich_text(),
        {"type": "image", "image_url": picture, "alt_text": "The bell again", "title": words("Our bell")},
        {
            "type": "context",
            "elements": [image, marked("_Last note_: ribbon is blue"), words("two followers")],
        },
        {"type": "actions", "block_id": "buttons", "elements": PRESSED[:3]},
        {"type": "actions", "block_id": "choices", "elements": CHOSEN},
        {
            "type": "section",
            "block_id": "mixing",
            "text": marked("Mix"),
            "accessory": {"type": "multi_static_select", "action_id": "mix", "options": FLOWERS},
        },
    ]


def modal(**more: Any) -> Json:
    """A form with every input, one optional, the first dispatching."""
    inputs = [
        {
            "type": "input",
            "block_id": f"b-{element['action_id']}",
            "label": words(LABELS[element["action_id"]]),
            "element": element,
            "optional": element["action_id"] not in ("title", "stems"),
            **({"hint": words("At least one stem.")} if element["action_id"] == "stems" else {}),
        }
        for element in TYPED
    ]
    return {
        "type": "modal",
        "callback_id": "file",
        "title": words("New request"),
        "submit": words("File it"),
        "close": words("Not now"),
        "blocks": [{"type": "section", "text": marked("Asked of *Ida*")}, *inputs],
        **more,
    }


def home() -> Json:
    """An App Home with something to press."""
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": words("What waits for you")},
            {"type": "section", "text": marked("*#12* Bouquet"), "accessory": PRESSED[0]},
            {
                "type": "actions",
                "elements": [{"type": "button", "action_id": "ask", "text": words("New request")}],
            },
        ],
    }
