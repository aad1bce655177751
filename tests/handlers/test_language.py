"""Every line people say, as tables: what they typed, what it asks for."""

import unicodedata
from datetime import UTC, date, datetime
from itertools import pairwise
from time import process_time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import csat
from handlers.catalogue_intents import (
    OpenService,
    OpenSwap,
    OpenTeam,
    ShowDuty,
    ShowServices,
    ShowTeams,
    Swap,
)
from handlers.commands import _FAULTS, _NUMBERED
from handlers.digest_intents import ShowDigest
from handlers.intents import (
    READING,
    AnyNews,
    Ask,
    Back,
    Cancel,
    Comment,
    Decline,
    Draft,
    Fault,
    File,
    Find,
    Follow,
    Give,
    Help,
    History,
    Home,
    Intent,
    List,
    Misunderstood,
    Move,
    Note,
    OpenAway,
    OpenForm,
    OpenRequestForm,
    OpenSettings,
    Rate,
    Reopen,
    Resolve,
    Show,
    Snooze,
    Take,
    WaitOn,
    WaitUntil,
)
from handlers.language import LONGEST, USAGES, clean, mention, read, reads, show_mentions
from storage.records import Priority
from storage.types import WallTime

STOCKHOLM = "Europe/Stockholm"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday, ten o'clock in Stockholm
ANN, BOB, DOE = "slack:U1", "slack:U2", "slack:U3"
PEOPLE = {"ann": ANN, "bob": BOB, "j.doe": DOE}


def say(line: str, *, chat: bool = False, now: datetime = NOW) -> Intent:
    return read(line, now, STOCKHOLM, PEOPLE.get, chat=chat)


def draft(line: str) -> Draft:
    intent = say(line)
    assert isinstance(intent, File), intent
    return intent.draft


def refusal(line: str) -> Misunderstood:
    intent = say(line)
    assert isinstance(intent, Misunderstood), intent
    return intent


def at(day: int, hour: int = 17, minute: int = 0, month: int = 11) -> WallTime:
    return WallTime(datetime(2026, month, day, hour, minute), STOCKHOLM)  # noqa: DTZ001 - what a wall clock shows


