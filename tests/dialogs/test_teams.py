"""What people do in Teams, and what they read because of it: from filing to rating, coming and going."""

from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from bot.playground.teams import payloads
from bot.playground.teams.people import Colleague
from bot.playground.teams.records import Message
from storage import conversations, people, ratings
from tests.teams import DESK, DRIVER, FLORA, MANAGER, TEAM, TeamsShop, open_teams_shop


@pytest.fixture
async def shop(shop_url: str) -> AsyncIterator[TeamsShop]:
    async with open_teams_shop(shop_url) as shop:
        yield shop


async def told(shop: TeamsShop, who: Colleague, doing: Coroutine[Any, Any, Any], where: str = "") -> str:
    """What the bot answers to something that somebody does."""
    before = await shop._answers(who, where)
    await doing
    await shop.settle()
    after = await shop._answers(who, where)
    return "\n".join(one.summary for key, one in after.items() if key not in before)


async def test_a_request_from_filing_to_rating(shop: TeamsShop) -> None:
    said = await shop.says(shop.clerk, "/request the card printer is out of paper by friday !high")
    assert said.startswith("#1 the card printer is out of paper.\n#1 is with the team.")
    card = await shop.card(1, shop.flora)
    assert "Waiting for somebody to take it." in card.plain
    await shop.press(shop.flora, card, "Take")
    assert "Flora Nilsson has it." in (await shop.card(1, shop.flora)).plain
    assert "Flora Nilsson has taken #1" in shop.news(shop.clerk)[-1]
    assert "will be asked how it was" in await shop.says(shop.flora, "resolve 1 new roll in the drawer")
    poll = shop.poll(shop.clerk)
    await shop.press(shop.clerk, poll, "🤩 great")
    assert "Thank you. You chose 🤩 great." in shop.poll(shop.clerk).plain


async def test_in_a_channel_it_hears_its_name(shop: TeamsShop) -> None:
    await shop.dialog(
        (shop.clerk, "the fridge hums", "#1 the fridge hums"),
        (shop.flora, "take 1", "#1 is yours."),
        where=DESK,
    )
    await shop.clerk.say(DESK, "just talking", mention_bot=False)
    await shop.settle()
    assert shop.tenant.sent("message")[-1].activity["text"] != "just talking"


# the poll


async def asked(shop: TeamsShop) -> Message:
    """A request of the clerk's is resolved by Flora; the poll he gets."""
    number = await shop.files()
    await shop.says(shop.flora, f"resolve {number} it is on the table")
    return shop.poll(shop.clerk)


async def score(shop: TeamsShop, number: int = 1) -> int | None:
    """What is kept as the answer."""
    poll = await shop.app.front.look(lambda tx: ratings.latest(tx, "main", number))
    assert poll is not None
    return poll.score


async def reacts(shop: TeamsShop, kind: str, poll: Message, *, back: bool = False) -> int | None:
    """The clerk puts a reaction on the poll, or takes it back; what is kept then."""
    shop.clock.at += timedelta(seconds=1)
    await (shop.clerk.unreact if back else shop.clerk.react)(poll, kind)
    await shop.settle()
    return await score(shop)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("heart", 5),
        ("like", 4),
        ("laugh", 4),
        ("surprised", 3),
        ("sad", 2),
        ("angry", 1),
        ("stareyes", 5),
        ("1f929_grinningfacewithstareyes", 5),
        ("1f610", 3),
        ("slightly_smiling_face", 4),
        ("angryface", 1),
        ("launch", None),
        ("1f44f_clappinghands-tone3", None),
        ("never heard of", None),
        ("", None),
    ],
)
async def test_a_reaction_on_the_poll_is_a_vote(shop: TeamsShop, kind: str, expected: int | None) -> None:
    poll = await asked(shop)
    assert await score(shop) is None
    assert await reacts(shop, kind, poll) == expected
    now = shop.poll(shop.clerk)
    assert now.id == poll.id
    assert ("Thank you. You chose" in now.plain) == (expected is not None)
    assert len([one for one in now.buttons if "great" in one]) == 1, "and can still be changed by a button"


async def test_the_last_reaction_counts_and_taking_it_back_leaves_the_one_before(shop: TeamsShop) -> None:
    poll = await asked(shop)
    assert [await reacts(shop, kind, poll) for kind in ("heart", "surprised", "angry")] == [5, 3, 1]
    left = [await reacts(shop, kind, poll, back=True) for kind in ("surprised", "angry", "heart")]
    assert left == [1, 5, None]
    assert "How was the service?" in shop.poll(shop.clerk).plain


