"""Every notice there is, in every variant that is drawn differently, and some that are far too much."""

from dataclasses import replace
from datetime import UTC, date, datetime

from handlers.notices import (
    Answer,
    Button,
    Card,
    Catalogue,
    Digest,
    Face,
    Field,
    Figure,
    Filed,
    Form,
    HelpPage,
    HomePage,
    Item,
    Listed,
    Listing,
    Mention,
    News,
    Nothing,
    Notice,
    Nudge,
    Picture,
    Poll,
    Quote,
    Refused,
    Row,
    Said,
    Story,
    Trend,
    TrendWeek,
    When,
)
from handlers.poll_words import ANONYMOUS
from handlers.usages import USAGES
from storage.records import Status

NASTY = "<!channel> <@U0BOSS> <https://evil.example|click> & *b* _i_ ~s~ `c` > q :tada: @here"
"""What somebody may type to shout at everybody."""
RTL = "المدخل مبلل \u202eتماما"
EMOJI = "💐🌷👩🏽‍🔧" * 40
CONTROL = "bell\x07 null\x00 private\ue000slack:U0BOSS\ue001\uf8ff half\ud83d"
LONG = "blått & <gul> " * 1_000

ANN = Mention("slack:U0ANN", "Ann Lindqvist")
TEO = Mention("teams:29:teo", "Teo *Teams*")
NOBODY = Mention("", "somebody")
FRIDAY = When(datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "Europe/Stockholm")
DAY = When(datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "Europe/Stockholm", day_only=True)
TAKE = Button("Take", "take 12", "primary")
CANCEL = Button("Cancel", "cancel 12", "danger", "Cancel #12? Nobody will work on it any more.")
SNOOZE = Button("Snooze …", "snooze 12 …")
BUTTONS = (TAKE, SNOOZE, CANCEL)

CARD = Card(
    number=12,
    title="The printer is out of toner",
    status=Status.TAKEN,
    headline=(ANN, " has it, and promised it by ", FRIDAY, "."),
    details="It says 'replace black'.\nSecond floor.",
    facts=(("From", (TEO,)), ("Priority", ("high",)), ("Needed by", (DAY,))),
    note=(ANN, ": ", Quote("ordered, comes tomorrow")),
    origin="https://petals.slack.com/archives/C1/p1764000000000100",
    buttons=BUTTONS,
)
SHOUTING = Card(
    number=13,
    title=NASTY,
    status=Status.OPEN,
    headline=("Waiting for ", NOBODY, ": ", Quote(NASTY)),
    details=NASTY,
    facts=((NASTY, (Quote(NASTY), Mention("slack:<!channel>", NASTY))),),
    note=(TEO, ": ", Quote(NASTY)),
    origin="javascript:alert(1)",
    urgent=True,
    private=True,
    buttons=(Button(NASTY, "take 13", confirm=NASTY),),
)
ENDLESS = Card(
    number=10**12,
    title=LONG,
    status=Status.WAITING,
    headline=(LONG, Quote(LONG), ANN, FRIDAY),
    details=LONG,
    facts=tuple((LONG, (LONG, *(ANN, FRIDAY, Quote("x")) * 200)) for _ in range(60)),
    note=tuple(Quote(f'"{n}"') for n in range(2_000)),
    origin="https://example.com/" + "x" * 5_000,
    buttons=tuple(Button(LONG, f"note 12 {'x' * (n * 100)}", "loud", LONG) for n in range(40)),
)
LOCKED = Card(
    number=14,
    title="SECRET title",
    status=Status.WAITING,
    headline=("A private request, waiting, with ", ANN, Quote("SECRET words")),
    details="SECRET details",
    facts=(("From", ("SECRET person",)),),
    note=(Quote("SECRET note"),),
    origin="https://example.com/SECRET",
    private=True,
    locked=True,
    buttons=(Button("Show me", "show 14"),),
)

ROW = Row(12, "The printer is out of toner", ("Late since ", FRIDAY, "."), (TAKE, SNOOZE))
NASTY_ROW = Row(13, NASTY, (Quote(NASTY), " by ", TEO))
HUGE_ROW = Row(99, LONG, (LONG, *(ANN, FRIDAY) * 100), BUTTONS * 20)
ENDLESS_LIST = Listing(LONG, (HUGE_ROW,) * 99, 5)
TREND = Trend(
    (
        TrendWeek(date(2026, 11, 9), 9, 7, 0.75, (0.8, 0.38, 0.96), 5),
        TrendWeek(date(2026, 11, 16), 12, 10),
    ),
    "Week by week, over the last 2 calendar weeks: 9 to 12 filed.",
    "2 calendar weeks to 22 November 2026. From 9 Nov: 9 filed. From 16 Nov: 12 filed.",
)
SCALE = (
    Face(5, "grinning", "great"),
    Face(4, "slightly_smiling_face", "good"),
    Face(3, "neutral_face", "so-so"),
    Face(2, "slightly_frowning_face", "poor"),
    Face(1, "angry", "bad"),
)
FAULTS = (("delivery", False), ("timeliness", True), ("information", False), ("attitude", False))
POLL = Poll(
    number=12,
    title="The printer is out of toner",
    done=(ANN, " resolved #12: ", Quote("new cartridge")),
    privacy="Your answer is shown with your name to those who serve the request.",
    scale=SCALE,
)