COMMANDS: list[tuple[str, Intent]] = [
    ("take 12", Take(12)),
    ("TAKE #12", Take(12)),
    ("take 12.", Take(12)),
    ("take12", Take(12)),
    ("take#12 please", Take(12)),
    ("please take 12", Take(12)),
    ("/request take 12", Take(12)),
    ("request take 12", Take(12)),
    ("take 12 by friday", Take(12, at(27))),
    ("take 12: friday 15:00, please", Take(12, at(27, 15))),
    ("take\n12\nby friday", Take(12, at(27))),
    ("take ١٢", Take(12)),
    ("give 12 @bob", Give(12, BOB)),
    (f"give 12 {mention(BOB)} knows the oven", Give(12, BOB, "knows the oven")),
    ("give 12 to @j.doe: on duty", Give(12, DOE, "on duty")),
    ("move 12 #bouquets", Move(12, "#bouquets")),
    ("move #12 to #Bouquets.", Move(12, "#Bouquets")),
    ("move 12 @flowers", Move(12, "@flowers")),
    ("move 12 bouquets", Move(12, "bouquets")),
    ("move 12", OpenForm("move", 12)),
    ("move 12 …", OpenForm("move", 12)),
    ("ask 12 which colour?", Ask(12, "which colour?")),
    ("ask 12: how many?\nand when?", Ask(12, "how many?\nand when?")),
    ("answer 12 blue", Note(12, "blue")),
    ("note 12 the van is here", Note(12, "the van is here")),
    ("note 12 @ann knows", Note(12, f"{mention(ANN)} knows")),
    ("note 12 12", Note(12, "12")),
    ("answer 12 on", Note(12, "on")),
    ("note 12 see you …", Note(12, "see you …")),
    ("note 12 🔒 careful", Note(12, "careful", team_only=True)),
    ("note 12: 🔒careful", Note(12, "careful", team_only=True)),
    ("note 12:lock: careful", Note(12, "careful", team_only=True)),
    ("note 12 :lock: careful", Note(12, "careful", team_only=True)),
    ("wait 12 until 1 december", WaitUntil(12, at(1, month=12))),
    ("wait 12 on 30 november", WaitUntil(12, at(30))),
    ("wait 12 for two days", WaitUntil(12, at(26))),
    ("wait 12 on 15", WaitOn(12, 15)),
    ("wait #12 on #15", WaitOn(12, 15)),
    ("resolve 12", Resolve(12)),
    ("resolve 12 new toner", Resolve(12, "new toner")),
    ("resolve 12 - new toner", Resolve(12, "new toner")),
    ("reopen 12", Reopen(12)),
    ("reopen 12 still no toner", Reopen(12, "still no toner")),
    ("cancel 12", Cancel(12)),
    ("cancel 12, thanks!", Cancel(12)),
    ("decline 12 we sell no toner", Decline(12, "we sell no toner")),
    ("rate 12 4", Rate(12, 4)),
    ("rate 12 4 great work", Rate(12, 4, "great work")),
    ("rate 12 4/5: great", Rate(12, 4, "great")),
    ("rate 12 4 …", Rate(12, 4)),
    ("comment 12 so quick", Comment(12, "so quick")),
    ("fault 12 timeliness", Fault(12, "timeliness")),
    ("fault 12 Attitude", Fault(12, "attitude")),
    ("nudge 12", AnyNews(12)),
    ("snooze 12 until tomorrow parts are on the way", Snooze(12, at(25), "parts are on the way")),
    ("snooze 12 friday 15:00, until then no parts", Snooze(12, at(27, 15), "until then no parts")),
    ("show 12", Show(12)),
    ("show 12 …", Show(12)),
    ("12", Show(12)),
    ("#12?", Show(12)),
    ("history 12", History(12)),
    ("follow 12", Follow(12)),
    ("unfollow 12", Follow(12, on=False)),
    ("list", List("mine")),
    ("list mine", List("mine")),
    ("list  For Me", List("for me")),
    ("list team", List("team")),
    ("list open", List("open")),
    ("list late", List("late")),
    ("list waiting", List("waiting")),
    ("find a vase for the wedding", Find("a vase for the wedding")),
    ("digest", ShowDigest()),
    ("Settings!", OpenSettings()),
    ("home", Home()),
    ("help", Help()),
    ("help take", Help("take")),
    ("help tkae", Help("take")),
    ("help me", Help()),
    ("?", Help()),
    ("form", OpenRequestForm()),
    ("services", ShowServices()),
    ("Services please!", ShowServices()),
    ("services @flowers", ShowServices("flowers")),
    ("services add …", OpenService()),
    ("services edit #Bouquets …", OpenService("bouquets")),
    ("teams", ShowTeams()),
    ("teams add", OpenTeam()),
    ("teams edit flowers…", OpenTeam("flowers")),
    ("duty", ShowDuty()),
    ("duty Flowers?", ShowDuty("Flowers")),
    ("duty flowers …", OpenSwap("flowers")),
    ("duty …", ShowDuty()),
    ("duty flowers 30 november @bob", Swap("flowers", date(2026, 11, 30), BOB)),
    ("duty #flowers @bob 30 november", Swap("flowers", date(2026, 11, 30), BOB)),
    ("duty next week @bob", Swap("", date(2026, 11, 30), BOB)),
    ("duty flowers friday nobody", Swap("flowers", date(2026, 11, 27))),
    ("away", OpenAway()),
    ("away …", OpenAway()),
    ("back", Back()),
    ("", OpenRequestForm()),
    (" /request ", OpenRequestForm()),
    ("request", OpenRequestForm()),
]


@pytest.mark.parametrize(("line", "intent"), COMMANDS)
def test_a_command(line: str, intent: Intent) -> None:
    assert say(line) == intent
    assert say(line, chat=True) == (intent if line else Help())


FORMS = ("take", "give", "ask", "answer", "wait", "note", "resolve", "reopen", "decline", "snooze", "comment")


@pytest.mark.parametrize("verb", FORMS)
@pytest.mark.parametrize("rest", ["12 …", "12…", "#12 ...", "12..."])
def test_three_dots_open_a_form(verb: str, rest: str) -> None:
    assert say(f"{verb} {rest}") == OpenForm(verb, 12)
    assert reads(f"{verb} {rest}")


def test_the_form_beside_a_rating_asks_for_its_comment() -> None:
    assert say("rate 12 …") == OpenForm("comment", 12)


