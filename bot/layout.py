"""What every notice says, and in which order: one `match` over them all, for every platform.

Pure. A platform brings a `Layout` with its own ways, and draws the parts: see `bot.slack.blocks` and
`bot.teams.cards`.
"""

from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, assert_never

from bot.parts import Actions, Heading, Image, Part, Prose, Quoted, Rule, Small
from bot.pieces import (
    Bold,
    Code,
    Line,
    Piece,
    clip,
    clip_line,
    leads_to_the_web,
    legible,
    one_line,
)
from handlers.notices import (
    Answer,
    Button,
    Card,
    Catalogue,
    Digest,
    Figure,
    Filed,
    Form,
    HelpPage,
    HomePage,
    Item,
    Link,
    Listed,
    Listing,
    News,
    Nothing,
    Notice,
    Nudge,
    Poll,
    Quote,
    Refused,
    Row,
    Said,
    Story,
    Words,
)
from handlers.usages import lines_of

Drawn = TypeVar("Drawn")

ROWS = 15
ITEMS = 10
STEPS = 30
LINES = 50
DIGEST_ROWS = 5
FIGURES = 20
FACTS, FACTS_TOGETHER = 30, 8
ROW_BUTTONS = 5
LISTED = 10

TITLE = 150
TYPED = 120
WORDS = 1_500
SENTENCE = 500
ROW_SENTENCE = 500
FACT = 600
LABEL = 80
DETAILS = 600
SAID = 2_500
ALT = 1_900
BEHIND, QUOTES = 12, 5


@dataclass(frozen=True, slots=True)
class Layout:
    """How notices are laid out, with what a platform does in its own way."""

    face: Callable[[str], Piece]
    """A face of the scale, by its mark."""
    vote: Callable[[Poll], list[Part]]
    """How to vote on an open poll, or to change the vote."""
    prefix: str = ""
    """What stands before a line that one types: `/request `."""

    def fitting(
        self, notice: Notice, draw: Callable[[list[Part]], Drawn], fits: Callable[[Drawn], bool]
    ) -> tuple[list[Part], Drawn]:
        """What the notice says, and drawn: with as many rows as fit, and how many more there are."""
        said = self.parts(notice, LINES)
        drawn = draw(said)
        if fits(drawn):
            return said, drawn
        most = bisect(range(1, LINES), False, key=lambda rows: not fits(draw(self.parts(notice, rows))))
        said = self.parts(notice, most)
        while not fits(
            drawn := draw(said)
        ):  # absurdly much, and no rows to spare: what comes last goes first
            said.pop()
        return said, drawn

    def parts(self, notice: Notice, rows: int) -> list[Part]:
        """What the notice says, with at most so many rows of whatever it lists."""
        match notice:
            case Card():
                return self._card(notice)
            case Filed():
                name = _name(notice.number, notice.title)
                return [Prose(((name,), clip_line(notice.words, WORDS))), Actions(notice.buttons)]
            case Answer():
                return [_words(notice.words), Actions(notice.buttons), *self._card_of(notice.card)]
            case Refused():
                return [_words(notice.why), Prose(self._usage(notice.usage)), *self._card_of(notice.card)]
            case Form():
                return self._no_form_here(notice)
            case Listing():
                return [_prose((Bold(notice.title),)), *listing(notice, min(rows, ROWS))]
            case Catalogue():
                return _catalogue(notice, rows)
            case Story():
                return _story(notice, min(rows, STEPS))
            case HelpPage():
                return self._help(notice, rows)
            case News():
                return [_words(notice.words), Actions(notice.buttons)]
            case Said():
                return self._said(notice)
            case Poll():
                return self._poll(notice)
            case Nudge():
                return _nudge(notice, min(rows, ITEMS))
            case Digest():
                return _digest(notice, min(rows, DIGEST_ROWS))
            case HomePage():
                return _home(notice, min(rows, ROWS))
            case Nothing():
                return []
            case _:
                assert_never(notice)

    def _card(self, card: Card) -> list[Part]:
        if card.locked:
            return [
                _prose((_name(card.number, "Private request"),), _ours(card.headline)),
                Actions(card.buttons),
            ]
        return [
            _prose((_name(card.number, card.title),), (*_flags(card), *card.headline)),
            Prose((self._details(card),)),
            *map(Prose, _groups([*_facts(card), *_origin(card)], FACTS_TOGETHER)),
            Quoted(clip_line(card.note, SENTENCE)),
            Actions(card.buttons),
        ]

    def _card_of(self, card: Card | None) -> list[Part]:
        return [Rule(), *self._card(card)] if card else []

    def _details(self, card: Card) -> Line:
        details = legible(card.details[: 10 * DETAILS]).strip()
        short = clip(details, DETAILS)
        return (short,) if short == details else (short, " ", self._typed(f"show {card.number}"))

    def _said(self, said: Said) -> list[Part]:
        text = legible(said.text[: 10 * SAID]).strip()
        short = clip(text, SAID)
        rest: Line = () if short == text else ("The rest: ", self._typed(f"history {said.number}"))
        return [
            _prose((said.author, f" on #{said.number}:")),
            Quoted((short,)),
            Prose((rest,)),
            Actions(said.buttons),
        ]

    def _no_form_here(self, form: Form) -> list[Part]:
        number = dict(form.hidden).get("number", "12")
        lines = [line.replace("12", number, 1) for line in lines_of(form.name)] or ["help"]
        return [
            _prose(
                ("A form can’t open here. You can type it instead:",),
                *((self._typed(line),) for line in lines),
            )
        ]

    def _usage(self, usage: tuple[str, ...]) -> tuple[Line, ...]:
        firsts = ("Try ", *("or " for _ in usage))
        return tuple((first, self._typed(line)) for first, line in zip(firsts, usage[:10], strict=False))

    def _help(self, page: HelpPage, rows: int) -> list[Part]:
        lines: list[Line] = [
            (self._typed(line), f" – {one_line(does, TYPED)}") for line, does in page.lines[:rows]
        ]
        return [_prose(page.intro), *map(Prose, _groups(lines, 10)), *_more(len(page.lines) - rows)]

    def _poll(self, poll: Poll) -> list[Part]:
        name = _name(poll.number, poll.title)
        if poll.closed:
            said: list[Part] = [_prose((name,), self._chosen(poll), (poll.closed,)), *_comment(poll)]
            return [*said, Actions(poll.buttons)]
        if poll.score is None:
            return [
                _prose((Bold(poll.question),), (name.text,), poll.done),
                *self.vote(poll),
                Actions(poll.buttons),
                Small(poll.privacy),
            ]
        return [
            _prose((name,), self._chosen(poll)),
            *self.vote(poll),
            *_comment(poll),
            *_faults(poll),
            Actions(poll.buttons),
            Small(poll.privacy),
        ]

    def _chosen(self, poll: Poll) -> Line:
        if poll.score is None:
            return ()
        for face in poll.scale:
            if face.score == poll.score:
                return ("Thank you. You chose ", self.face(face.mark), f" {one_line(face.label, 40)}.")
        return (f"Thank you. You gave {poll.score} of 5.",)

    def _typed(self, line: str) -> Piece:
        return Code(one_line(line if line.startswith("/") else self.prefix + line, TYPED))


