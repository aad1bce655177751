import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.parts import aloud
from bot.teams.render import LAYOUT, banner, dialog_of, render
from handlers.house import SCALE
from handlers.notices import (
    Answer,
    Button,
    Card,
    Form,
    Listing,
    Mention,
    News,
    Notice,
    Poll,
    Quote,
    Refused,
    Row,
)
from handlers.usages import USAGES
from storage.records import Status
from tests.bot.examples import CARD, EXAMPLES, FRIDAY, LONG, NASTY, POLL, TEO
from tests.bot.teams.limits import check_card, check_message, things

PEOPLE = (("teams:29:teo", "Teo"), ("slack:U0ANN", "Ann"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_teams_takes_every_notice(name: str) -> None:
    message = render(EXAMPLES[name], PEOPLE)
    check_message(message.text, message.card)


@pytest.mark.parametrize("name", EXAMPLES)
def test_teams_takes_every_notice_below_another_and_in_a_dialog(name: str) -> None:
    for above in (Answer((TEO, " has it.")), EXAMPLES["refused, endless"], EXAMPLES["filed, endless"]):
        both = banner(above, EXAMPLES[name])
        check_message(both.text, both.card)
    shown = dialog_of(EXAMPLES[name])["task"]["value"]["card"]["content"]
    check_card(shown, dialog=True)
    assert "task/fetch" not in json.dumps(shown)
    assert not [each for each in things(shown) if each["type"] == "Action.Execute"]


@pytest.mark.parametrize("name", [name for name, each in EXAMPLES.items() if not isinstance(each, Form)])
def test_the_summary_says_what_is_shown(name: str) -> None:
    message = render(EXAMPLES[name])
    if name.endswith("endless"):
        return
    said = letters(message.text)
    for line in texts(message.card):
        told = re.sub(r"\{\{.*?\}\}|</?at>|\\(?=[*_`\[\]~#>])|&(?:lt|amp);", "\0", line).split("\0")
        assert all(letters(part) in said for part in told), line


@pytest.mark.parametrize("name", EXAMPLES)
def test_nobody_is_called_whom_we_do_not_name(name: str) -> None:
    entities = render(EXAMPLES[name]).card["msteams"].get("entities", [])
    assert {entity["mentioned"]["id"] for entity in entities} <= {"29:teo"}


WORDS = st.text(max_size=30) | st.sampled_from(
    [NASTY, "<at>Teo *Teams*</at>", "{{DATE(x)}}", "[x](https://x)"]
)


@given(WORDS, WORDS, WORDS)
def test_no_title_quotation_or_name_can_call_people_link_or_press(title: str, quote: str, name: str) -> None:
    request = Card(
        12,
        title,
        Status.OPEN,
        (Mention("slack:U0ANN", name), Quote(quote)),
        details=quote,
        note=(TEO, Quote(quote)),
    )
    message = render(request)
    check_message(message.text, message.card)
    assert [entity["mentioned"]["id"] for entity in message.card["msteams"]["entities"]] == ["29:teo"]
    assert not [each for each in things(message.card) if each["type"].startswith("Action")]


def test_a_locked_card_shows_no_text_of_the_request() -> None:
    message = render(EXAMPLES["card, locked"])
    assert "SECRET" not in message.text + json.dumps(message.card)
    assert buttons(message.card) == ["show 14"]


def test_urgent_and_private_are_said_in_words() -> None:
    message = render(EXAMPLES["card, shouting"])
    for text in (message.text, "\n".join(texts(message.card))):
        assert "Urgent" in text
        assert "Private" in text


def test_rows_that_do_not_fit_are_counted() -> None:
    rows = tuple(
        Row(n, "x", (LONG, *(TEO, FRIDAY) * 30), (Button("x", "show 1 " + "x" * 900),)) for n in range(40)
    )
    message = render(Listing("All", rows, more=5))
    drawn = sum("bolder" in json.dumps(each) for each in message.card["body"]) - 1
    assert 0 < drawn < 15
    assert texts(message.card)[-1] == f"and {45 - drawn} more"


def test_help_shows_every_line_as_it_is_typed() -> None:
    message = render(EXAMPLES["help"])
    codes = [each["text"] for each in things(message.card) if each.get("fontType") == "monospace"]
    assert codes == [usage.line for usage in USAGES]


def test_the_poll_is_answered_with_a_button_or_a_reaction() -> None:
    message = render(replace(POLL, scale=SCALE[::-1]))
    [row] = [each for each in message.card["body"] if each["type"] == "ActionSet"]
    assert [(each["title"], each["data"]["line"]) for each in row["actions"]] == [
        ("🤩 great", "rate 12 5"),
        ("🙂 good", "rate 12 4"),
        ("😐 okay", "rate 12 3"),
        ("🙁 poor", "rate 12 2"),
        ("😡 bad", "rate 12 1"),
    ]
    sentence = "Or put a reaction on this message: ❤️ great, 👍 😆 good, 😮 okay, 🙁 poor, 😠 bad."
    assert sentence in texts(message.card)
    assert sentence in message.text


def test_after_the_vote_it_can_be_changed() -> None:
    message = render(EXAMPLES["poll, voted"])
    assert "Thank you. You chose 🙂 good." in message.text
    assert "You can change it:" in message.text
    assert "reaction" not in message.text
    assert buttons(message.card)[:5] == [f"rate 12 {score}" for score in (5, 4, 3, 2, 1)]
    assert "rate 12" not in json.dumps(render(EXAMPLES["poll, closed"]).card)


def test_a_form_becomes_a_card_to_fill_in() -> None:
    message = render(EXAMPLES["form"], PEOPLE)
    assert message.text.startswith("A new request, whatever it may be.\nAsked by Ann Lindqvist")
    assert message.card["actions"][0]["verb"] == "fill"


@pytest.mark.parametrize(
    "above", [Answer((TEO, " has it now."), CARD), Refused((TEO, " has it now."), card=CARD)]
)
def test_what_a_press_led_to_stands_above_what_was_pressed(above: Notice) -> None:
    message = banner(above, CARD)
    container, *below = message.card["body"]
    assert container == {
        "type": "Container",
        "style": "emphasis",
        "items": [{"type": "TextBlock", "text": r"<at>Teo \*Teams\*</at> has it now.", "wrap": True}],
    }
    assert below == render(CARD).card["body"]
    assert message.text == "Teo *Teams* has it now.\n" + render(CARD).text


def test_a_dialog_shows_a_notice_with_buttons_that_stay_in_it() -> None:
    value = dialog_of(Answer(("Well.",), buttons=(Button("Take", "take 12"),)))["task"]["value"]
    assert (value["title"], value["card"]["contentType"]) == (
        "Deskbell",
        "application/vnd.microsoft.card.adaptive",
    )
    assert buttons(value["card"]["content"]) == ["take 12"]


def test_the_summary_of_much_is_short() -> None:
    message = render(News(("ü" * 3_000,)))
    assert len(message.text.encode()) <= 3_000
    assert message.text == aloud(LAYOUT.parts(News(("ü" * 3_000,)), 1))[: len(message.text) - 1] + "…"


def test_a_moment_far_away_is_a_moment() -> None:
    when = replace(FRIDAY, at=datetime(999, 1, 2, tzinfo=UTC))
    assert "{{DATE(0999-01-02T00:00:00Z, SHORT)}}" in texts(render(News((when,))).card)[0]


def test_a_poll_without_a_scale_asks_for_nothing() -> None:
    assert buttons(render(Poll(12, "x", (), "", ())).card) == []


def texts(card: dict[str, Any]) -> list[str]:
    """All the lines that are shown before anything is pressed."""
    return [
        "".join(run["text"] for run in each["inlines"]) if each["type"] == "RichTextBlock" else each["text"]
        for each in things([part for part in card["body"] if part["type"] != "ActionSet"])
        if each["type"] in ("RichTextBlock", "TextBlock")
    ]


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def buttons(card: object) -> list[str]:
    return [each["data"]["line"] for each in things(card) if "line" in each.get("data", {})]