@pytest.mark.parametrize(
    "line",
    [
        "decline 12",
        "ask 12",
        "answer 12",
        "give 12",
        "note 12",
        "wait 12",
        "wait 12 until",
        "snooze 12",
        "comment 12",
        "take 12 by",
        "note 12 🔒",
        "snooze 12 until tomorrow",
        "snooze 12 until tomorrow …",
    ],
)
def test_a_form_asks_for_what_is_missing(line: str) -> None:
    assert say(line) == OpenForm(line.split()[0], 12)


FILED = [
    "the printer is out of toner",
    "take the parcels to the post office",
    "take 12:30 train tickets to the office",
    "take 12.5 kg of flour out of the cellar",
    "give the florist a call",
    "ask the baker how many",
    "wait for the courier at the door",
    "resolve the quarrel about the van",
    "cancel the newspaper",
    "note the new door code",
    "show me how the till works",
    "show two guests around",
    "history of the house, for the leaflet",
    "rate our suppliers",
    "snooze button of my clock is broken",
    "follow up with the bank",
    "list the prices of tulips",
    "list 12 prices",
    "help me with the till",
    "help take the boxes up",
    "digest of the meeting, one page",
    "settings of the coffee machine are wrong",
    "home delivery for Mrs Lindqvist",
    "form 7 is missing",
    "move the sofa to the second floor",
    "split the bill",
    "away game: book a bus",
    "services for the lift are due",
    "teams need more chairs",
    "teams edit the plan",
    "duty free for the trip",
    "duty roster for december is wrong",
    "back door is stuck",
    "services in the car park are dirty",
    "teams need new shirts",
    "privacy screen for the till",
    "12 roses for the wedding",
    "#2 pencils, a box",
    "bake 12 loaves",
    "print 12 copies of the menu",
    "close 12 windows",
    "judge 12 cakes",
    "rotate 12 tyres",
    "gate #4 is stuck",
    "requests box is full",
    "please, a new chair",
    "call somebody@example.com",
    "thank @nobody for the cake",
    "tell @it and #service",
    "say !wow to the winner",
    "fix the private entrance",
    "the shop passed by sun street is closed",
    "stand by me",
    "a very nice day for @nobody",
    "نحتاج إلى حبر للطابعة",
    "新しい椅子が必要です",
    "a  gap,\n\n   and an indent",
]


@pytest.mark.parametrize("line", FILED)
def test_what_only_begins_like_a_command_is_filed_as_it_is(line: str) -> None:
    filed = draft(line)
    assert (filed.details or filed.text) == line
    assert filed == Draft(text=filed.text, details=filed.details)


FLAGS: list[tuple[str, Draft]] = [
    (
        "the printer is out of toner @bob by friday !high",
        Draft("the printer is out of toner", to=BOB, needed_by=at(27), priority=Priority.HIGH),
    ),
    ("@bob the printer is out of toner", Draft("the printer is out of toner", to=BOB)),
    ("@bob, the printer is out of toner", Draft("the printer is out of toner", to=BOB)),
    ("the printer @bob is out of toner", Draft("the printer is out of toner", to=BOB)),
    ("by friday: new menus, @bob!", Draft("new menus, !", to=BOB, needed_by=at(27))),
    ("new menus, @bob", Draft("new menus", to=BOB)),
    ("new menus by friday.", Draft("new menus.", needed_by=at(27))),
    ("new menus (by friday)", Draft("new menus ()", needed_by=at(27))),
    ("show by monday what was sold by friday", Draft("show by monday what was sold", needed_by=at(27))),
    (f"new menus by the 15th {mention(BOB)}", Draft("new menus", to=BOB, needed_by=at(15, month=12))),
    ("lunch @bob with @ann", Draft(f"lunch with {mention(ANN)}", to=BOB)),
    ("bring the keys to @bob", Draft(f"bring the keys to {mention(BOB)}", to=BOB)),
    ("fix @bob's chair", Draft(f"fix {mention(BOB)}'s chair", to=BOB)),
    ("@j.doe. Is it open?", Draft("Is it open?", to=DOE)),
    ("a chair for @ann @bob", Draft("a chair", to=BOB, behalf=ANN)),
    ("a chair For @ann by friday", Draft("a chair", behalf=ANN, needed_by=at(27))),
    ("paint for @ann's door", Draft(f"paint for {mention(ANN)}'s door", to=ANN)),
    ("roses !low now !urgent", Draft("roses now", priority=Priority.URGENT)),
    ("roses !HIGH, white", Draft("roses, white", priority=Priority.HIGH)),
    ("roses !high !normal", Draft("roses", priority=Priority.NORMAL)),
    ("roses!high !highest", Draft("roses!high !highest")),
    ("salary question private", Draft("salary question", private=True)),
    ("Private: salary question", Draft("salary question", private=True)),
    ("private salary question", Draft("salary question", private=True)),
    ("salary question private !high", Draft("salary question", private=True, priority=Priority.HIGH)),
    (
        "salary question @bob private, since March",
        Draft("salary question since March", private=True, to=BOB),
    ),
    ("salary question (private)", Draft("salary question", private=True)),
    ("please keep this private", Draft("please keep this private", private=True)),
    ("salary\nprivate\nsince March", Draft("salary", "salary\n\nsince March", private=True)),
    ("new menus\n@bob !high\nblue ones", Draft("new menus", "new menus\n\nblue ones", Priority.HIGH, BOB)),
    ("@bob .env is missing", Draft(".env is missing", to=BOB)),
    ("@bob new menus\nblue ones", Draft("new menus", "new menus\nblue ones", to=BOB)),
]


