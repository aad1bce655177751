"""Every line of the grammar: done, refused for the state, refused for the person, without such a number."""

from collections.abc import Sequence

import pytest

from bot.playground.shop import GENERAL, SHOP_DESK
from tests.shop import Shop, buttons

CARL, FLORA, DAVID, MARGIT, SVEA = "clerk", "flora", "driver", "manager", "svea"
Said = tuple[str, str]


@pytest.fixture(autouse=True)
async def svea_is_elsewhere(shop: Shop) -> None:
    """One colleague does not belong to the triage channel."""
    await shop.svea.leave(SHOP_DESK)


async def say_all(shop: Shop, lines: Sequence[Said]) -> None:
    for who, line in lines:
        await shop.says(getattr(shop, who), line, GENERAL)


BOUQUET: Said = (CARL, "a bouquet for table three")
Case = tuple[list[Said], str, str, str]
"""What was said before about a fresh request, its number written `{n}`; who says what; what they read."""


async def play(shop: Shop, cases: Sequence[Case], *, changes: bool) -> None:
    """Play every case on a request of its own; where nothing `changes`, card and history stay as they are."""
    for before, who, line, expected in cases:
        n = await filed(shop, before)
        card, told = card_of(shop, n), await shop.history(n, shop.clerk)
        said = (getattr(shop, who), line.format(n=n, m=n - 1), expected.format(n=n, m=n - 1))
        await shop.dialog(said, channel=GENERAL)
        changed = (card_of(shop, n), await shop.history(n, shop.clerk)) != (card, told)
        assert changed == changes, line


async def filed(shop: Shop, before: Sequence[Said]) -> int:
    first, *others = before
    n = await shop.files(first[1], getattr(shop, first[0]))
    for who, line in others:
        await shop.says(getattr(shop, who), line.format(n=n, m=n - 1), GENERAL)
    return n


def card_of(shop: Shop, number: int) -> str:
    return shop.own_card(number, shop.clerk).text


ASKED = [BOUQUET, (FLORA, "ask {n} which colour?")]
TAKEN = [BOUQUET, (FLORA, "take {n}")]
RESOLVED = [BOUQUET, (FLORA, "resolve {n} done")]
STEPS: list[Case] = [
    ([BOUQUET], FLORA, "take {n}", "#{n} is yours."),
    ([BOUQUET], FLORA, "take #{n} by friday", "#{n} is yours, promised by Fri 27 Nov, 17:00."),
    (TAKEN, FLORA, "take {n} by tomorrow", "promised by Tue 24 Nov, 17:00."),
    (ASKED, FLORA, "take {n}", "#{n} is yours."),
    (TAKEN, FLORA, "give {n} @david he has the van", "#{n} is now with David Holm."),
    ([BOUQUET], MARGIT, "give {n} @svea", "#{n} is now with Svea Lund."),
    ([BOUQUET], FLORA, "ask {n} which colour?", "Carl Berg is asked. #{n} waits for the answer."),
    ([BOUQUET], FLORA, "wait {n} until tuesday", "#{n} is paused until Tue 24 Nov, 17:00."),
    ([BOUQUET, (CARL, "more paper")], FLORA, "wait {n} on 1", "#{n} waits until #1 is resolved."),
    ([BOUQUET], FLORA, "note {n} tulips are in", "Added to #{n}."),
    (ASKED, CARL, "note {n} white", "Added to #{n}. #{n} goes on."),
    (ASKED, CARL, "answer {n} white", "Added to #{n}. #{n} goes on."),
    (
        [BOUQUET],
        FLORA,
        "resolve {n} it is on the table",
        "#{n} is resolved. Carl Berg will be asked how it was.",
    ),
    ([BOUQUET], CARL, "resolve {n}", "#{n} is resolved."),
    (RESOLVED, CARL, "reopen {n} it wilted", "#{n} is open again."),
    ([BOUQUET, (CARL, "cancel {n}")], FLORA, "reopen {n}", "#{n} is open again."),
    ([BOUQUET, (FLORA, "decline {n} no tulips")], SVEA, "reopen {n}", "#{n} is open again."),
    ([BOUQUET], CARL, "cancel {n}", "#{n} is cancelled."),
    ([BOUQUET], FLORA, "decline {n} there are no tulips", "#{n} is declined. Carl Berg hears why."),
    (RESOLVED, CARL, "rate {n} 4 lovely", "You rated the service for #{n} as good."),
    (TAKEN, CARL, "nudge {n}", "Flora Nilsson is asked for news of #{n}."),
    ([BOUQUET], CARL, "nudge {n}", "The team is asked for news of #{n}."),
    ([BOUQUET], FLORA, "snooze {n} until tomorrow no van", "#{n} is parked until Tue 24 Nov, 17:00."),
    ([BOUQUET], SVEA, "follow {n}", "You will hear how it goes with #{n}."),
    ([BOUQUET, (SVEA, "follow {n}")], SVEA, "unfollow {n}", "You no longer follow #{n}."),
]


