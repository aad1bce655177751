"""One name for each emoji."""

import pytest

from bot.emoji import mark


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("+1", "+1"),
        ("thumbsup", "+1"),
        ("thumbsup::skin-tone-3", "+1"),
        ("+1::skin-tone-6", "+1"),
        (":slightly_smiling_face:", "slightly_smiling_face"),
        ("simple_smile", "slightly_smiling_face"),
        ("frowning_face", "white_frowning_face"),
        ("satisfied", "laughing"),
        ("pout", "rage"),
        ("our_own_emoji", "our_own_emoji"),
        ("", ""),
    ],
)
def test_an_emoji_has_one_name(name: str, one: str) -> None:
    assert mark(name) == one
    assert mark(mark(name)) == one
