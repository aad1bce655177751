"""Draws the picture of the last weeks: what `bot.pictures` runs as a process of its own.

It reads the weeks as JSON and writes a PNG: opaque, on a card of its own, so that it is as legible in a dark
window as in a light one; few colours, so that it is small; letters big enough for a phone. What is missing is
a gap. A page that is dark itself asks for a dark card.
"""

import io
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter
from PIL import Image

INCHES = 7.2, 7.0
WIDTH = 1440
"""Pixels; shown at half of that, or at a quarter on a phone."""
TEXT, TITLE = 13.5, 15.5
FEWEST = 6
"""So many weeks have room at least, or few of them would look like many."""

_KEY: dict[str, Any] = {
    "fontsize": TITLE,
    "handlelength": 0.8,
    "handleheight": 0.8,
    "handletextpad": 0.4,
    "columnspacing": 1.0,
    "borderaxespad": 0.0,
}

Week = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Colours:
    """What a card is drawn in: its ground, its words, its lines, and what is measured."""

    paper: str
    ink: str
    quiet: str
    lines: str
    filed: str
    done: str
    band: str
    made: str

    @property
    def style(self) -> dict[Any, Any]:
        """The same for the drawing library."""
        return {
            "font.family": "DejaVu Sans",
            "font.size": TEXT,
            "text.color": self.ink,
            "axes.edgecolor": self.lines,
            "axes.labelcolor": self.ink,
            "axes.facecolor": self.paper,
            "figure.facecolor": self.paper,
            "xtick.color": self.quiet,
            "ytick.color": self.quiet,
        }


LIGHT = Colours("#f6f5f1", "#22262b", "#5c636b", "#d9d7cf", "#9fb1c6", "#24594a", "#c9ddd3", "#a24d1c")
DARK = Colours("#1d2125", "#e9e7e1", "#a7adb4", "#3a4046", "#6a7f98", "#7cc4a6", "#2d5145", "#e39a63")


def png(weeks: Sequence[Week], width: int = WIDTH, colours: Colours = LIGHT) -> bytes:
    """The picture of one week or more, the oldest first, so many pixels wide."""
    with mpl.rc_context(colours.style):
        figure = Figure(figsize=INCHES, dpi=width / INCHES[0])
        top, middle, bottom = figure.subplots(
            3, 1, sharex=True, gridspec_kw={"hspace": 0.48, "height_ratios": (1.15, 1.15, 0.9)}
        )
        _satisfaction(top, weeks, colours)
        _filed_and_resolved(middle, weeks, colours)
        _on_target(bottom, weeks, colours)
        _weeks_below(bottom, weeks)
        figure.subplots_adjust(left=0.125, right=0.97, top=0.945, bottom=0.06)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", facecolor=colours.paper)
    return _small(drawn.getvalue(), colours)


def main() -> None:
    """From JSON on standard input to a PNG on standard output."""
    asked = json.load(sys.stdin)
    colours = DARK if asked["dark"] else LIGHT
    sys.stdout.buffer.write(png(asked["weeks"], asked["width"], colours))


def _satisfaction(axes: Axes, weeks: Sequence[Week], colours: Colours) -> None:
    known = [week["satisfaction"] or (math.nan,) * 3 for week in weeks]
    shares, lows, highs = ([each[part] for each in known] for part in range(3))
    latest = weeks[-1]["satisfaction"]
    said = f"{latest[0]:.0%}, {weeks[-1]['votes']} votes" if latest else ""
    _panel(axes, "Satisfaction", said, colours)
    _shares(axes)
    if not any(week["satisfaction"] for week in weeks):
        _nothing(axes, "Fewer than five votes a week", colours)
        return
    places = range(len(weeks))
    axes.fill_between(places, lows, highs, color=colours.band, linewidth=0)
    axes.vlines(places, lows, highs, color=colours.band, linewidth=9)
    axes.text(0.01, 0.09, "shaded: 95% interval", va="bottom", color=colours.quiet, transform=axes.transAxes)
    axes.plot(places, shares, color=colours.done, linewidth=2.6, marker="o", markersize=6.5)


