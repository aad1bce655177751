"""What every notice looks like in Slack; examples.py has them, limits.py says what Slack takes."""

import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pieces import clip
from bot.slack.render import Message, render
from bot.slack.words import escape
from handlers import notices
from handlers.notices import Button, Card, Listing, Mention, Notice, Poll, Quote, Row, When
from storage.records import Status
from tests.bot.examples import EXAMPLES, LONG, NASTY, POLL
from tests.bot.slack.limits import check_message, objects, shown

every_example = pytest.mark.parametrize("notice", EXAMPLES.values(), ids=EXAMPLES)


def test_every_notice_has_an_example() -> None:
    assert {type(example) for example in EXAMPLES.values()} == set(get_args(notices.Notice))


@every_example
def test_slack_takes_it(notice: Notice) -> None:
    check_message(render(notice).blocks)


@every_example
def test_its_plain_text_is_a_sentence_without_markup(notice: Notice) -> None:
    text = render(notice).text
    assert text.strip()
    assert len(text) <= 3_000 + 4
    assert "<" not in text
    assert ">" not in text
    assert not any(0xE000 <= ord(char) <= 0xF8FF for char in text)


@every_example
def test_rendering_is_pure(notice: Notice) -> None:
    assert render(notice) == render(notice)


@every_example
def test_nothing_that_people_typed_calls_anybody_or_leads_anywhere(notice: Notice) -> None:
    for _, thing in objects(render(notice).blocks):
        if thing.get("type") == "user":
            assert thing["user_id"] == "U0ANN"
        if thing.get("type") == "link":
            assert thing["url"] == "https://petals.slack.com/archives/C1/p1764000000000100"


def test_what_people_typed_is_shown_letter_by_letter() -> None:
    message = render(notices.Said(12, Mention("slack:U0ANN", "Ann"), NASTY))
    before, after = NASTY.split(":tada:")
    assert texts(message) == [" on #12:", before, after]
    assert [thing["name"] for _, thing in objects(message.blocks) if thing.get("type") == "emoji"] == ["tada"]
    assert message.text == f"Ann on #12:\n“{escape(NASTY)}”."


SPAN = st.one_of(
    st.text(max_size=700),
    st.builds(Quote, st.text(max_size=700)),
    st.builds(
        Mention, st.sampled_from(["slack:U0ANN", "teams:29:x", "", "slack:<!here>"]), st.text(max_size=90)
    ),
    st.builds(
        When,
        st.integers(0, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
        st.text(max_size=9),
    ),
)
WORDS = st.lists(SPAN, max_size=30).map(tuple)
TEXT = st.text(max_size=1_000)
BUTTONS = st.lists(
    st.builds(Button, TEXT, st.text(max_size=2_500), st.sampled_from(["", "primary", "danger", "?"]), TEXT),
    max_size=30,
).map(tuple)
CARDS = st.builds(
    Card,
    st.integers(0),
    TEXT,
    st.sampled_from(Status),
    WORDS,
    TEXT,
    st.lists(st.tuples(TEXT, WORDS), max_size=20).map(tuple),
    WORDS,
    st.one_of(TEXT, st.just("https://example.com/")),
    buttons=BUTTONS,
    locked=st.booleans(),
)
ROWS = st.lists(st.builds(Row, st.integers(0), TEXT, WORDS, BUTTONS), max_size=60).map(tuple)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        CARDS, st.builds(Listing, TEXT, ROWS, st.integers(0, 99)), st.builds(notices.News, WORDS, BUTTONS)
    )
)
def test_any_card_list_and_news_is_taken(notice: Notice) -> None:
    message = render(notice)
    check_message(message.blocks)
    assert message.text.strip()


@given(st.text(), st.integers(1, 60))
def test_what_is_cut_fits_even_escaped_and_says_so(text: str, limit: int) -> None:
    short = clip(text, limit)
    assert len(escape(short)) <= limit
    assert short == text or short.endswith("…")


# how each looks


def test_a_card_says_what_where_it_stands_the_facts_the_last_word_and_what_can_be_done() -> None:
    message = render(EXAMPLES["card"])
    assert kinds(message) == ["rich_text", "rich_text", "rich_text", "rich_text", "actions"]
    first = message.blocks[0]["elements"][0]["elements"]
    assert first[0] == {"type": "text", "text": "#12 The printer is out of toner", "style": {"bold": True}}
    assert first[2:5] == [
        {"type": "user", "user_id": "U0ANN"},
        {"type": "text", "text": " has it, and promised it by "},
        {
            "type": "date",
            "timestamp": 1795795200,
            "format": "{date_short_pretty} at {time}",
            "fallback": "Fri 27 Nov, 17:00",
        },
    ]
    assert message.text.splitlines() == [
        "#12 The printer is out of toner.",
        "Ann Lindqvist has it, and promised it by Fri 27 Nov, 17:00.",
        "It says 'replace black'.",
        "Second floor.",
        "From: Teo *Teams*",
        "Priority: high.",
        "Needed by: Fri 27 Nov.",
        "Made from the message.",
        "Ann Lindqvist: “ordered, comes tomorrow”.",
    ]


def test_a_button_carries_its_line() -> None:
    [take, snooze, cancel] = render(EXAMPLES["card"]).blocks[-1]["elements"]
    assert (take["action_id"], take["value"], take["style"]) == ("say:0", "take 12", "primary")
    assert (snooze["action_id"], snooze["value"]) == ("say:1", "snooze 12 …")
    assert "style" not in snooze
    assert "confirm" not in snooze
    assert cancel["confirm"]["text"]["text"] == "Cancel #12? Nobody will work on it any more."
    assert cancel["confirm"]["confirm"]["text"] == "Cancel"