def listing(shown: Listing, rows: int) -> list[Part]:
    """The rows of a listing, or its sentence when it is empty; the title is drawn by whoever asks."""
    if not shown.rows and not shown.more:
        return [_prose((shown.empty,))]
    return [*_rows(shown.rows[:rows]), *_more(len(shown.rows) - rows, shown.more)]


def _catalogue(shown: Catalogue, rows: int) -> list[Part]:
    """What belongs together stands under one heading; how to see the rest, when there was no room for it."""
    if not shown.entries:
        return [Heading(shown.title), _prose((shown.empty,)), Actions(shown.buttons)]
    parts: list[Part] = [Heading(shown.title)]
    above = ""
    for entry in shown.entries[:rows]:
        parts += [Heading(entry.under)] if entry.under != above else []
        parts += _listed(entry)
        above = entry.under
    left_out = len(shown.entries) - rows
    rest = [Small(f"and {left_out} more. {shown.more}".rstrip())] if left_out > 0 else []
    return [*parts, *rest, Rule(), Actions(shown.buttons)]


def _listed(entry: Listed) -> list[Part]:
    lines = tuple(clip_line(line, ROW_SENTENCE) for line in entry.lines[:LISTED])
    title = one_line(entry.title, TITLE)
    return [Prose(((Bold(title),), *lines)), Actions(entry.buttons[:ROW_BUTTONS])]


def _flags(card: Card) -> tuple[str, ...]:
    urgent = ("🔴 Urgent · ",) if card.urgent else ()
    return (*urgent, *(("🔒 Private · ",) if card.private else ()))


def _facts(card: Card) -> list[Line]:
    return [(_labelled(label), *clip_line(words, FACT)) for label, words in card.facts[:FACTS]]


def _labelled(label: str) -> str:
    """What a fact is called; a question needs no colon."""
    said = one_line(label, LABEL)
    return f"{said} " if said.endswith(("?", "!", ":")) else f"{said}: "


def _origin(card: Card) -> list[Line]:
    return [("Made from ", Link(card.origin, "the message"), ".")] if leads_to_the_web(card.origin) else []


