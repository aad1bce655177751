"""The channels that the bot is in."""

from typing import Any

from storage import catalogue
from storage.database import Database
from storage.records import Channel
from tests.storage.test_requests import ORG

DESK, GENERAL = Channel("slack:C1", "desk"), Channel("slack:C2", "general")
TEAMS = Channel("teams:19:a@thread.tacv2", "Attic")


def keep(database: Database, act: Any, *given: Any) -> Any:
    return database.submit(lambda tx: act(tx, ORG, *given)).result()


def test_those_of_one_platform_are_set_without_touching_the_others(kept: Database) -> None:
    keep(kept, catalogue.set_channels, "teams:", [TEAMS])
    keep(kept, catalogue.set_channels, "slack:", [GENERAL, DESK])
    assert keep(kept, catalogue.all_channels) == [TEAMS, DESK, GENERAL]
    front = Channel(DESK.place, "front-desk")
    keep(kept, catalogue.set_channels, "slack:", [front])
    assert keep(kept, catalogue.all_channels) == [TEAMS, front]
    assert kept.read(lambda tx: catalogue.all_channels(tx, "other")).result() == []


def test_one_by_one(kept: Database) -> None:
    keep(kept, catalogue.name_channel, DESK)
    keep(kept, catalogue.rename_channel, GENERAL)
    keep(kept, catalogue.name_channel, Channel(DESK.place, "front"))
    assert keep(kept, catalogue.all_channels) == [Channel(DESK.place, "front")]
    keep(kept, catalogue.rename_channel, DESK)
    assert keep(kept, catalogue.all_channels) == [DESK]
    keep(kept, catalogue.leave_channel, GENERAL.place)
    keep(kept, catalogue.leave_channel, DESK.place)
    assert keep(kept, catalogue.all_channels) == []
