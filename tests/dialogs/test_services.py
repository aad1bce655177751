"""Services: the form that follows the one that is chosen, and naming one in a line."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.front import Front
from bot.playground import payloads
from bot.playground.elements import chosen, press_of, the_one
from bot.playground.shop import SHOP_DESK
from storage import catalogue
from storage.records import Request, Service, Team
from storage.requests import get
from tests.shop import Shop
from tests.teams import DESK, TeamsShop, open_teams_shop

FLOWERS = Team("flowers", "Flowers")
BOUQUETS = Service(
    "bouquets",
    "Bouquets",
    "flowers",
    description="Everything that is bound.",
    form=(
        "Which size? (choice: small, large) *",
        "Ribbons (choices: red, white, gold)",
        "Stems (number)",
        "Wedding day (date)",
        "Who decides? (person)",
        "A gift? (yes/no)",
        "Words on the card",
    ),
)
VASES = Service("vases", "Vases", "flowers", form=("How many? (number)", "Which size? (choice: tall, flat)"))
WAGES = Service("wages", "Wages", "office", private=True)
OFFICE = Team("office", "The office")


async def stock(front: Front, *services: Service, teams: tuple[Team, ...] = (FLOWERS, OFFICE)) -> None:
    """Put these into the catalogue, beside what is in it."""

    def unit(tx: Connection) -> None:
        for team in teams:
            catalogue.keep_team(tx, front.house.org, replace(team, place=front.house.triage))
        for service in services:
            catalogue.keep_service(tx, front.house.org, service)
        catalogue.count_up(tx, front.house.org, catalogue.revision(tx, front.house.org))

    await front.keep(unit)


async def kept(front: Front, number: int = 1) -> Request:
    found = await front.look(lambda tx: get(tx, front.house.org, number))
    assert found is not None
    return found


async def anything(front: Front) -> bool:
    return await front.look(lambda tx: get(tx, front.house.org, 1)) is not None


@pytest.fixture
async def served(shop: Shop) -> Shop:
    await stock(shop.app.front, BOUQUETS, VASES, WAGES)
    return shop


@pytest.fixture
async def teams(shop_url: str) -> AsyncIterator[TeamsShop]:
    async with open_teams_shop(shop_url) as shop:
        await stock(shop.app.front, BOUQUETS, VASES, WAGES)
        yield shop


def labels(shop: Shop) -> list[str]:
    assert shop.clerk.modal is not None
    return [block["label"]["text"] for block in shop.clerk.modal.blocks if block["type"] == "input"]


async def choose(shop: Shop, service: str) -> None:
    await shop.clerk.press(shop.clerk.modal, "What is it about?", service)
    await shop.settle()


async def test_without_a_catalogue_the_form_asks_about_no_service(shop: Shop) -> None:
    await shop.says(shop.clerk, "")
    assert "What is it about?" not in labels(shop)


async def test_choosing_a_service_swaps_its_fields_in_and_keeps_what_was_typed(served: Shop) -> None:
    await served.says(served.clerk, "")
    plain = labels(served)
    assert plain[:3] == ["What is it about?", "What do you need?", "Details"]
    view = served.clerk.modal
    served.clerk.fill({"What do you need?": "roses", "Details": "red ones", "How urgent is it?": "high"})
    await choose(served, "Bouquets (Flowers)")
    assert served.clerk.modal is not None
    assert view is not None
    assert served.clerk.modal.id == view.id
    own = ["Which size?", "Ribbons", "Stems", "Wedding day", "Who decides?", "A gift?", "Words on the card"]
    assert labels(served) == [*plain[:2], *own, *plain[2:]]
    filled = served.clerk.filled()
    assert filled["What do you need?"] == "roses"
    assert filled["Details"] == "red ones"
    assert filled["How urgent is it?"] == "high"
    assert filled["Who may see it?"] == []
    await choose(served, "—")
    assert labels(served) == plain
    assert served.clerk.filled()["Details"] == "red ones"


async def test_what_a_service_asks_stands_on_the_card(served: Shop) -> None:
    await served.says(served.clerk, "")
    await choose(served, "bouquets")
    faults = await served.submit(
        served.clerk,
        **{
            "What do you need?": "roses",
            "Which size?": "large",
            "Ribbons": ["gold", "red"],
            "Stems": "1 000",
            "Wedding day": "2026-11-27",
            "Who decides?": served.flora.id,
            "A gift?": "Yes",
            "Words on the card": "*With* <love>",
        },
    )
    assert not faults
    assert served.clerk.modal is None
    assert (await kept(served.app.front)).answers == (
        ("Which size?", "large"),
        ("Ribbons", "red, gold"),
        ("Stems", "1 000"),
        ("Wedding day", "27 November 2026"),
        ("Who decides?", "Flora Nilsson"),
        ("A gift?", "yes"),
        ("Words on the card", "*With* <love>"),
    )
    card = served.card(1, served.flora).text
    for line in (
        "Service: Bouquets, Flowers",
        "Which size? “large”",
        "Ribbons: “red, gold”",
        "A gift? “yes”",
    ):
        assert line in card
    assert "*With* &lt;love&gt;" in card
    assert "#1 is with Flowers." in served.whispers(served.clerk)[-1].text
    assert "#1 roses" in await served.says(served.flora, "find gold")


async def test_an_answer_that_is_wrong_is_told_beside_its_field(served: Shop) -> None:
    await served.says(served.clerk, "#bouquets roses")
    faults = await served.submit(served.clerk, **{"Which size?": "small", "Stems": "a few"})
    assert faults == {"q:stems": "“Stems” wants a number, like 3 or 2.5."}
    assert not await anything(served.app.front)
    assert not await served.submit(served.clerk, Stems="3")
    assert ("Stems", "3") in (await kept(served.app.front)).answers


async def test_two_services_may_ask_the_same_in_other_words(served: Shop) -> None:
    await served.says(served.clerk, "")
    await choose(served, "bouquets")
    served.clerk.fill({"Which size?": "large", "What do you need?": "roses"})
    await choose(served, "vases")
    filled = served.clerk.filled()
    assert filled["Which size?"] is None  # a vase is tall or flat
    assert filled["What do you need?"] == "roses"
    assert not await served.submit(served.clerk, **{"Which size?": "flat"})
    assert (await kept(served.app.front)).answers == (("Which size?", "flat"),)


async def test_a_service_that_is_private_ticks_the_box_until_somebody_decides(served: Shop) -> None:
    await served.says(served.clerk, "")
    await choose(served, "wages")
    assert served.clerk.filled()["Who may see it?"] == ["private"]
    await choose(served, "vases")
    assert served.clerk.filled()["Who may see it?"] == []
    served.clerk.fill({"Who may see it?": ["private"]})
    await choose(served, "bouquets")
    assert served.clerk.filled()["Who may see it?"] == ["private"]
    await choose(served, "wages")
    served.clerk.fill({"Who may see it?": []})
    await choose(served, "—")
    assert served.clerk.filled()["Who may see it?"] == []


async def test_of_two_choices_at_once_the_later_one_stays(served: Shop) -> None:
    await served.says(served.clerk, "")
    before = served.clerk.modal
    assert before is not None
    await choose(served, "bouquets")
    assert "Ribbons" in labels(served)
    select = the_one(before.blocks, "What is it about?")
    held = chosen(select, "vases")
    stale = replace(before, state={"service": {select.action_id: held}})
    pressed = payloads.view_actions(served.workspace, stale, press_of(select, held))
    await served.workspace.delivery.interaction(pressed)
    await served.settle()
    assert "How many?" in labels(served)
    assert "Ribbons" not in labels(served)


async def test_who_submits_before_the_fields_are_there_is_asked_them(served: Shop) -> None:
    await served.says(served.clerk, "")
    plain = labels(served)
    await served.submit(served.clerk, **{"What is it about?": "bouquets", "What do you need?": "roses"})
    assert not await anything(served.app.front)
    assert len(labels(served)) > len(plain)
    assert served.clerk.modal is not None
    assert "Bouquets has questions of its own" in str(served.clerk.modal.blocks[0])
    assert served.clerk.filled()["What do you need?"] == "roses"
    assert not await served.submit(served.clerk, **{"Which size?": "small"})
    assert (await kept(served.app.front)).answers == (("Which size?", "small"),)


async def test_a_form_that_is_older_than_its_service_is_drawn_again(served: Shop) -> None:
    await served.says(served.clerk, "#bouquets roses")
    await stock(served.app.front, replace(BOUQUETS, form=("Which size? (choice: tiny, huge) *", "Colour")))
    await served.submit(served.clerk, **{"Which size?": "large", "Words on the card": "love"})
    assert not await anything(served.app.front)
    assert served.clerk.modal is not None
    assert "“large” is not offered under “Which size?”" in str(served.clerk.modal.blocks[0])
    assert "Colour" in labels(served)
    assert "Stems" not in labels(served)
    assert served.clerk.filled()["Which size?"] is None
    assert not await served.submit(served.clerk, **{"Which size?": "tiny"})
    assert (await kept(served.app.front)).answers == (("Which size?", "tiny"),)


async def test_a_service_retired_meanwhile_loses_nothing_that_was_typed(served: Shop) -> None:
    await served.says(served.clerk, "#vases two")
    assert "#1 is with Flowers." in served.whispers(served.clerk)[-1].text
    await served.says(served.clerk, "#bouquets roses")
    await stock(served.app.front, replace(BOUQUETS, retired=True))
    faults = await served.submit(served.clerk, **{"Which size?": "small"})
    assert faults == {"service": "Nobody offers “bouquets” any more."}
    await choose(served, "—")
    assert served.clerk.filled()["What do you need?"] == "roses"
    assert not await served.submit(served.clerk)
    assert (await kept(served.app.front, 2)).service == ""


async def test_an_answer_outlives_its_question(served: Shop) -> None:
    await served.says(served.clerk, "#bouquets roses")
    assert not await served.submit(served.clerk, **{"Which size?": "small", "Words on the card": "love"})
    await stock(served.app.front, replace(BOUQUETS, form=("Colour",)))
    await served.says(served.flora, "take 1")
    assert "Words on the card: “love”" in served.card(1, served.flora).text


async def test_a_line_that_names_a_service_files_for_it(served: Shop) -> None:
    await served.dialog(
        (served.clerk, "two blue ones by friday #vases", "#1 is with Flowers. You will hear"),
        (served.clerk, "water the plants @flowers", "#2 is with Flowers."),
        (served.clerk, "water the plants #flowers", "#3 is with Flowers."),
        (served.clerk, "my pay slip #wages", "#4 is with The office."),
        (served.clerk, "see issue #hashtag", "#5 is with the team."),
        (served.clerk, "roses #bouquets by friday !high", "Ask for something"),
    )
    first = await kept(served.app.front)
    assert (first.service, first.team, first.title) == ("vases", "flowers", "two blue ones")
    assert (await kept(served.app.front, 2)).team == "flowers"
    assert (await kept(served.app.front, 4)).private
    assert (await kept(served.app.front, 5)).title == "see issue #hashtag"
    assert "Service: Vases, Flowers" in served.card(1, served.flora).text
    assert "Team: Flowers" in served.card(2, served.flora).text
    assert "pay slip" not in served.card(4, served.flora).text
    assert "office" not in served.card(4, served.flora).text
    filled = served.clerk.filled()
    assert (filled["What is it about?"], filled["What do you need?"]) == ("bouquets", "roses")
    assert (filled["How urgent is it?"], filled["Needed by"]) == ("high", "2026-11-27")


async def test_a_colleague_comes_before_a_team_of_the_same_name(shop: Shop) -> None:
    await stock(shop.app.front, teams=(Team("flora", "The flora"),))
    assert "#1 is with Flora Nilsson." in await shop.says(shop.clerk, "roses @flora")
    assert "#2 is with The flora." in await shop.says(shop.clerk, "roses #flora")


async def test_a_channel_of_the_same_name_names_the_service(served: Shop) -> None:
    served.workspace.add_channel("CVASES", "vases", members=(served.clerk.id,))
    assert "#1 is with Flowers." in await served.says(served.clerk, "two blue ones #vases")
    commands = [sent.payload["text"] for sent in served.workspace.deliveries if sent.kind == "command"]
    assert commands[-1] == "two blue ones <#CVASES|vases>"
    assert (await kept(served.app.front)).service == "vases"


async def test_a_message_that_names_a_service_with_questions_keeps_its_words(served: Shop) -> None:
    await served.writes(served.clerk, "@deskbell roses #bouquets by friday", SHOP_DESK)
    assert await served.press(served.clerk, served.whispers(served.clerk)[-1], "Open the form") == (
        "Ask for something"
    )
    filled = served.clerk.filled()
    assert (filled["What do you need?"], filled["Needed by"]) == ("roses", "2026-11-27")
    assert "Which size?" in filled


async def test_the_longest_form_there_can_be_is_shown_and_filed(shop: Shop) -> None:
    options = ", ".join(f"{n} {'ö' * 70}" for n in range(30))
    form = tuple(f"{n} {'å' * 140} (choice: {options}) *" for n in range(25))
    many = [Service(f"s{n}", f"Service {n}", "flowers") for n in range(120)]
    await stock(shop.app.front, *many, replace(BOUQUETS, form=form))
    await shop.says(shop.clerk, "#bouquets roses")
    asked = [label for label in labels(shop) if "å" in label]
    assert len(asked) == 20
    first = next(block for block in shop.clerk.modal.blocks if block["block_id"].startswith("q:"))  # type: ignore[union-attr]
    option = first["element"]["options"][-1]["value"]
    assert not await shop.submit(shop.clerk, **dict.fromkeys(asked, option))
    assert len((await kept(shop.app.front)).answers) == 20
    assert len(shop.card(1, shop.flora).blocks) > 3


async def test_in_teams_a_button_shows_the_questions(teams: TeamsShop) -> None:
    await teams.says(teams.clerk, "form")
    card = teams.chat(teams.clerk)[-1]
    typed = {"service": "bouquets", "text": "roses", "details": "red ones"}
    await teams.press(teams.clerk, card, "Show its questions", **typed)
    fields = teams.clerk.inputs(card)
    assert list(fields)[:4] == ["service", "text", "q:which-size", "q:ribbons"]
    assert (fields["text"]["value"], fields["details"]["value"]) == ("roses", "red ones")
    await teams.press(teams.clerk, card, "Ask", **{"q:which-size": "large", "q:ribbons": ["gold", "red"]})
    assert (await kept(teams.app.front)).answers == (("Which size?", "large"), ("Ribbons", "red, gold"))
    assert "Service: Bouquets, Flowers" in (await teams.card(1, teams.flora)).summary


async def test_in_teams_unasked_questions_are_asked_before_it_is_filed(teams: TeamsShop) -> None:
    await teams.says(teams.clerk, "form")
    card = teams.chat(teams.clerk)[-1]
    await teams.press(teams.clerk, card, "Ask", service="bouquets", text="roses")
    assert "Bouquets has questions of its own" in teams.clerk.sees_message(card).plain
    assert not await anything(teams.app.front)
    await teams.press(teams.clerk, card, "Ask", **{"q:stems": "3"})
    assert "“Which size?” needs an answer." in teams.clerk.sees_message(card).plain
    await teams.press(teams.clerk, card, "Ask", **{"q:which-size": "small", "q:stems": "few"})
    assert "“Stems” wants a number" in teams.clerk.sees_message(card).plain
    await teams.press(teams.clerk, card, "Ask", **{"q:stems": "3"})
    assert (await kept(teams.app.front)).answers == (("Which size?", "small"), ("Stems", "3"))


async def test_in_teams_a_dialog_asks_too(teams: TeamsShop) -> None:
    said = await teams.flora.say(DESK, "we are out of roses", mention_bot=False)
    await teams.clerk.make_request(said)
    await teams.press(teams.clerk, None, "Show its questions", service="wages")
    assert teams.clerk.dialog is not None
    assert teams.clerk.inputs(teams.clerk.dialog)["flags"]["value"] == "private"
    await teams.press(teams.clerk, None, "Show its questions", service="bouquets")
    fields = teams.clerk.inputs(teams.clerk.dialog)
    assert "value" not in fields["flags"]
    assert fields["details"]["value"] == "we are out of roses"
    await teams.press(teams.clerk, None, "Ask", **{"q:which-size": "small", "q:a-gift": "yes"})
    request = await kept(teams.app.front)
    assert (request.title, request.service) == ("we are out of roses", "bouquets")
    assert request.answers == (("Which size?", "small"), ("A gift?", "yes"))
    assert request.origin


async def test_in_teams_a_service_retired_meanwhile_loses_nothing(teams: TeamsShop) -> None:
    said = await teams.flora.say(DESK, "we are out of roses", mention_bot=False)
    await teams.clerk.make_request(said)
    await teams.press(teams.clerk, None, "Show its questions", service="bouquets")
    await stock(teams.app.front, replace(BOUQUETS, retired=True))
    await teams.press(teams.clerk, None, "Ask", **{"q:which-size": "small", "details": "at once"})
    assert teams.clerk.dialog is not None
    assert "Nobody offers “bouquets” any more." in teams.clerk.dialog.plain
    assert teams.clerk.inputs(teams.clerk.dialog)["details"]["value"] == "at once"
    await teams.press(teams.clerk, None, "Ask")
    assert (await kept(teams.app.front)).service == ""


async def test_in_teams_a_line_that_names_a_service_opens_its_form(teams: TeamsShop) -> None:
    assert "#1 is with Flowers." in await teams.says(teams.clerk, "two blue ones #vases")
    assert (await kept(teams.app.front)).service == "vases"
    await teams.says(teams.clerk, "roses #bouquets by friday")
    fields = teams.clerk.inputs(teams.chat(teams.clerk)[-1])
    assert (fields["text"]["value"], fields["day"]["value"]) == ("roses", "2026-11-27")
    assert fields["service"]["value"] == "bouquets"
    assert "q:which-size" in fields
