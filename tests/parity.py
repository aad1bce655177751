"""The same dialogs through Slack's edge and Teams' edge: what is said, and what is left behind.

`python -m tests.parity` writes `docs/parity.md` from what is found here; `tests/test_parity.py` compares.
"""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot.front import Front
from bot.playground.shop import SHOP_DESK
from storage import catalogue, tables
from storage.records import Service, Team
from tests.dialogs.test_grammar import NOT_ALLOWED, STEPS, WRONG_STATE, Case, Said
from tests.shop import Shop, open_shop
from tests.teams import DESK, TeamsShop, open_teams_shop

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "parity.md"

NAMES = {"carl": "clerk", "flora": "flora", "david": "driver", "margit": "manager", "svea": "svea"}
LEFT_BEHIND = {
    "requests": (tables.requests, ("number",)),
    "history": (tables.history, ("id",)),
    "posts": (tables.posts, ("key",)),
    "polls": (tables.polls, ("id",)),
}
NOT_COMPARED = {"id", "message", "source", "revision", "attempts"}
"""Names that each platform gives, where something came from, and how often it was tried."""


@dataclass
class Found:
    """What one edge did with a dialog."""

    said: list[str] = field(default_factory=list)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)


class Edge:
    """One platform's shop, with the words in which both are compared."""

    name = ""
    ids: dict[str, str]

    async def says(self, who: str, line: str) -> str:
        raise NotImplementedError

    async def cards(self, numbers: Sequence[int]) -> list[str]:
        raise NotImplementedError

    async def opens(self, who: str, line: str) -> tuple[str, list[str]]:
        """A form's title, and the labels of its fields."""
        raise NotImplementedError

    @property
    def front(self) -> Front:
        raise NotImplementedError

    async def play(self, case: Case, before: int) -> Found:
        """A case of the grammar's tables on fresh requests, from number `before` + 1 on."""
        said, who, line, _ = case
        n = before + sum(_files(one) for _, one in said)
        found = Found()
        for speaker, text in (*said, (who, line)):
            filled = text.format(n=n, m=n - 1)
            found.said.append(_same_words(await self.says(speaker, filled)))
        numbers = range(before + 1, n + 1)
        await self.front.sweep()  # or the clock may have looked at one of the two only
        found.rows = await self.front.look(lambda tx: self._rows(tx, numbers))
        found.shown = [_same_words(each) for each in await self.cards(numbers)]
        return found

    def _rows(self, tx: Connection, numbers: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
        found = {}
        for name, (table, order) in LEFT_BEHIND.items():
            of_these = (
                select(table).where(table.c.number.in_(numbers)).order_by(*(table.c[each] for each in order))
            )
            rows = [dict(row) for row in tx.execute(of_these).mappings()]
            found[name] = [
                {key: self._same_names(value) for key, value in row.items() if _compared(name, key)}
                for row in rows
            ]
        found["posts"].sort(key=lambda row: str(row["key"]))
        return found

    def _same_names(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(self._same_names, value))
        text = value
        if isinstance(text, str):
            for theirs, ours in self.ids.items():
                text = text.replace(theirs, ours)
        return text


class OnSlack(Edge):
    """`/request …` in the direct messages with the bot."""

    name = "Slack"

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        people = {f"slack:{getattr(shop, ours).id}": ours for ours in NAMES.values()}
        self.ids = {**people, f"slack:{SHOP_DESK}": "desk"}

    @property
    def front(self) -> Front:
        return self.shop.app.front

    async def says(self, who: str, line: str) -> str:
        colleague = getattr(self.shop, who)
        return await self.shop.says(colleague, line, colleague.dm)

    async def cards(self, numbers: Sequence[int]) -> list[str]:
        shop = self.shop
        readers = ((shop.flora, SHOP_DESK), (shop.clerk, shop.clerk.dm))
        return [one.text for n in numbers for who, place in readers for one in shop.cards(n, who, place)]

    async def opens(self, who: str, line: str) -> tuple[str, list[str]]:
        colleague = getattr(self.shop, who)
        await self.says(who, line)
        assert colleague.modal is not None, line
        inputs = [block for block in colleague.modal.blocks if block["type"] == "input"]
        title = colleague.modal.title
        await colleague.close(everything=True)
        return title, [block["label"]["text"] for block in inputs]


class OnTeams(Edge):
    """`/request …` in the chat with the bot."""

    name = "Teams"

    def __init__(self, shop: TeamsShop) -> None:
        self.shop = shop
        people = {f"teams:{getattr(shop, ours).id}": ours for ours in NAMES.values()}
        self.ids = {**people, f"teams:{DESK}": "desk"}

    @property
    def front(self) -> Front:
        return self.shop.app.front

    async def says(self, who: str, line: str) -> str:
        return await self.shop.says(getattr(self.shop, who), f"/request {line}")

    async def cards(self, numbers: Sequence[int]) -> list[str]:
        shop = self.shop
        readers = ((shop.flora, DESK), (shop.clerk, shop.clerk.chat))
        return [
            one.summary for n in numbers for who, place in readers for one in await shop.cards(n, who, place)
        ]

    async def opens(self, who: str, line: str) -> tuple[str, list[str]]:
        colleague = getattr(self.shop, who)
        title = (await self.says(who, line)).split("\n")[0].rstrip(".")
        card = self.shop.chat(colleague)[-1]
        labels = (str(field["label"]) for field in colleague.inputs(card).values())
        return title, [label.removesuffix(" *") for label in labels]  # a star where Slack has "(optional)"


SOME: list[Said] = [
    ("clerk", "a bouquet for table three"),
    ("clerk", "paper"),
    ("flora", "take {n}"),
    ("clerk", "ribbon"),
    ("flora", "ask {n} which?"),
]
LOOKING = (
    "show {n}",
    "{n}",
    "list",
    "list for me",
    "list team",
    "list open",
    "list late",
    "list waiting",
    "find TABLE bouquet",
    "find nothing like this",
    "history {n}",
    "digest",
    "report",
    "home",
    "help",
    "help take",
    "tkae {n}",
    "take 4711",
)
NAMING = (
    "two blue ones #vases by friday",
    "water the plants @flowers",
    "my pay slip #wages",
    "see issue #hashtag, and #1",
)
RATED: list[Said] = [("clerk", "a bouquet"), ("flora", "resolve {n} done"), ("clerk", "rate {n} 1")]
CATALOGUE = (
    "services",
    "services flowers",
    "services add",
    "services edit vases",
    "teams",
    "teams add",
    "teams edit flowers",
    "duty",
    "duty flowers",
    "duty flowers friday @carl",
    "duty vases",
)
"""What the shop offers, and who may change it: not Flora, who leads nothing there."""

CASES: list[Case] = [
    *STEPS,
    *WRONG_STATE,
    *NOT_ALLOWED,
    (RATED, "clerk", "comment {n} it wilted", ""),
    (RATED, "clerk", "fault {n} timeliness", ""),
    (RATED, "clerk", "fault {n} nonsense", ""),
    (RATED, "clerk", "unrate {n}", ""),
    (RATED, "clerk", "share {n}", ""),
    ([*RATED, ("clerk", "comment {n} it wilted")], "clerk", "share {n}", ""),
    ([*RATED, ("clerk", "comment {n} it wilted")], "clerk", "unshare {n}", ""),
    (RATED, "flora", "made good {n} a new one", ""),
    (RATED, "svea", "made good {n}", ""),
    *((SOME, "flora", line, "") for line in LOOKING),
    *(([("clerk", line)], "flora", "show {n}", "") for line in NAMING),
    ([], "flora", "away until friday cover @carl", ""),
    ([("clerk", "a bouquet")], "flora", "away until friday cover @nobody", ""),
    ([], "manager", "a wreath @flora", ""),
    ([], "flora", "back", ""),
    ([("clerk", "a bouquet")], "flora", "move {n} #vases", ""),
    ([("clerk", "a bouquet")], "clerk", "move {n} #bouquets", ""),
    ([("clerk", "a bouquet")], "flora", "move {n} #nothing", ""),
    *(([], "flora", line, "") for line in CATALOGUE),
]
"""Every line of the grammar: done, refused for the state, refused for the person; and looking."""

FORMS = (
    "",
    "form",
    "settings",
    "away",
    "roses #bouquets by friday",
    "#flowers",
    *(
        f"{verb} 1 …"
        for verb in ("take", "give", "move", "ask", "answer", "wait", "note", "resolve", "decline", "snooze")
    ),
)
"""Lines that open a form: a modal in Slack; in Teams a card to fill in, or a dialog from a button."""


@asynccontextmanager
async def both(folder: Path) -> AsyncIterator[tuple[OnSlack, OnTeams]]:
    """A shop on each platform, each with a database and a catalogue of its own; Svea serves in neither."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(open_shop(f"sqlite:///{folder}/slack.db"))
        teams = await stack.enter_async_context(open_teams_shop(f"sqlite:///{folder}/teams.db"))
        await slack.svea.leave(SHOP_DESK)
        await teams.leaves(teams.svea)
        for shop in (slack, teams):
            await shop.app.front.keep(_stock)
        yield OnSlack(slack), OnTeams(teams)


def _stock(tx: Connection) -> None:
    catalogue.keep_team(tx, "main", Team("flowers", "Flowers"))
    form = ("Which size? (choice: small, large) *", "Stems (number)")
    catalogue.keep_service(tx, "main", Service("bouquets", "Bouquets", "flowers", form=form))
    catalogue.keep_service(tx, "main", Service("vases", "Vases", "flowers", form=("How many? (number)",)))
    catalogue.keep_service(tx, "main", Service("wages", "Wages", "flowers", private=True))
    catalogue.count_up(tx, "main", catalogue.revision(tx, "main"))


def _files(line: str) -> bool:
    return not re.match(r"[a-z]+ #?\{[nm]\}", line)


def _same_words(text: str) -> str:
    """What is said, without what stands before a typed line in Slack, and without Slack's escapes."""
    return unescape(text.replace("/request ", ""))


def _compared(table: str, column: str) -> bool:
    return column not in NOT_COMPARED and not (table == "history" and column == "key")


__all__ = ["CASES", "PAGE", "Case", "Found", "OnSlack", "OnTeams", "Said", "both"]


def main() -> None:
    """Write the page."""
    from tests.parity_page import covered_by, page

    PAGE.write_text(page(len(CASES), covered_by(CASES, FORMS)))


if __name__ == "__main__":
    main()
