from datetime import UTC, datetime

import pytest

from handlers.notices import Mention, Quote, When, Words
from handlers.words import plain, tell

FRIDAY = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        (When(FRIDAY, "Europe/Stockholm"), "Fri 27 Nov, 17:00"),
        (When(FRIDAY, "America/New_York"), "Fri 27 Nov, 11:00"),
        (When(FRIDAY, "Asia/Tokyo"), "Sat 28 Nov, 01:00"),
        (When(FRIDAY, "Asia/Tokyo", day_only=True), "Sat 28 Nov"),
        (When(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Stockholm"), "Sun 25 Oct, 02:30"),
        (When(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Stockholm"), "Sun 25 Oct, 02:30"),
        (When(FRIDAY, "Middle/Earth"), "Fri 27 Nov, 16:00 UTC"),
        (When(FRIDAY, "../../etc/passwd"), "Fri 27 Nov, 16:00 UTC"),
        (When(FRIDAY, ""), "Fri 27 Nov, 16:00 UTC"),
    ],
)
def test_a_moment_is_told_as_a_clock_in_its_zone_shows_it(when: When, told: str) -> None:
    assert tell(when) == told


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ((), ""),
        (("It is done.",), "It is done."),
        (
            (Mention("slack:U1", "Ann"), " promised it by ", When(FRIDAY, "Europe/Stockholm", True), "."),
            "Ann promised it by Fri 27 Nov.",
        ),
        (("Ann: ", Quote("the <b>blue</b> one")), "Ann: “the <b>blue</b> one”"),
        (("Ann: ", Quote("")), "Ann: "),
    ],
)
def test_words_are_said_as_one_plain_text(words: Words, text: str) -> None:
    assert plain(words) == text
