"""Slack and Teams are two doors to one desk."""

from pathlib import Path

from tests.parity import CASES, FORMS, PAGE, both
from tests.parity_page import covered_by, page


async def test_every_line_says_the_same_and_leaves_the_same_behind(tmp_path: Path) -> None:
    async with both(tmp_path) as (slack, teams):
        before = 0
        for case in CASES:
            on_slack, on_teams = await slack.play(case, before), await teams.play(case, before)
            assert on_teams.said == on_slack.said, case
            assert on_teams.shown == on_slack.shown, case
            assert on_teams.rows == on_slack.rows, case
            before += len(on_slack.rows["requests"])


async def test_every_form_asks_the_same(tmp_path: Path) -> None:
    async with both(tmp_path) as (slack, teams):
        for edge in (slack, teams):
            await edge.says("clerk", "a bouquet for table three")
        for line in FORMS:
            assert await teams.opens("flora", line) == await slack.opens("flora", line), line


def test_the_page_says_what_was_found() -> None:
    assert PAGE.read_text() == page(len(CASES), covered_by(CASES, FORMS)), "run python -m tests.parity"