def test_a_button_whose_line_does_not_fit_is_left_out_rather_than_saying_something_else() -> None:
    message = render(
        notices.News(("Well.",), (Button("A", "x" * 2_001), Button("B", ""), Button("C", "x" * 2_000)))
    )
    assert [button["text"]["text"] for button in message.blocks[-1]["elements"]] == ["C"]


def test_urgent_and_private_are_said_in_words() -> None:
    lines = shown(render(EXAMPLES["card, shouting"]).blocks)
    assert "Urgent" in lines
    assert "Private" in lines
    assert "Urgent" in render(EXAMPLES["card, shouting"]).text


def test_a_locked_card_shows_no_text_of_the_request() -> None:
    message = render(EXAMPLES["card, locked"])
    assert "SECRET" not in message.text + json.dumps(message.blocks)
    assert message.text == "#14 Private request.\nA private request, waiting, with Ann Lindqvist."
    assert message.blocks[-1]["elements"][0]["value"] == "show 14"


def test_long_details_end_in_the_line_that_shows_them() -> None:
    message = render(Card(12, "Tulips", Status.OPEN, ("Open.",), details=LONG))
    assert shown(message.blocks).endswith("…\n \n/request show 12")


def test_rows_that_do_not_fit_are_counted() -> None:
    rows = tuple(Row(n, LONG, (LONG,)) for n in range(40))
    message = render(Listing("All", rows, more=5))
    drawn = sum("bold" in json.dumps(block) for block in message.blocks) - 1
    assert 0 < drawn < 40
    assert shown(message.blocks).endswith(f"and {45 - drawn} more")


@pytest.mark.parametrize("count", range(13, 18))
def test_no_row_is_lost_at_the_edge(count: int) -> None:
    message = render(Listing("All", tuple(Row(n, "Tulips", ("Open.",)) for n in range(count))))
    more = f"and {count - 15} more" if count > 15 else "Open."
    assert shown(message.blocks).endswith(more)


def test_a_story_keeps_the_latest_steps() -> None:
    when = When(datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "UTC")
    message = render(notices.Story(12, "Tulips", tuple((when, (f"step {n}",)) for n in range(40)), more=2))
    assert "step 39" in message.text
    assert "step 9\n" not in message.text
    assert "12 more steps are not shown." in message.text


def test_help_shows_every_line_as_it_is_typed() -> None:
    message = render(EXAMPLES["help"])
    codes = [thing["text"] for _, thing in objects(message.blocks) if thing.get("style") == {"code": True}]
    assert codes == [f"/request {line}" for line, _ in EXAMPLES["help"].lines]  # type: ignore[union-attr]


def test_a_refusal_says_why_and_what_would_have_worked() -> None:
    assert render(EXAMPLES["refused"]).text.splitlines() == [
        "There is no request #99.",
        "Try /request list",
        "or /request find &lt;words&gt;",
    ]


def test_where_no_form_can_open_the_line_is_said() -> None:
    assert render(EXAMPLES["form, another"]).text.splitlines() == [
        "A form can’t open here. You can type it instead:",
        "/request decline 12 &lt;why&gt;",
    ]


def test_the_poll_before_the_vote_explains_the_faces_in_words() -> None:
    message = render(POLL)
    faces = [thing["name"] for _, thing in objects(message.blocks) if thing.get("type") == "emoji"]
    assert faces == ["grinning", "slightly_smiling_face", "neutral_face", "slightly_frowning_face", "angry"]
    assert [text.strip() for text in texts(message)][-8:-3] == ["great", "good", "so-so", "poor", "bad"]
    assert "Click one below." in message.text
    assert message.blocks[-1]["elements"][0]["text"] == POLL.privacy
    assert "actions" not in kinds(message)


def test_the_poll_after_the_vote_thanks_and_shows_what_was_said() -> None:
    message = render(EXAMPLES["poll, voted"])
    assert "Thank you. You chose :slightly_smiling_face: good." in message.text
    assert all(part in shown(message.blocks) for part in NASTY.split(":tada:"))
    assert POLL.privacy in message.text


def test_after_a_low_vote_what_fell_short_can_be_ticked() -> None:
    toggles = next(one for one in render(EXAMPLES["poll, low"]).blocks if one["type"] == "actions")[
        "elements"
    ]
    assert [(each["text"]["text"], each["value"], each.get("style")) for each in toggles] == [
        ("Delivery", "fault 12 delivery", None),
        ("✓ Timeliness", "fault 12 timeliness", "primary"),
        ("Information", "fault 12 information", None),
        ("Attitude", "fault 12 attitude", None),
    ]


def test_a_closed_poll_asks_nothing_more() -> None:
    poll = EXAMPLES["poll, closed"]
    assert isinstance(poll, Poll)
    message = render(poll)
    assert message.text.endswith(poll.closed)
    assert "lick" not in message.text
    assert "actions" not in kinds(message)


def test_the_digest_compares_with_the_week_before() -> None:
    message = render(EXAMPLES["digest"])
    assert message.blocks[0]["type"] == "header"
    assert "Filed 12 (9 the week before)." in message.text
    assert "Satisfaction 83 % of 6 votes." in message.text
    assert "“<" not in message.text


def texts(message: Message) -> list[str]:
    return [thing["text"] for _, thing in objects(message.blocks) if isinstance(thing.get("text"), str)]


def kinds(message: Message) -> list[Any]:
    return [block["type"] for block in message.blocks]