async def test_reactions_that_come_in_the_wrong_order(shop: TeamsShop) -> None:
    poll = await asked(shop)
    told_of = []
    for change, kind in (("Added", "heart"), ("Added", "angry"), ("Removed", "angry")):
        shop.clock.at += timedelta(seconds=1)
        told_of.append(payloads.reaction(shop.tenant, shop.clerk.id, poll, f"reactions{change}", kind))
    first, second, gone = told_of
    for event, expected in ((second, 1), (first, 1), (gone, 5), (second, 5), (first, 5)):
        assert (await shop.tenant.delivery.activity(event)).ok
        assert await score(shop) == expected


async def test_only_the_requesters_reaction_on_the_poll_counts(shop: TeamsShop) -> None:
    poll = await asked(shop)
    for who, on in (
        (shop.flora.id, poll),
        (shop.clerk.id, await shop.own_card(1, shop.clerk)),
        (shop.clerk.id, await shop.card(1, shop.clerk)),
    ):
        event = payloads.reaction(shop.tenant, who, on, "reactionsAdded", "angry")
        assert (await shop.tenant.delivery.activity(event)).ok
        assert await score(shop) is None
    assert len(await shop.history(1)) == 2


async def test_buttons_of_the_poll_and_what_fell_short(shop: TeamsShop) -> None:
    poll = await asked(shop)
    await shop.press(shop.clerk, poll, "😡 bad")
    assert await score(shop) == 1
    await shop.press(shop.clerk, shop.poll(shop.clerk), "Timeliness")
    await shop.press(shop.clerk, shop.poll(shop.clerk), "Attitude")
    assert [one for one in shop.poll(shop.clerk).buttons if "✓" in one] == ["✓ Timeliness", "✓ Attitude"]
    await shop.press(shop.clerk, shop.poll(shop.clerk), "✓ Attitude")
    assert [one for one in shop.poll(shop.clerk).buttons if "✓" in one] == ["✓ Timeliness"]
    assert await reacts(shop, "heart", poll) == 5, "a reaction and a button are the same vote"
    assert "Timeliness" not in str(shop.poll(shop.clerk).buttons)
    shop.clock.at += timedelta(seconds=1)
    assert await shop.press(shop.clerk, shop.poll(shop.clerk), "😡 bad")
    await shop.press(shop.clerk, shop.poll(shop.clerk), "Reopen …")
    assert not await shop.submit(shop.clerk, text="it wilted")
    assert "this question is closed" in shop.clerk.sees_message(poll).plain


async def test_a_comment_by_dialog_and_by_quoting_the_poll(shop: TeamsShop) -> None:
    poll = await asked(shop)
    await shop.press(shop.clerk, poll, "🙂 good")
    assert await shop.press(shop.clerk, shop.poll(shop.clerk), "Add a comment …") == "Comment on #1"
    assert not await shop.submit(shop.clerk, text="fresh and <b>bright</b>")
    assert "\nfresh and <b>bright</b>\n" in shop.poll(shop.clerk).plain
    assert not await told(shop, shop.clerk, shop.clerk.reply(poll, "and on time"))
    assert "\nand on time\n" in shop.poll(shop.clerk).plain
    assert await score(shop) == 4
    assert not shop.thread(await shop.card(1, shop.flora), shop.flora), "a comment is for nobody else"


# the conversation


async def test_what_is_said_under_a_card_reaches_the_other_side(shop: TeamsShop) -> None:
    await shop.files()
    card = await shop.card(1, shop.flora)
    assert not await told(shop, shop.flora, shop.flora.reply(card, "@Deskbell tulips or roses?"), DESK)
    assert shop.chat(shop.clerk)[-1].plain == "Flora Nilsson on #1:\ntulips or roses?"
    own = await shop.own_card(1, shop.clerk)
    assert not await told(shop, shop.clerk, shop.clerk.reply(own, "roses"))
    assert shop.thread(card, shop.flora)[-1] == "Carl Berg on #1:\n“roses”."
    assert (await shop.history(1))[-1] == "Carl Berg wrote: “roses”"
    await shop.says(shop.flora, "ask 1 which colour?")
    question = shop.chat(shop.clerk)[-1]
    await shop.clerk.reply(question if "colour" in question.plain else own, "white")
    await shop.settle()
    assert "Waiting for somebody to take it." in (await shop.card(1, shop.flora)).plain