@pytest.mark.parametrize(("line", "filed"), FLAGS)
def test_flags_leave_tidy_text(line: str, filed: Draft) -> None:
    assert draft(line) == filed


def test_the_title_is_cut_where_a_word_ends_and_the_details_keep_it_all() -> None:
    text = "tulips and roses " * 20
    filed = draft(text)
    assert filed.details == text.strip()
    assert 140 < len(filed.text) <= 150
    assert filed.text.removesuffix("…").split() == text.split()[: len(filed.text.split())]


def test_the_title_never_cuts_through_a_person() -> None:
    for length in range(120, 160):
        title = draft(f"@ann {'x' * length} with @bob and others").text
        assert title.count("\ue000") == title.count("\ue001")
        assert len(title) <= 150


def test_a_first_line_without_words_is_no_title() -> None:
    assert draft("----\nfix the lamp") == Draft("fix the lamp", "----\nfix the lamp")


def test_ten_thousand_characters_fit_and_one_more_does_not() -> None:
    line = ("word " * 2_000)[: LONGEST - 1] + "s"
    assert draft(f"/request {line}").details == line
    assert refusal(line + "s").why.startswith(
        "That is 10,001 characters, and 10,000 is the most. Nothing was filed"
    )


REFUSED = [
    ("take", "Say which request", "take 12 [by friday]"),
    ("show", "Say which request", "show 12"),
    ("wait until monday", "Say which request", "wait 12 until monday"),
    ("take 12 by blurgsday", "“blurgsday”", "take 12 [by friday]"),
    ("take 12 by 20 november 2026", "Friday 20 November is already past.", "take 12 [by friday]"),
    ("take 12 by today 08:30", "Tuesday 24 November, 08:30, is already past.", "take 12 [by friday]"),
    ("take 12 by 1 december 2025", "Monday 1 December 2025 is already past.", "take 12 [by friday]"),
    ("new menus by yesterday", "Monday 23 November is already past.", USAGES[0].line),
    ("take 12 boxes to the post office", "“boxes to the post office”", "take 12 [by friday]"),
    ("take 12 and 13", "One request at a time", "take 12 [by friday]"),
    ("resolve 12, #13", "One request at a time", "resolve 12 [what was done]"),
    ("show 12 13", "One request at a time", "show 12"),
    ("take 12345678901234567890", "No request has a number that long", "take 12 [by friday]"),
    ("wait 12 on 99999999999", "No request has a number that long", "wait 12 on 15"),
    ("1234567890", "No request has a number that long", None),
    ("wait 12 until 1 december because of snow", "not “because of snow”", "wait 12 until monday"),
    ("snooze 12 until blurgsday because", "“blurgsday because”", "snooze 12 until tomorrow <why>"),
    ("snooze 12 until yesterday parts are coming", "already past", "snooze 12 until tomorrow <why>"),
    ("give 12 @nobody", "nobody called “@nobody”", "give 12 @bob [why]"),
    ("give 12 roses to @bob", "Say to whom", "give 12 @bob [why]"),
    ("move 12 @bob", "A colleague is given it: “give 12 @bob”.", "move 12 #service"),
    ("move 12 the sofa over there", "Say where to", "move 12 #service"),
    ("cancel 12 no longer needed", "“no longer needed”", "cancel 12"),
    ("rate 12", "from 1 (bad) to 5 (great)", "rate 12 4 [comment]"),
    ("rate 12 6", "from 1 (bad) to 5 (great)", "rate 12 4 [comment]"),
    ("rate 12 4.5", "from 1 (bad) to 5 (great)", "rate 12 4 [comment]"),
    ("rate 12 :smile:", "from 1 (bad) to 5 (great)", "rate 12 4 [comment]"),
    ("fault 12 colour", "delivery, timeliness", None),
    ("list lates", "“lates”", "list [mine, for me, team, open, late, waiting]"),
    ("find", "Say which words", "find <words>"),
    ("tkae 12", "did you mean “take”?", "take 12 [by friday]"),
    ("resovle #12 done", "did you mean “resolve”?", "resolve 12 [what was done]"),
    ("reslove 12", "did you mean “resolve”?", "resolve 12 [what was done]"),
    ("snoze 12 until friday", "did you mean “snooze”?", "snooze 12 until tomorrow <why>"),
    ("close 12", "did you mean “resolve”?", "resolve 12 [what was done]"),
    ("close #12 it works", "did you mean “resolve”?", "resolve 12 [what was done]"),
    ("assign #12 @bob", "did you mean “give”?", "give 12 @bob [why]"),
    ("settigns", "did you mean “settings”?", "settings"),
    ("hlep", "did you mean “help”?", "help [word]"),
    ("#12 resolve", "Say the word first: “resolve 12”.", "resolve 12 [what was done]"),
    ("@bob", "Say in a few words what you need", USAGES[0].line),
    ("@bob @ann !high", "Say in a few words what you need", USAGES[0].line),
    ("👍 👍", "Say in a few words what you need", USAGES[0].line),
    (":pray: :sunflower:", "Say in a few words what you need", USAGES[0].line),
    ("... !?", "Say in a few words what you need", USAGES[0].line),
    ("private", "Say in a few words what you need", USAGES[0].line),
]


