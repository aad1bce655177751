"""The report as CSV: nothing in it is a formula, and it says what the page says."""

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report import sheet
from bot.report.sheet import BOM, FORMULAS, HEAD, harmless, written
from handlers.report import Asked, Between, Line, Report
from storage.sums import Sums

SUMS = Sums(
    filed=8,
    resolved=6,
    reopened=1,
    targeted=5,
    on_target=4,
    promised=3,
    kept=2,
    asked=6,
    scores=(0, 1, 0, 2, 2),
    responses=(1800, 1800, 3600, 5400, 7200, 14400),
    resolutions=(7200, 14400, 14400, 25200, 28800, 57600),
)


def a_report(**more: Any) -> Report:
    known: dict[str, Any] = {
        "about": "",
        "asked": Asked("2026-W48", "2026-W48"),
        "earliest": date(2026, 11, 23),
        "total": SUMS,
        "numbers": (),
        "trend": None,
        "weeks": (),
        "teams": (),
        "services": (),
        "people": (),
        "relations": (),
        "choices": (),
    }
    return Report(**{**known, **more})


def rows(report: Report) -> list[dict[str, str]]:
    text = written(report)
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))


def test_what_a_row_says() -> None:
    (row,) = rows(a_report())
    assert tuple(row) == HEAD
    assert list(row.values()) == [
        *("all", "everything", "8", "6", "1.25", "4.00", "5.50", "16.00"),
        *("5", "4", "3", "2", "1", "6", "0", "1", "0", "2", "2", "0.800", "0.376", "0.964"),
    ]


def test_under_five_votes_none_is_shown() -> None:
    (row,) = rows(a_report(total=replace(SUMS, scores=(0, 1, 0, 2, 1))))
    assert row["asked"] == "6"
    assert {row[name] for name in HEAD if name.startswith(("voted", "satis", "interval"))} == {""}


def test_nothing_is_not_nought() -> None:
    (row,) = rows(a_report(total=Sums()))
    assert (row["filed"], row["resolution median, h"], row["satisfaction"]) == ("0", "", "")


def test_every_part_has_its_rows() -> None:
    found = rows(
        a_report(
            weeks=(Line("2026-11-23", SUMS),),
            teams=(Line("Flowers", SUMS),),
            services=(Line("Roses", SUMS),),
            people=(Line("Flora", SUMS),),
            relations=(Between("Office", "Flowers", SUMS),),
        )
    )
    assert [(row["what"], row["name"]) for row in found] == [
        ("all", "everything"),
        ("week", "2026-11-23"),
        ("team", "Flowers"),
        ("service", "Roses"),
        ("person", "Flora"),
        ("between", "Office → Flowers"),
    ]
    assert next(row["filed"] for row in found if row["what"] == "person") == "", "people resolve"


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil")', "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_text(name: str) -> None:
    found = rows(a_report(teams=(Line(name, SUMS),), relations=(Between(name, "Flowers", SUMS),)))
    assert [row["name"] for row in found[1:]] == [f"'{name}", f"'{name} → Flowers"]


@given(st.text())
def test_no_cell_begins_like_one(text: str) -> None:
    shown = harmless(text)
    assert not shown.startswith(FORMULAS)
    assert shown.removeprefix("'") == text.removeprefix("'") or shown == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_what_is_named_survives_the_way(name: str) -> None:
    found = rows(a_report(teams=(Line(name, SUMS),)))
    assert len(found) == 2
    assert found[1]["name"] == sheet.harmless(name)