@pytest.mark.parametrize("everything", [False, True])
async def test_what_stays_with_the_team_and_what_was_not_for_us(shop: TeamsShop, everything: bool) -> None:
    await shop.leaves(shop.svea)
    shop.tenant.hears_everything = everything
    await shop.files("a bouquet", shop.svea)
    card = await shop.card(1, shop.flora)
    begins = "" if everything else "@Deskbell "
    await shop.flora.reply(card, f"{begins}🔒 she never pays")
    await shop.flora.reply(card, "just among us" if not everything else "🔒 just among us")
    await shop.flora.say(DESK, "not under a card", mention_bot=False)
    await shop.flora.reply(card, f"{begins}tulips are in")
    await shop.settle()
    heard = [one.plain for one in shop.chat(shop.svea) if "on #1" in one.plain]
    assert heard == ["Flora Nilsson on #1:\ntulips are in"]
    history = await shop.history(1)
    assert "Flora Nilsson wrote to the team alone: “she never pays”" in history
    assert ("just among us" in str(history)) == everything
    assert "not under a card" not in str(history)


async def test_a_command_under_a_card_is_a_command(shop: TeamsShop) -> None:
    await shop.files()
    card = await shop.card(1, shop.flora)
    assert await told(shop, shop.flora, shop.flora.reply(card, "@Deskbell take 1"), DESK) == "#1 is yours."
    assert shop.thread(card, shop.flora)[-1] == "#1 is yours."
    said = await shop.driver.say(TEAM, "the van is slow")
    answer = await told(shop, shop.driver, shop.driver.reply(said, "@Deskbell new tyres for the van"), TEAM)
    assert answer.startswith("#2 new tyres for the van"), "a thread of somebody else's is no conversation"


async def test_a_quote_in_a_group_chat_is_a_reply_too(shop_url: str) -> None:
    group = "19:desk@thread.v2"
    async with open_teams_shop(shop_url) as shop:
        shop.tenant.add_group(group, "Desk", members=(FLORA, DRIVER), bot=True)
        shop.settings = shop.settings.model_copy(update={"triage_channel": group, "lead": MANAGER})
        await shop.close()
        await shop.open()
        await shop.files()
        card = await shop.card(1, shop.flora, group)
        await shop.flora.reply(card, "@Deskbell tulips or roses?")
        await shop.settle()
        assert shop.chat(shop.clerk)[-1].plain == "Flora Nilsson on #1:\ntulips or roses?"


# who comes and goes


async def test_an_installation_greets_once(shop: TeamsShop) -> None:
    shop.tenant.set_installed(DRIVER, there=False)
    await shop.driver.install()
    await shop.settle()
    (greeting,) = shop.chat(shop.driver)
    assert greeting.summary.startswith("Good to see you, David. What do you need?")
    sent = shop.tenant.sent("installationUpdate")[-1]
    assert (await shop.tenant.delivery.again(sent)).ok
    upgrade = {**sent.activity, "action": "add-upgrade", "id": "f:later"}
    assert (await shop.tenant.delivery.activity(upgrade)).ok
    await shop.settle()
    assert len(shop.chat(shop.driver)) == 1
    await shop.driver.uninstall()
    assert await reference(shop, f"teams:{DRIVER}") is None


async def reference(shop: TeamsShop, place: str) -> object:
    """How the database says that a place is reached."""
    return await shop.app.front.look(lambda tx: conversations.get(tx, "main", place))


async def test_who_joins_the_team_serves_and_who_leaves_does_not(shop: TeamsShop) -> None:
    await shop.files()
    shop.tenant.add_person("29:ola", "Ola Dahl", "ola@petals.example")
    ola = shop.tenant.person("29:ola")
    shop.tenant.installed.add("29:ola")
    await shop.dialog((ola, "take 1", "Only the people of its channel can take #1."))
    await shop.tenant.add_member(TEAM, "29:ola", by=MANAGER)
    await shop.dialog((ola, "take 1", "#1 is yours."))
    assert "Ola Dahl has it." in (await shop.card(1, shop.flora)).plain
    await shop.leaves(ola)
    await shop.files("two vases")
    await shop.dialog((ola, "take 2", "Only the people of its channel can take #2."))


async def test_the_bot_is_no_member_of_the_desk(shop_url: str) -> None:
    async with open_teams_shop(shop_url, triage_channel=TEAM) as shop:
        await shop.tenant.remove_from(TEAM, by=MANAGER)
        await shop.tenant.install_in(TEAM, by=MANAGER)
        await shop.settle()
        desk = await shop.app.front.look(lambda tx: people.members_of(tx, "main", f"teams:{TEAM}"))
        assert desk == {f"teams:{who}" for who in shop.tenant.members(TEAM)}


