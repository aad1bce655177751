"""What Slack says of somebody, and what of it counts."""

from typing import Any

import pytest

from bot.slack.directory import described

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
