"""What Slack says of somebody, and what of it counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.slack.directory import absent_until, described

OURS = frozenset({"T1", "E1"})
ANN: dict[str, Any] = {
    "id": "U0ANN",
    "team_id": "T1",
    "name": "ann",
    "tz": "Europe/Stockholm",
    "is_email_confirmed": True,
    "profile": {"real_name": "Ann Ek", "email": "Ann@Blomma.example"},
}
GRID = {"enterprise_id": "E1", "teams": ["T1", "T7"]}

# what is different about Ann, and the address that she is known by
ADDRESSES: dict[str, tuple[dict[str, Any], str]] = {
    "confirmed": ({}, "ann@blomma.example"),
    "not confirmed": ({"is_email_confirmed": False}, ""),
    "Slack does not say": ({"is_email_confirmed": None}, ""),
    "Slack says something odd": ({"is_email_confirmed": "true"}, ""),
    "without the scope": ({"profile": {"real_name": "Ann Ek"}}, ""),
    "an empty address": ({"profile": {"email": None}}, ""),
    "no profile": ({"profile": None}, ""),
    "of another organisation": ({"team_id": "T2"}, ""),
    "of another organisation's grid": ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E2"}}, ""),
    "of nobody knows where": ({"team_id": None}, ""),
    "of another workspace of ours": ({"team_id": "T7", "enterprise_user": GRID}, "ann@blomma.example"),
    "of the whole organisation": ({"team_id": "E1"}, "ann@blomma.example"),
}


@pytest.mark.parametrize(("differs", "email"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_an_address_counts_when_slack_vouches_for_it(differs: dict[str, Any], email: str) -> None:
    person = described({**ANN, **differs}, OURS)
    assert person.email == email
    assert (person.id, person.handle, person.zone) == ("slack:U0ANN", "ann", "Europe/Stockholm")


def test_where_nobody_says_which_workspace_is_ours_no_address_counts() -> None:
    assert described(ANN).email == ""


@pytest.mark.parametrize(
    ("differs", "name", "active", "bot"),
    [
        ({}, "Ann Ek", True, False),
        ({"profile": {}, "real_name": "Ann E."}, "Ann E.", True, False),
        ({"profile": {"display_name": "annie"}}, "annie", True, False),
        ({"profile": None}, "ann", True, False),
        ({"profile": None, "name": None}, "U0ANN", True, False),
        ({"deleted": True}, "Ann Ek", False, False),
        ({"is_bot": True}, "Ann Ek", True, True),
        ({"id": "USLACKBOT"}, "Ann Ek", True, True),
    ],
)
def test_who_somebody_is(differs: dict[str, Any], name: str, active: bool, bot: bool) -> None:
    person = described({**ANN, **differs}, OURS)
    assert (person.name, person.active, person.bot) == (name, active, bot)


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=5)
NEXT_YEAR = NOON + timedelta(days=365)
AWAY = frozenset({"palm_tree", "+1"})

# what Ann's profile says of her status, and until when she is away by it
STATUSES: dict[str, tuple[dict[str, Any], datetime | None]] = {
    "none": ({}, None),
    "an empty one": ({"status_emoji": "", "status_expiration": 0}, None),
    "another one": ({"status_emoji": ":house:", "status_expiration": 0}, None),
    "without an end": ({"status_emoji": ":palm_tree:", "status_expiration": 0}, NEXT_YEAR),
    "with an end": ({"status_emoji": ":palm_tree:", "status_expiration": int(LATER.timestamp())}, LATER),
    "over": (
        {"status_emoji": ":palm_tree:", "status_expiration": 5},
        datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC),
    ),
    "an alias with a skin tone": ({"status_emoji": ":thumbsup::skin-tone-3:"}, NEXT_YEAR),
    "an end in ten years": ({"status_emoji": ":palm_tree:", "status_expiration": 2_115_000_000}, NEXT_YEAR),
    "an end beyond all calendars": ({"status_emoji": ":palm_tree:", "status_expiration": 10**15}, NEXT_YEAR),
    "an odd end": ({"status_emoji": ":palm_tree:", "status_expiration": "tomorrow"}, NEXT_YEAR),
    "an odd emoji": ({"status_emoji": None}, None),
}


@pytest.mark.parametrize(("profile", "until"), STATUSES.values(), ids=STATUSES.keys())
def test_who_is_away_by_their_status(profile: dict[str, Any], until: datetime | None) -> None:
    assert absent_until({**ANN, "profile": profile}, AWAY, NOON) == until


def test_who_has_left_is_not_away() -> None:
    left = {**ANN, "deleted": True, "profile": {"status_emoji": ":palm_tree:"}}
    assert absent_until(left, AWAY, NOON) is None


def test_where_no_status_counts_nobody_is_away_by_one() -> None:
    assert absent_until({**ANN, "profile": {"status_emoji": ":palm_tree:"}}, frozenset(), NOON) is None
    assert absent_until({**ANN, "profile": None}, frozenset(), NOON) is None