async def test_when_the_bot_is_put_out_of_the_team_the_lead_gets_the_card(shop: TeamsShop) -> None:
    await shop.dialog((shop.clerk, "a bouquet", "#1 a bouquet"), where=DESK)
    assert await reference(shop, f"teams:{DESK}")
    await shop.tenant.remove_from(DESK, by=MANAGER)
    assert await reference(shop, f"teams:{DESK}") is None
    await shop.dialog((shop.flora, "take 1", "#1 is yours."))
    assert "Flora Nilsson has it." in (await shop.own_card(1, shop.manager)).plain
    assert "Its card could not be shown where it was, and moved" in str(await shop.history(1))
    await shop.dialog((shop.clerk, "two vases", "#2 two vases"))
    assert await shop.own_card(2, shop.manager)


async def test_a_channel_that_is_deleted_is_forgotten_and_no_other(shop: TeamsShop) -> None:
    await shop.says(shop.clerk, "hello", TEAM)
    await shop.dialog((shop.clerk, "a bouquet", "#1 a bouquet"), where=DESK)
    await shop.tenant.delete_channel(DESK, by=MANAGER)
    assert await reference(shop, f"teams:{DESK}") is None
    assert await reference(shop, f"teams:{TEAM}")
    await shop.says(shop.flora, "take 1")
    assert "Flora Nilsson has it." in (await shop.own_card(1, shop.manager)).plain


async def test_who_never_met_the_bot_is_told_in_the_channel_until_they_say_hello(shop: TeamsShop) -> None:
    shop.tenant.set_installed(DRIVER, there=False)
    await shop.files("drive to the market @David Holm")
    assert await shop.card(1, shop.flora)
    assert "David Holm" in str(shop.thread(await shop.card(1, shop.flora), shop.flora))
    await shop.files("a parcel for the post @David Holm")
    await shop.says(shop.clerk, "note 2 before noon")
    assert not shop.chat(shop.driver)
    shop.tenant.set_installed(DRIVER, there=True)
    await shop.dialog((shop.driver, "hello", "Say what you need"))
    for number in (1, 2):
        assert "Waiting for David Holm to take it." in (await shop.own_card(number, shop.driver)).plain


# what is changed afterwards


async def test_an_edit_is_heard_when_the_first_try_was_not_understood(shop: TeamsShop) -> None:
    for number, where in ((1, shop.flora.chat), (2, DESK)):
        await shop.files()
        mention = where == DESK
        said = await shop.flora.say(where, f"tkae {number}", mention_bot=mention)
        await shop.settle()
        edited = shop.flora.edit(said, f"take {number}", mention_bot=mention)
        assert await told(shop, shop.flora, edited, DESK) == f"#{number} is yours."


async def test_an_edit_of_what_was_kept_changes_nothing_and_says_so(shop: TeamsShop) -> None:
    said = await shop.clerk.say(shop.clerk.chat, "a bouquet")
    await shop.settle()
    answer = await told(shop, shop.clerk, shop.clerk.edit(said, "two bouquets"))
    assert answer == "#1 stays as you first wrote it. Add what changed with note 1."
    await shop.clerk.delete(said)
    await shop.settle()
    assert (await shop.card(1, shop.flora)).plain.startswith("#1 a bouquet\nWaiting for somebody")
    assert not await shop.cards(2, shop.flora)


# time


async def test_references_survive_a_restart(shop_url: str) -> None:
    nowhere = "http://127.0.0.1:1/teams/"
    async with open_teams_shop(shop_url, teams_service_url=nowhere, lead=MANAGER) as shop:
        await shop.dialog((shop.clerk, "a bouquet", "#1 a bouquet"), where=DESK)
        begun = len(shop.tenant.called("create"))
        await shop.close()
        await shop.open()
        before = len(shop.tenant.log.all(DESK))
        await shop.wait(days=3)
        assert len(shop.tenant.log.all(DESK)) > before, "nobody took it, and the channel hears so"
        await shop.press(shop.flora, await shop.card(1, shop.flora), "Take")
        assert "Flora Nilsson has taken #1" in shop.news(shop.clerk)[-1]
        assert len(shop.tenant.called("create")) <= begun + 1, "the lead's chat alone is new"


async def test_times_are_on_the_clock_of_whoever_says_and_reads_them(shop: TeamsShop) -> None:
    await shop.says(shop.manager, "a wreath by tomorrow 15:00")
    assert "Needed by: Tue, 24 Nov 2026 15:00" in (await shop.own_card(1, shop.manager)).plain
    assert "Needed by: Tue, 24 Nov 2026 16:00" in (await shop.card(1, shop.flora)).plain
    assert "Europe/London" in await shop.says(shop.manager, "settings")