@pytest.mark.parametrize(("line", "why", "usage"), REFUSED)
def test_what_is_not_understood_gets_a_sentence_and_the_nearest_usage(
    line: str, why: str, usage: str | None
) -> None:
    answer = refusal(line)
    assert why in answer.why
    assert usage is None or usage in answer.usage


@pytest.mark.parametrize(
    "line",
    [
        "split 12 the cake @bob",
        "privacy",
        "Relations",
    ],
)
def test_commands_of_a_later_day_file_nothing(line: str) -> None:
    assert f"“{line.split()[0].lower()}” is not here yet." in refusal(line).why


@pytest.mark.parametrize(
    "line", ["", "hi", "Hello!", "hey there", "thanks", "Thank you!", "ok", "toner", "👍", "@bob"]
)
def test_in_a_chat_small_talk_gets_help(line: str) -> None:
    assert say(line, chat=True) == Help()


def test_in_a_chat_a_sentence_is_filed() -> None:
    assert say("hi, the printer is broken", chat=True) == File(Draft("hi, the printer is broken"))


def test_a_line_that_may_change_something_is_no_reading() -> None:
    assert not reads("away until friday")
    assert not reads("duty flowers 30 november @bob")
    assert all(map(reads, ("duty flowers", "services edit bouquets …", "teams add", "services")))
    assert not reads("back")
    assert reads("away")


def test_what_is_called_a_request_is_one() -> None:
    assert say("tulips", chat=True) == Help()
    assert say("/request tulips", chat=True) == File(Draft("tulips"))


def test_today_lasts_until_midnight() -> None:
    evening = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    assert say("take 12 by today", now=evening) == Take(12, at(24, 23, 59))


def test_whoever_quotes_a_person_is_answered_without_tokens() -> None:
    assert "\ue000" not in refusal("cancel 12 @bob said so").why


