import pytest

from bot.playground.teams import reading
from tests.bot.playground.teams.florist import asks, card, execute, field, text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("**bold** and _slanted_ and [a link](https://x.example)", "bold and slanted and a link"),
        (r"\*\*not bold\*\* \[x\] 2 \< 3", "**not bold** [x] 2 < 3"),
        ("2 * 3 * 4 snake_case_name", "2 * 3 * 4 snake_case_name"),
        ("for <at>Margit Ek</at> &amp; me", "for Margit Ek & me"),
        ("{{DATE(2026-11-23T23:30:00Z, SHORT)}}, {{TIME(2026-11-23T23:30:00Z)}}", "Tue, 24 Nov 2026, 00:30"),
    ],
)
def test_a_text_is_read_without_its_markup(written: str, read: str) -> None:
    assert reading.without_markup(written, "Europe/Stockholm") == read


def test_a_card_is_read_from_top_to_bottom() -> None:
    shown = card(
        text("**#12** the door"),
        {"type": "RichTextBlock", "inlines": ["by ", {"type": "TextRun", "text": "Margit"}]},
        {
            "type": "ColumnSet",
            "columns": [
                {
                    "type": "Column",
                    "items": [{"type": "FactSet", "facts": [{"title": "Due", "value": "now"}]}],
                },
                {"type": "Column", "items": [{"type": "Container", "items": [text("inner")]}]},
            ],
        },
        field("why"),
        text("hidden", isVisible=False),
        {"type": "ActionSet", "actions": [execute("Take")]},
        actions=(asks("Cancel", "Really?", execute("Yes")), execute("Done")),
    )
    assert reading.plain(shown).split("\n") == ["#12 the door", "by Margit", "Due: now", "inner", "Why"]
    assert reading.buttons(shown) == ["Take", "Cancel", "Yes", "Done"]
    assert list(reading.inputs(shown)) == ["why"]