def _filed_and_resolved(axes: Axes, weeks: Sequence[Week], colours: Colours) -> None:
    _panel(axes, "Requests", "", colours)
    places = range(len(weeks))
    for name, aside, colour in (("filed", -0.2, colours.filed), ("resolved", 0.2, colours.done)):
        counts = [week[name] for week in weeks]
        axes.bar([at + aside for at in places], counts, 0.38, color=colour, label=f"{name} {counts[-1]:,}")
    axes.legend(loc="lower right", bbox_to_anchor=(1.02, 1.0), ncols=2, frameon=False, **_KEY)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_ylim(0, max(1, *(max(week["filed"], week["resolved"]) for week in weeks)) * 1.08)


def _on_target(axes: Axes, weeks: Sequence[Week], colours: Colours) -> None:
    made = [math.nan if week["on_target"] is None else week["on_target"] for week in weeks]
    _panel(axes, "On target", "" if math.isnan(made[-1]) else f"{made[-1]:.0%}", colours)
    _shares(axes)
    if all(map(math.isnan, made)):
        _nothing(axes, "Nothing had a target", colours)
        return
    axes.plot(range(len(weeks)), made, color=colours.made, linewidth=2.6, marker="s", markersize=6)


def _panel(axes: Axes, title: str, latest: str, colours: Colours) -> None:
    axes.set_title(title, loc="left", fontsize=TITLE, fontweight="bold", color=colours.ink, pad=9)
    axes.set_title(latest, loc="right", fontsize=TITLE, color=colours.ink, pad=9)
    axes.grid(axis="y", color=colours.lines, linewidth=1)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def _shares(axes: Axes) -> None:
    axes.set_ylim(0, 1.04)
    axes.set_yticks([0, 0.5, 1])
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _nothing(axes: Axes, why: str, colours: Colours) -> None:
    axes.text(0.5, 0.24, why, ha="center", va="center", color=colours.quiet, transform=axes.transAxes)


def _weeks_below(axes: Axes, weeks: Sequence[Week]) -> None:
    """The Mondays: the last one, and as many before it as have room."""
    last = len(weeks) - 1
    apart = 1 if last < FEWEST else math.ceil(len(weeks) / 4)
    shown = [at for at in range(len(weeks)) if (last - at) % apart == 0]
    axes.set_xlim(last - max(len(weeks), FEWEST) + 0.4, last + 0.6)
    axes.set_xticks(shown, [_day(weeks[at]["monday"]) for at in shown])


def _day(monday: str) -> str:
    day = date.fromisoformat(monday)
    return f"{day.day} {day:%b}"


def _small(drawn: bytes, colours: Colours) -> bytes:
    """The same in sixteen colours: those of the picture, and what smooths their edges."""
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in _palette(colours) for part in colour])
    with Image.open(io.BytesIO(drawn)) as whole:
        few = whole.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE)
    small = io.BytesIO()
    few.save(small, format="PNG", optimize=True, bits=4)
    return small.getvalue()


def _palette(colours: Colours) -> list[tuple[int, ...]]:
    paper = _rgb(colours.paper)
    flat = [paper, *(_rgb(name) for name in (colours.lines, colours.filed, colours.band))]
    smooth = [
        tuple(
            round(part * share + blank * (1 - share)) for part, blank in zip(_rgb(name), paper, strict=True)
        )
        for name, shares in (
            (colours.ink, (1, 0.62, 0.28)),
            (colours.quiet, (1, 0.55, 0.2)),
            (colours.done, (1, 0.5)),
            (colours.made, (1, 0.5)),
        )
        for share in shares
    ]
    return flat + smooth


def _rgb(name: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(name[1:]))