FORM = Form(
    name="request",
    title="A new request, whatever it may be",
    submit="File it",
    fields=(
        Field("what", "What do you need?", placeholder="toner", max_length=150, initial=NASTY),
        Field("details", "Details", "long", required=False, initial="a\nb", hint="as many as help"),
        Field(
            "priority", "Priority", "choice", initial="normal", options=(("low", "Low"), ("normal", "Normal"))
        ),
        Field("team", "Team", "choice", options=(("", "Anybody"), ("it", NASTY)), initial=""),
        Field(
            "days", "Quiet days", "choices", options=(("mon", "Monday"), ("tue", "Tuesday")), initial=("tue",)
        ),
        Field("by", "Needed by", "date", required=False, initial="2026-11-27"),
        Field("at", "At", "time", required=False, initial="09:30"),
        Field("to", "To", "person", required=False, initial="slack:U0ANN"),
        Field(
            "crew",
            "Members",
            "people",
            required=False,
            initial=("slack:U0ANN", "teams:29:teo"),
            options=(("teams:29:teo", NASTY),),
        ),
        Field(
            "private",
            "",
            "flags",
            required=False,
            options=(("private", "Keep it private"),),
            initial=("private",),
        ),
    ),
    intro=("Asked by ", ANN, ": ", Quote(NASTY)),
    hidden=(("origin", "https://example.com/1"), ("number", "12")),
)
WILD_FORM = Form(
    name="x" * 400,
    title="",
    submit=LONG,
    fields=tuple(
        Field(
            f"f{n}",
            LONG if n % 2 else "",
            kind,
            initial=LONG if n % 3 else "not a date",
            options=tuple((str(i), LONG) for i in range(200)),
            hint=LONG,
            placeholder=LONG,
            max_length=n * 500 - 1,
        )
        for n, kind in enumerate(
            ("text", "long", "choice", "choices", "date", "time", "person", "people", "flags") * 2
        )
    ),
    hidden=(("link", "x" * 4_000), ("number", "7")),
)