def _ours(words: Words) -> Words:
    """What we say ourselves, without what people wrote."""
    return tuple(span for span in words if not isinstance(span, Quote))


def _story(story: Story, rows: int) -> list[Part]:
    latest = story.lines[max(len(story.lines) - rows, 0) :] if rows else ()
    lines: list[Line] = [(when, " – ", *clip_line(words, ROW_SENTENCE)) for when, words in latest]
    left_out = story.more + len(story.lines) - len(latest)
    return [
        _prose((_name(story.number, story.title),)),
        *([Small(f"{left_out} more steps are not shown.")] if left_out else []),
        *map(Prose, _groups(lines, 5)),
    ]


def _comment(poll: Poll) -> list[Part]:
    return [Quoted((clip(legible(poll.comment), SENTENCE),))] if poll.comment else []


def _faults(poll: Poll) -> list[Part]:
    if not poll.faults:
        return []
    buttons = tuple(
        Button(f"✓ {label}" if ticked else label, f"fault {poll.number} {fault}", "primary" if ticked else "")
        for fault, ticked in poll.faults
        for label in (fault.capitalize(),)
    )
    return [_prose(("What fell short? Tick all that did.",)), Actions(buttons)]


def _nudge(nudge: Nudge, rows: int) -> list[Part]:
    items = [part for item in nudge.items[:rows] for part in _item(item)]
    return [_prose(nudge.words), *items, *_more(len(nudge.items) - rows, nudge.more)]


def _item(item: Item) -> list[Part]:
    why, expected = clip_line(item.why, ROW_SENTENCE), clip_line(item.expected, ROW_SENTENCE)
    return [
        Rule(),
        Prose(((_name(item.number, item.title),), why, expected)),
        Actions(item.buttons[:ROW_BUTTONS]),
    ]


def _digest(digest: Digest, rows: int) -> list[Part]:
    return [
        Heading(digest.title),
        _words(digest.summary),
        Prose(tuple(map(_figure, digest.figures[:FIGURES]))),
        _prose(digest.shortfalls),
        Actions(digest.buttons[:BEHIND]),
        *_picture(digest),
        *_titled("Late", digest.late, rows),
        *_titled("Open the longest", digest.oldest, rows),
        Prose(
            (clip_line(digest.thanks, WORDS), *(clip_line(one, SENTENCE) for one in digest.quotes[:QUOTES]))
        ),
        Small(clip(digest.footnote, SENTENCE)),
    ]


def _picture(digest: Digest) -> list[Part]:
    """The last weeks: drawn, where the platform took the picture, and in one sentence in any case."""
    drawn = [Image(digest.picture.source, clip(digest.picture.alt, ALT))] if digest.picture else []
    sentence = digest.trend.sentence if digest.trend else ""
    return [*drawn, *([Small(clip(sentence, SENTENCE))] if sentence else [])]


def _figure(figure: Figure) -> Line:
    """The figure itself stands out, not what it is made of."""
    value, _, of = one_line(figure.value, 60).partition(" (")
    before = f" ({one_line(figure.before, 60)} the week before)" if figure.before else ""
    return (f"{one_line(figure.label, 60)} ", Bold(value), f" ({of}" if of else "", before)


def _titled(title: str, rows: tuple[Row, ...], most: int) -> list[Part]:
    if not rows:
        return []
    return [Rule(), _prose((Bold(title),)), *_rows(rows[:most]), *_more(len(rows) - most)]


def _home(page: HomePage, rows: int) -> list[Part]:
    listings = [
        part
        for shown in (page.for_me, page.mine, page.team)
        for part in (Heading(shown.title), *listing(shown, rows))
    ]
    return [_prose(page.greeting), Actions(page.buttons), *listings]


def _rows(rows: Sequence[Row]) -> list[Part]:
    """The rows, and under them the buttons of all: a list is read first and clicked then."""
    lines = [Prose(((_name(row.number, row.title),), clip_line(row.words, ROW_SENTENCE))) for row in rows]
    return [*lines, Actions(tuple(button for row in rows for button in row.buttons[:ROW_BUTTONS]))]


def _more(*left_out: int) -> list[Part]:
    more = sum(count for count in left_out if count > 0)
    return [Small(f"and {more} more")] if more else []


def _prose(*lines: Line) -> Prose:
    return Prose(tuple(clip_line(line, SENTENCE) for line in lines))


def _words(words: Words) -> Prose:
    return Prose((clip_line(words, WORDS),))


def _name(number: int, title: str) -> Bold:
    return Bold(f"#{number} {one_line(title, TITLE)}".strip())


def _groups(lines: Sequence[Line], of: int) -> list[tuple[Line, ...]]:
    return [tuple(lines[start : start + of]) for start in range(0, len(lines), of)]