def test_a_long_line_looks_up_few_handles_and_each_once() -> None:
    asked: list[str] = []
    read(" ".join(f"@a{n} @a{n}" for n in range(900)), NOW, STOCKHOLM, lambda handle: asked.append(handle))
    assert len(asked) == len(set(asked)) <= 20


def test_mentions_are_shown_by_name() -> None:
    stored = f"lunch with {mention(ANN)} and {mention(BOB)}, \ue000 \ue001"
    assert show_mentions(stored, {ANN: "Ann", BOB: "Bob"}.__getitem__) == "lunch with @Ann and @Bob,  "


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("two \r\nlines\rof text  ", "two\nlines\nof text"),
        ("a\tb\x00\x1b[31m\u202e", "a\tb[31m"),
        (f"not {mention(ANN)}", f"not {ANN}"),
        ("cafe\u0301", "café"),
        ("half \ud83d of", "half  of"),
        ("👩\u200d🌾 می\u200cخواهم", "👩\u200d🌾 می\u200cخواهم"),
    ],
)
def test_clean(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_tower_of_accents_is_lowered() -> None:
    assert len(clean("a" + "\u0316\u0301" * 50_000)) <= 31


@pytest.mark.parametrize(
    "words",
    [
        "!high ",
        "@bob ",
        "private ",
        "private\n",
        "by friday ",
        "for @bob ",
        "by ",
        "#",
        "a.- ",
        " \t\n",
        ":a:",
    ],
)
@pytest.mark.parametrize("verb", ["", "take 12 ", "snooze 12 until ", "note 12 ", "list ", "rate 12 4 "])
def test_a_full_line_of_anything_is_read_in_no_time(verb: str, words: str) -> None:
    line = (verb + words * LONGEST)[:LONGEST]
    say("take 12 by 1 december")  # loads the reader of dates
    before = process_time()
    say(line)
    reads(line)
    clean(line)
    assert process_time() - before < 0.25  # some ten milliseconds, on a machine with other things to do


def test_every_verb_has_a_usage_that_reads_as_more_than_a_refusal() -> None:
    for usage in USAGES:
        line = usage.line.replace("[", "").replace("]", "").replace("<", "").replace(">", "").split(",")[0]
        assert not isinstance(say(line), Misunderstood), line
    assert set(_NUMBERED) <= {usage.verb for usage in USAGES}


def test_the_reasons_are_those_of_the_poll() -> None:
    assert set(_FAULTS) == set(csat.REASONS)


@pytest.mark.parametrize(("line", "intent"), COMMANDS)
def test_reads_promises_only_what_is_so(line: str, intent: Intent) -> None:
    assert reads(line) == isinstance(intent, READING)


WORDS = st.one_of(
    st.sampled_from([usage.verb for usage in USAGES]),
    st.sampled_from(["12", "#12", "15", "3", "…", "...", "?", "\n", "🔒", ":lock:", "\ue000", mention(ANN)]),
    st.sampled_from(
        ["@bob", "@nobody", "for", "by", "until", "on", "friday", "yesterday", "!high", "private"]
    ),
    st.sampled_from(["tulips", "to", "and", "please", "a", "ok", "tkae", "close", "/request"]),
)
LINES = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=8).map(" ".join))


@given(LINES, st.booleans())
def test_any_line_is_an_intent(line: str, chat: bool) -> None:
    intent = say(line, chat=chat)
    assert isinstance(intent, get_args(Intent))
    assert not reads(line) or isinstance(intent, READING)


@given(st.text(max_size=200))
def test_clean_text_is_clean_and_stays_so(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Co", "Cs") for c in once)


ORDINARY = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=9).filter(
    lambda word: word.lower() not in {"by", "for", "private"}
)
FLAG = st.sampled_from(["!low", "!high", "@bob", "for @ann", "by 27 november 2026"])


@given(st.lists(ORDINARY, min_size=3, max_size=12), st.lists(st.tuples(st.integers(0, 12), FLAG), max_size=4))
def test_filing_keeps_every_ordinary_word_in_its_order(
    words: list[str], flags: list[tuple[int, str]]
) -> None:
    parts = ["please,", *words]
    for place, flag in flags:
        parts.insert(1 + place, flag)
    filed = draft(" ".join(parts))
    kept = iter((filed.details or filed.text).split())
    assert all(word in kept for word in words)
    assert all(left or right for left, right in pairwise((filed.details or filed.text).split(" ")))