EXAMPLES: dict[str, Notice] = {
    "card": CARD,
    "card, bare": Card(1, "", Status.OPEN, ()),
    "card, shouting": SHOUTING,
    "card, endless": ENDLESS,
    "card, locked": LOCKED,
    "card, right to left": Card(2, RTL, Status.OPEN, (Quote(RTL),), details=EMOJI, note=(Quote(CONTROL),)),
    "filed": Filed(12, "The printer is out of toner", ("It is kept; the team was told.",), (CANCEL,)),
    "filed, endless": Filed(12, LONG, (LONG,), BUTTONS * 20),
    "answer": Answer((ANN, " has #12 now.")),
    "answer with card": Answer(("Promised by ", DAY, "."), CARD, (SNOOZE,)),
    "answer, endless": Answer((LONG, Quote(LONG)), ENDLESS, BUTTONS * 20),
    "refused": Refused(("There is no request #99.",), ("list", "find <words>")),
    "refused with card": Refused((ANN, " has it already."), card=CARD),
    "refused, endless": Refused((Quote(LONG),), (LONG,) * 40, ENDLESS, "what"),
    "form": FORM,
    "form, another": Form(
        "decline", "Decline #12", "Decline", (Field("why", "Why?"),), hidden=(("number", "12"),)
    ),
    "form, wild": WILD_FORM,
    "form, empty": Form("", "", "", ()),
    "listing": Listing("For you", (ROW, NASTY_ROW), 3),
    "listing, empty": Listing("Late", (), empty="Nothing is late."),
    "listing, endless": Listing(LONG, (HUGE_ROW,) * 300, 10_000),
    "listing, long": Listing("All", tuple(Row(n, "Tulips", ("Open.",)) for n in range(40)), 2),
    "catalogue": Catalogue(
        "What you can ask for",
        (
            Listed("Bouquets", (("Bound to order.",), ("Answer within 8 h.",)), (TAKE,), under="Flowers"),
            Listed("Wreaths", ((ANN, " binds them until ", DAY, "."),), BUTTONS, under="Flowers"),
            Listed(NASTY, ((NASTY, Quote(NASTY)),), (Button(NASTY, "#nasty …"),), under=NASTY),
        ),
        buttons=(Button("Add a service …", "services add …"),),
    ),
    "catalogue, empty": Catalogue("Who serves", (), "No team yet.", (Button("Add a team …", "teams add …"),)),
    "catalogue, long": Catalogue(
        "Services", tuple(Listed(f"Service {n}", (("Done soon.",),), (TAKE,)) for n in range(60)), more="Ask."
    ),
    "catalogue, endless": Catalogue(
        LONG,
        (Listed(LONG, ((LONG, *(ANN, FRIDAY) * 100),) * 30, BUTTONS * 20, LONG),) * 99,
        LONG,
        BUTTONS * 20,
    ),
    "story": Story(
        12, "The printer is out of toner", ((FRIDAY, (ANN, " took it.")), (FRIDAY, (Quote(NASTY),)))
    ),
    "story, endless": Story(12, LONG, ((FRIDAY, (LONG, *(ANN,) * 99)),) * 500, 7),
    "help": HelpPage(("You can say:",), tuple((usage.line, usage.does) for usage in USAGES)),
    "help, endless": HelpPage((LONG,), ((LONG, LONG),) * 300),
    "news": News((ANN, " took #12 and promised it by ", FRIDAY, "."), (SNOOZE,)),
    "news, endless": News((Quote(LONG),) * 50, BUTTONS * 20),
    "news, nothing in it": News(()),
    "said": Said(12, TEO, "Which floor?\n" + NASTY, (SNOOZE,)),
    "said, endless": Said(12, ANN, LONG),
    "said, unseen": Said(12, ANN, "\x00\ue000"),
    "poll": POLL,
    "poll, voted": Poll(12, "Tulips", POLL.done, POLL.privacy, SCALE, 4, comment=NASTY, buttons=(SNOOZE,)),
    "poll, low": Poll(12, "Tulips", POLL.done, POLL.privacy, SCALE, 2, faults=FAULTS, buttons=(CANCEL,)),
    "poll, off the scale": Poll(12, "Tulips", POLL.done, POLL.privacy, (), 2),
    "poll, anonymous": replace(POLL, privacy=ANONYMOUS, tapped=True),
    "poll, anonymous and voted": replace(POLL, privacy=ANONYMOUS, tapped=True, score=2, faults=FAULTS),
    "poll, once more": replace(POLL, question="Is it good now?"),
    "poll, closed": Poll(
        12, "Tulips", POLL.done, POLL.privacy, SCALE, 5, closed="This question is closed now."
    ),
    "poll, endless": Poll(
        12,
        LONG,
        (LONG,),
        LONG,
        (Face(1, "not an emoji!", LONG),) * 50,
        1,
        LONG,
        ((LONG, True),) * 50,
        "",
        BUTTONS,
    ),
    "nudge": Nudge(
        ("Two requests want your hand.",),
        (
            Item(
                12, "The printer is out of toner", ("It is late since ", FRIDAY, "."), ("Say when.",), BUTTONS
            ),
            Item(13, NASTY, (Quote(NASTY),), ("Take it, or hand it over.",)),
        ),
        2,
    ),
    "nudge, endless": Nudge(
        (LONG,), (Item(12, LONG, (LONG,), (LONG, *(FRIDAY,) * 99), BUTTONS * 20),) * 100, 1
    ),
    "digest": Digest(
        "The week of 16 November",
        ("Twelve requests were filed.",),
        (Figure("Filed", "12", "9"), Figure("Satisfaction", "83 % of 6 votes"), Figure(NASTY, NASTY, NASTY)),
        ("What fell short most: timeliness (3).",),
        (ROW,),
        (ROW, NASTY_ROW),
        ("Thanks to ", ANN, ": ", Quote(NASTY)),
        (("Ann: ", Quote(NASTY)), ("Bob: ", Quote("So quick!"))),
        "Times are working time.",
        TREND,
        Picture("data:image/png;base64,iVBORw0KGgo=", TREND.words),
        (Button("Filed", "digest filed 2026-11-22"), Button("Late now", "digest late")),
    ),
    "digest, without a picture": Digest("The week", ("Nothing.",), (), trend=TREND),
    "digest, endless": Digest(
        LONG,
        (LONG,),
        (Figure(LONG, LONG, LONG),) * 99,
        (LONG,),
        (HUGE_ROW,) * 99,
        (HUGE_ROW,) * 99,
        (LONG,),
        ((LONG,),) * 99,
        LONG,
        Trend((), LONG, LONG),
        Picture("data:image/png;base64,iVBORw0KGgo=", LONG),
        BUTTONS * 20,
    ),
    "home": HomePage(
        ("Good morning, ", ANN, "."),
        Listing("Waits for you", (ROW, NASTY_ROW), 4),
        Listing("You wait for", (), empty="You wait for nothing."),
        Listing("The team", (ROW,) * 30),
        (Button("New request …", "form", "primary"),),
    ),
    "home, endless": HomePage((LONG,), ENDLESS_LIST, ENDLESS_LIST, ENDLESS_LIST, BUTTONS * 20),
    "nothing": Nothing(),
}