async def test_a_step_is_made(shop: Shop) -> None:
    await play(shop, STEPS, changes=True)


AGAIN = "#{n} was already resolved by Flora Nilsson. Say reopen {n} first."
WRONG_STATE: list[Case] = [
    *(
        (RESOLVED, DAVID, line, AGAIN)
        for line in ("take {n}", "give {n} @margit", "ask {n} which?", "resolve {n}")
    ),
    *((RESOLVED, DAVID, line, AGAIN) for line in ("wait {n} until friday", "snooze {n} until friday later")),
    (RESOLVED, CARL, "cancel {n}", AGAIN),
    (RESOLVED, DAVID, "decline {n} no", AGAIN),
    (RESOLVED, CARL, "nudge {n}", AGAIN),
    ([BOUQUET, (CARL, "cancel {n}")], DAVID, "take {n}", "#{n} was already cancelled by Carl Berg."),
    ([BOUQUET, (FLORA, "decline {n} no")], DAVID, "take {n}", "#{n} was already declined by Flora Nilsson."),
    ([BOUQUET], CARL, "reopen {n}", "#{n} is still open; there is nothing to reopen."),
    ([BOUQUET], CARL, "rate {n} 5", "#{n} is not resolved yet; the service is rated when it is."),
    (TAKEN, DAVID, "take {n}", "Flora Nilsson already has #{n}. They can say give {n}"),
    (TAKEN, DAVID, "give {n} @flora", "Flora Nilsson already has #{n}."),
    (TAKEN, FLORA, "take {n}", "#{n} is already yours."),
    ([BOUQUET], CARL, "ask {n} which?", "You asked for #{n} yourself. Add a note instead."),
    ([BOUQUET, (CARL, "nudge {n}")], CARL, "nudge {n}", "You asked for news of #{n} already."),
    ([BOUQUET], FLORA, "wait {n} on {n}", "#{n} itself waits for #{n}"),
    (TAKEN, FLORA, "wait {n} on 1", "#1 is already resolved; there is nothing to wait for."),
    (
        [BOUQUET, (CARL, "vases"), (FLORA, "wait {m} on {n}")],
        FLORA,
        "wait {n} on {m}",
        "#{m} itself waits for #{n}",
    ),
    ([BOUQUET, (CARL, "resolve {n}")], CARL, "rate {n} 5", "Nobody is asked to rate #{n}"),
]


async def test_the_state_does_not_allow_it(shop: Shop) -> None:
    await play(shop, WRONG_STATE, changes=False)


ONLY_CHANNEL = "Only the people of its channel can"
FOR_DAVID: list[Said] = [(CARL, "drive to the market @david")]
ONLY_DAVID = "#{n} was sent to one colleague; only they can"
SECRET: list[Said] = [(CARL, "private a raise")]
PRIVATE = "#{n} is private, and you are not part of it."
SERVING = ("take {n}", "give {n} @svea", "ask {n} which?", "resolve {n}", "decline {n} no")
PARKING = ("wait {n} until friday", "snooze {n} until friday later", "note {n} 🔒 secret")
READING = (
    "show {n}",
    "history {n}",
    "note {n} hello",
    "follow {n}",
    "reopen {n}",
    "cancel {n}",
    "rate {n} 1",
)
NOT_ALLOWED: list[Case] = [
    *(([BOUQUET], SVEA, line, ONLY_CHANNEL) for line in (*SERVING, *PARKING)),
    *((FOR_DAVID, FLORA, line, ONLY_DAVID) for line in SERVING),
    *((SECRET, SVEA, line, PRIVATE) for line in (*SERVING, *PARKING, *READING)),
    ([BOUQUET], FLORA, "cancel {n}", "Only the requester can cancel it. You can decline it, with a reason."),
    ([BOUQUET], FLORA, "nudge {n}", "Only the requester can ask for news. You can follow it instead."),
    (RESOLVED, FLORA, "rate {n} 5", "Only the requester rates the service."),
]


