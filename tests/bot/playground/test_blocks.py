from typing import Any

import pytest
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    SectionBlock,
    StaticSelectElement,
)

from bot.playground.blocks import check_message_blocks, check_view, with_ids
from bot.playground.errors import SlackRefusal

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Take"), "action_id": "take", **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(n: int) -> Json:
    return {"text": plain(f"Option {n}"), "value": str(n)}


def select(count: int, kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, "action_id": "pick", "options": [option(n) for n in range(count)], **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("What"), "element": element, **more}


FITS: list[list[Json]] = [
    [],
    [section("x" * 3_000)],
    [{"type": "divider"}] * 50,
    [{"type": "header", "text": plain("x" * 150)}],
    [{"type": "section", "fields": [plain("x" * 1_000)] * 10}],
    [{"type": "context", "elements": [plain("x")] * 10}],
    [actions(*(button(action_id=str(n), value="x" * 2_000) for n in range(25)))],
    [actions(button(text=plain("x" * 75)))],
    [section("x", block_id="x" * 255)],
    [actions(select(100)), section("pick", accessory=select(1))],
    [actions(select(5, "overflow"))],
    [actions(select(10, "checkboxes"), select(10, "radio_buttons", action_id="b"))],
    [actions(select(3, initial_option=option(2)))],
    [field({"type": "plain_text_input", "max_length": 3_000, "multiline": True})],
    [{"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}],
    [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}],
        }
    ],
]


@pytest.mark.parametrize("blocks", FITS)
def test_what_fits_is_posted(blocks: list[Json]) -> None:
    assert check_message_blocks(blocks) == blocks


REFUSED: list[tuple[list[Json], str]] = [
    ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ([section("x" * 3_001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([{"type": "section"}], "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
    (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    ([{"type": "section", "fields": [plain("x")] * 11}], "no more than 10 items allowed"),
    ([{"type": "section", "fields": [plain("x" * 2_001)]}], "must be less than 2001 characters"),
    ([{"type": "context", "elements": [plain("x")] * 11}], "[json-pointer:/blocks/0/elements]"),
    ([actions(*(button(action_id=str(n)) for n in range(26)))], "no more than 25 items allowed"),
    ([actions()], "must provide at least 1 item"),
    ([actions(button(text=plain("x" * 76)))], "[json-pointer:/blocks/0/elements/0/text/text]"),
    ([actions(button(value="x" * 2_001))], "must be less than 2001 characters"),
    ([actions(button(style="loud"))], "must be one of: primary, danger"),
    ([actions(button(action_id="x" * 256))], "must be less than 256 characters"),
    ([actions(button(), button())], "`action_id` must be unique: take"),
    ([section("a", block_id="a"), section("b", block_id="a")], "`block_id` must be unique: a"),
    ([section("a", block_id="x" * 256)], "[json-pointer:/blocks/0/block_id]"),
    ([actions(select(101))], "no more than 100 items allowed"),
    ([actions(select(6, "overflow"))], "no more than 5 items allowed"),
    ([actions(select(11, "checkboxes"))], "no more than 10 items allowed"),
    ([actions({"type": "static_select", "action_id": "a"})], "must define either `options` or"),
    ([actions(select(2, initial_option=option(7)))], "must match one of the options"),
    (
        [actions(select(1, placeholder=plain("x" * 151)))],
        "[json-pointer:/blocks/0/elements/0/placeholder/text]",
    ),
    ([actions({**select(0), "options": [{"text": plain("x" * 76), "value": "1"}]})], "less than 76"),
    ([actions({**select(0), "options": [{"text": plain("x"), "value": "1" * 151}]})], "less than 151"),
    ([field({"type": "plain_text_input", "max_length": 3_001})], "must be between 1 and 3000"),
    ([field(button())], "unsupported type: button [json-pointer:/blocks/0/element]"),
    ([actions({"type": "plain_text_input"})], "unsupported type: plain_text_input"),
    ([{"type": "video"}], "unsupported type: video [json-pointer:/blocks/0]"),
    ([section("x", colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ([{"type": "image", "image_url": "https://example.com/a.png"}], "missing required field: alt_text"),
    ([actions(button(confirm={"title": plain("Sure?")}))], "missing required field: text"),
]


@pytest.mark.parametrize(("blocks", "words"), REFUSED)
def test_what_does_not_fit_is_refused_in_slacks_words(blocks: list[Json], words: str) -> None:
    with pytest.raises(SlackRefusal) as caught:
        check_message_blocks(blocks)
    assert caught.value.code == "invalid_blocks"
    assert any(words in fault for fault in caught.value.messages)


def test_texts_may_fit_one_by_one_and_be_too_long_together() -> None:
    with pytest.raises(SlackRefusal, match="msg_blocks_too_long"):
        check_message_blocks([section("x" * 3_000)] * 5)


def test_the_official_models_are_accepted() -> None:
    options = [Option(label="A", value="a"), Option(label="B", value="b")]
    models = [
        HeaderBlock(text="Hello"),
        SectionBlock(
            text=MarkdownTextObject(text="*hi*"), accessory=ButtonElement(text="Go", action_id="go")
        ),
        ContextBlock(elements=[MarkdownTextObject(text="small")]),
        ActionsBlock(
            elements=[
                StaticSelectElement(placeholder="Pick", options=options, action_id="pick"),
                OverflowMenuElement(options=options, action_id="more"),
            ]
        ),
        InputBlock(label="What", element=PlainTextInputElement(action_id="what")),
    ]
    assert check_message_blocks([model.to_dict() for model in models])


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("New request"), "blocks": [section("hi")], **more}


VIEWS_REFUSED: list[tuple[Json, str, str]] = [
    (modal(title=plain("x" * 25)), "invalid_arguments", "must be less than 25 characters"),
    (modal(submit=plain("x" * 25)), "invalid_arguments", "[json-pointer:/view/submit/text]"),
    (modal(close=plain("x" * 25)), "invalid_arguments", "[json-pointer:/view/close/text]"),
    (modal(private_metadata="x" * 3_001), "invalid_arguments", "[json-pointer:/view/private_metadata]"),
    (modal(callback_id="x" * 256), "invalid_arguments", "[json-pointer:/view/callback_id]"),
    (modal(blocks=[{"type": "divider"}] * 101), "invalid_arguments", "no more than 100 items allowed"),
    (modal(blocks=[field({"type": "plain_text_input"})]), "invalid_arguments", "field: submit"),
    (modal(colour="red"), "invalid_arguments", "invalid additional property: colour"),
    ({"type": "home", "blocks": []}, "invalid_arguments", "must be one of: modal"),
    ({"type": "modal", "blocks": []}, "invalid_arguments", "missing required field: title"),
    (modal(blocks=[section("x" * 3_000)] * 99), "view_too_large", ""),
]


@pytest.mark.parametrize(("view", "code", "words"), VIEWS_REFUSED)
def test_a_view_that_does_not_fit_is_refused(view: Json, code: str, words: str) -> None:
    with pytest.raises(SlackRefusal) as caught:
        check_view(view, "modal")
    assert caught.value.code == code
    assert not words or any(words in fault for fault in caught.value.messages)


def test_a_home_takes_a_hundred_blocks() -> None:
    assert check_view({"type": "home", "blocks": [{"type": "divider"}] * 100}, "home")


def test_everything_touchable_gets_an_id() -> None:
    named = with_ids([actions({"type": "button", "text": plain("Take")}), section("x")], lambda: "fresh")
    assert [block["block_id"] for block in named] == ["fresh", "fresh"]
    assert named[0]["elements"][0]["action_id"] == "fresh"