async def test_this_person_may_not(shop: Shop) -> None:
    await play(shop, NOT_ALLOWED, changes=False)


NOBODY_S = (
    *("take 7", "give 7 @david", "ask 7 which?", "wait 7 until friday", "wait 1 on 7", "note 7 hello"),
    *("answer 7 yes", "resolve 7", "reopen 7", "cancel 7", "decline 7 no", "rate 7 4", "comment 7 fine"),
    *("fault 7 attitude", "nudge 7", "snooze 7 until friday later", "show 7", "7", "history 7"),
    *("follow 7", "unfollow 7", "decline 7 …", "ask #7"),
)


async def test_there_is_no_such_number(shop: Shop) -> None:
    await shop.files()
    await shop.dialog(*((shop.flora, line, "There is no request #7.") for line in NOBODY_S))


async def test_filing_says_who_sees_it(shop: Shop) -> None:
    await shop.dialog(
        (shop.clerk, "a bouquet", "#1 is with the team. You will hear in your direct messages."),
        (shop.clerk, "two vases @david", "#2 is with David Holm. You will hear in your direct messages."),
        (shop.clerk, "check the fridge @carl", "#3 is kept, for yourself."),
        (shop.clerk, "a card for @svea @margit", "#4 is with Margit Ek."),
    )


async def test_looking(shop: Shop) -> None:
    await shop.dialog((shop.clerk, "digest", "Nothing was filed or resolved in the last seven days"))
    await say_all(
        shop, [BOUQUET, (CARL, "paper"), (FLORA, "take 2"), (CARL, "ribbon"), (FLORA, "ask 3 which?")]
    )
    await shop.wait(minutes=1)
    await shop.dialog(
        (shop.svea, "show 1", "#1 a bouquet for table three"),
        (shop.svea, "1", "#1 a bouquet for table three"),
        (shop.clerk, "list", "What you asked for.\n#1 a bouquet for table three"),
        (shop.clerk, "list mine", "What you asked for.\n#1 a bouquet for table three"),
        (shop.flora, "list for me", "What waits for you.\n#2 paper"),
        (shop.driver, "list for me", "Nothing waits for you."),
        (shop.svea, "list team", "Not taken yet.\n#1 a bouquet for table three"),
        (shop.svea, "list open", "Everything unfinished.\n#1 a bouquet for table three"),
        (shop.svea, "list late", "Nothing is late."),
        (shop.svea, "list waiting", "Waiting.\n#3 ribbon"),
        (shop.svea, "find TABLE bouquet", "#1 a bouquet for table three"),
        (shop.svea, "find tulips", "Nothing contains all these words."),
        (shop.svea, "history 1", "Carl Berg asked for it"),
        (shop.clerk, "digest", "3 requests came in"),
        (shop.clerk, "help", "Say what you need, in your own words."),
        (shop.clerk, "help take", "This is how to take:"),
        (shop.clerk, "home", "Good to see you, Carl."),
        channel=GENERAL,
    )


async def test_a_line_without_its_words_opens_a_form(shop: Shop) -> None:
    await shop.files()
    await shop.dialog(
        (shop.clerk, "", "Ask for something"),
        (shop.clerk, "settings", "Your settings"),
        (shop.flora, "give 1", "Hand over #1"),
        (shop.flora, "ask 1", "Ask about #1"),
        (shop.flora, "answer 1", "Answer #1"),
        (shop.flora, "note 1", "Note to #1"),
        (shop.flora, "wait 1", "Pause #1"),
        (shop.flora, "decline 1", "Decline #1"),
        (shop.flora, "snooze 1", "Snooze #1"),
        (shop.flora, "snooze 1 until friday", "Snooze #1"),
        (shop.flora, "take 1 …", "Promise #1"),
        (shop.flora, "resolve 1 …", "Done: #1"),
    )


async def test_all_that_a_line_can_carry(shop: Shop) -> None:
    await shop.dialog(
        (shop.svea, "sunflowers for the window by friday 15:00 !high for @carl", "#1 is"), channel=GENERAL
    )
    card = shop.card(1, shop.flora)
    for fact in ("sunflowers for the window", "From: Carl Berg", "Filed by: Svea Lund", "Priority: high"):
        assert fact in card.text
    assert "Needed by: Fri 27 Nov, 15:00" in card.text
    assert "From:" not in shop.own_card(1, shop.clerk).text, "nobody is told their own name"


async def test_a_life_as_each_side_sees_it(shop: Shop) -> None:
    """One card per place, edited and never posted again; the news arrives where it belongs."""
    await shop.files("a bouquet for table three")
    triage, own = shop.card(1, shop.flora), shop.own_card(1, shop.clerk)
    assert "Waiting for somebody to take it." in triage.text
    assert buttons(triage) == ["Take", "Done …", "Ask …", "Hand over …", "Decline …"]
    assert buttons(own) == ["Any news?", "Add a note …", "Cancel"]
    steps = (
        (shop.flora, "take 1 by friday", "Flora Nilsson has it."),
        (shop.flora, "take 1 by tomorrow", "Promised: Tue 24 Nov, 17:00."),
        (shop.flora, "give 1 @david he has the van", "David Holm has it."),
        (shop.driver, "ask 1 which door?", "Waiting for Carl Berg to answer: “which door?”"),
        (shop.clerk, "answer 1 the back door", "David Holm has it"),
        (shop.driver, "wait 1 until tomorrow 10:00", "Paused until Tue 24 Nov, 10:00."),
        (shop.driver, "take 1", "David Holm has it"),
        (
            shop.driver,
            "snooze 1 until tomorrow the van is away",
            "Parked until: Tue 24 Nov, 17:00: “the van is",
        ),
        (shop.driver, "resolve 1 it is on the table", "David Holm resolved it: “it is on the table”"),
        (shop.clerk, "reopen 1 it wilted", "David Holm has it."),
        (shop.driver, "decline 1 no more flowers", "David Holm declined it: “no more flowers”"),
    )
    for who, line, stands in steps:
        await shop.says(who, line)
        for seen, reader in ((triage, shop.flora), (own, shop.clerk)):
            now = reader.sees_message(seen.channel, seen.ts)
            assert stands in now.text, (line, now.text)
            assert shop.card(1, reader, seen.channel).ts == seen.ts
    assert shop.news(shop.clerk) == [
        "Flora Nilsson has taken #1 “a bouquet for table three” and promises it by Fri 27 Nov, 17:00.",
        "Flora Nilsson now promises #1 “a bouquet for table three” by Tue 24 Nov, 17:00. "
        "Before, it was Fri 27 Nov, 17:00.",
        "Flora Nilsson handed #1 “a bouquet for table three” to David Holm: “he has the van”.",
        "David Holm needs to know something about #1 “a bouquet for table three”: “which door?”",
        "David Holm paused #1 “a bouquet for table three” until Tue 24 Nov, 10:00.",
        "David Holm has taken #1 “a bouquet for table three”.",
        "#1 a bouquet for table three.",
        "David Holm declined #1 “a bouquet for table three”: “no more flowers”.",
    ]
    assert shop.news(shop.driver) == [
        "Flora Nilsson handed #1 “a bouquet for table three” to you: “he has the van”."
    ]
    assert shop.thread(shop.card(1, shop.flora), shop.flora)[:3] == [
        "David Holm needs to know something about #1 “a bouquet for table three”: “which door?”",
        "Carl Berg on #1:\n“the back door”.",
        "David Holm: Carl Berg reopened #1 “a bouquet for table three”: “it wilted”.",
    ]
    told = await shop.history(1)
    assert told.pop(8).startswith("David Holm parked it until Tue 24 Nov, 17:00: ")
    assert told == [
        "Carl Berg asked for it",
        "Flora Nilsson took it and promised it by Fri 27 Nov, 17:00",
        "Flora Nilsson promised it by Tue 24 Nov, 17:00",
        "Flora Nilsson handed it to David Holm: “he has the van”",
        "David Holm asked the requester: “which door?”",
        "Carl Berg answered: “the back door”",
        "David Holm paused it until Tue 24 Nov, 10:00",
        "David Holm took it",
        "David Holm resolved it: “it is on the table”",
        "Carl Berg reopened it: “it wilted”",
        "David Holm declined it: “no more flowers”",
    ]


async def test_a_request_to_a_person_lives_in_their_direct_messages(shop: Shop) -> None:
    await shop.files("drive to the market @david")
    assert not shop.cards(1, shop.flora)
    assert "Waiting for David Holm to take it." in shop.own_card(1, shop.driver).text
    assert buttons(shop.own_card(1, shop.driver))[0] == "Take"
    await shop.says(shop.driver, "give 1 @flora the van is at the garage")
    assert "Waiting for Flora Nilsson to take it." in shop.own_card(1, shop.flora).text
    assert "Flora Nilsson" in shop.own_card(1, shop.driver).text
    assert not buttons(shop.own_card(1, shop.driver))
    await shop.says(shop.flora, "take 1")
    assert shop.news(shop.clerk)[-1] == "Flora Nilsson has taken #1 “drive to the market”."


async def test_whoever_loses_a_request_hears_it(shop: Shop) -> None:
    await shop.files()
    await shop.says(shop.flora, "take 1")
    await shop.says(shop.manager, "give 1 @david flora is ill")
    assert shop.news(shop.driver) == ["Margit Ek handed #1 “a bouquet” to you: “flora is ill”."]
    assert shop.news(shop.flora) == ["Margit Ek handed #1 “a bouquet” to David Holm: “flora is ill”."]


async def test_followers_hear_and_then_no_longer(shop: Shop) -> None:
    await shop.files()
    await shop.says(shop.svea, "follow 1", GENERAL)
    await shop.says(shop.flora, "take 1")
    await shop.says(shop.svea, "unfollow 1", GENERAL)
    await shop.says(shop.flora, "resolve 1")
    assert shop.news(shop.svea) == ["Flora Nilsson has taken #1 “a bouquet”."]
    assert not shop.cards(1, shop.svea, shop.svea.dm)


@pytest.mark.parametrize("end", ["resolve 2", "decline 2 no paper", "cancel 2"])
async def test_what_waits_for_another_goes_on_when_that_ends(shop: Shop, end: str) -> None:
    await say_all(shop, [BOUQUET, (CARL, "wrapping paper"), (FLORA, "take 1"), (FLORA, "wait 1 on 2")])
    assert "Waiting until #2 is resolved." in shop.card(1, shop.flora).text
    await shop.says(shop.clerk if end.startswith("cancel") else shop.driver, end)
    assert "Flora Nilsson has it." in shop.card(1, shop.flora).text
    assert shop.thread(shop.card(1, shop.flora), shop.flora)[-1] == (
        "Flora Nilsson: #1 “a bouquet for table three” can go on: #2 has ended."
    )


async def test_nudge_is_heard_by_the_owner_and_once_a_working_day(shop: Shop) -> None:
    await shop.files()
    await shop.says(shop.flora, "take 1")
    await shop.dialog((shop.clerk, "nudge 1", "Flora Nilsson is asked for news of #1."))
    assert shop.thread(shop.card(1, shop.flora), shop.flora) == [
        "Flora Nilsson: Carl Berg asks: any news of #1 “a bouquet”?"
    ]
    await shop.wait(hours=23)
    await shop.dialog((shop.clerk, "nudge 1", "You can ask again Tue 24 Nov, 10:00."))
    await shop.wait(hours=1)
    await shop.dialog((shop.clerk, "nudge 1", "Flora Nilsson is asked"))


async def test_long_lists_say_how_many_more_there_are(shop: Shop) -> None:
    for number in range(18):
        await shop.clerk.command(SHOP_DESK, f"/request vase {number}")
    await shop.settle()
    await shop.dialog((shop.clerk, "list", "and 3 more"), (shop.clerk, "find vase", "and 3 more"))


async def test_the_most_pressing_stands_first(shop: Shop) -> None:
    for line in ("vases !low", "paper", "a wreath !urgent", "tape !high"):
        await shop.files(line)
    listed = await shop.says(shop.clerk, "list")
    assert [line[:2] for line in listed.split("\n") if line.startswith("#")] == ["#3", "#4", "#2", "#1"]


async def test_what_is_late_says_so(shop: Shop) -> None:
    await shop.files("a bouquet by today 12:00")
    await shop.wait(hours=3)
    await shop.dialog(
        (shop.svea, "list late", "#1 a bouquet.\nNeeded by Mon 23 Nov, 12:00. Nobody has it."),
        channel=GENERAL,
    )
    assert "Needed by: Mon 23 Nov, 12:00 (late)" in shop.card(1, shop.flora).text


async def test_history_keeps_the_reason_behind_a_date(shop: Shop) -> None:
    await say_all(shop, [BOUQUET, (FLORA, "snooze 1 until tomorrow the van is away")])
    assert "“the van is away”" in (await shop.history(1))[-1]
