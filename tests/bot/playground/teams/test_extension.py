import json

from bot.playground.teams.people import Colleague
from bot.playground.teams.shop import MARGIT, SHOP_DESK
from bot.playground.teams.tenant import Tenant
from tests.bot.playground.teams.florist import (
    Json,
    ListeningBot,
    card,
    closing,
    dialog,
    execute,
    field,
    posted,
    sentence,
    submits,
    text,
)


class TestTheMessageExtension:
    async def test_the_action_on_a_message(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague, greta: Colleague
    ) -> None:
        said = await greta.say(SHOP_DESK, "@Margit Ek the <door> squeaks")
        bot.replies = [dialog("A request", card(field("what"), actions=(submits("File"),)))]
        opened = await margit.make_request(said)
        heard = bot.heard[-1]
        assert (heard["name"], "replyToId" in heard) == ("composeExtension/fetchTask", False)
        assert heard["conversation"]["id"] == f"{SHOP_DESK};messageid={said.id}"
        value = heard["value"]
        assert (value["commandId"], value["commandContext"]) == ("makeRequest", "message")
        payload = value["messagePayload"]
        assert payload["body"] == {
            "contentType": "html",
            "content": '<p><at id="0">Margit Ek</at> the &lt;door&gt; squeaks</p>',
        }
        assert payload["from"]["user"] == {
            "userIdentityType": "aadUser",
            "id": greta.user.object_id,
            "displayName": "Greta Holm",
        }
        assert payload["mentions"][0]["mentioned"]["user"]["displayName"] == "Margit Ek"
        assert payload["linkToMessage"].startswith(
            f"https://teams.microsoft.com/l/message/{SHOP_DESK}/{said.id}"
        )
        assert opened
        assert opened == margit.dialog
        bot.replies = [closing("Filed as 12.")]
        await margit.submit({"what": "the door"})
        heard = bot.heard[-1]
        assert (heard["name"], heard["value"]["data"]) == (
            "composeExtension/submitAction",
            {"what": "the door"},
        )
        assert heard["value"]["messagePayload"] == payload
        assert (tenant.dialogs, margit.toasts) == ({}, ["Filed as 12."])

    async def test_the_bots_own_message_has_no_user(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        bot.replies = [closing("No.")]
        assert await margit.make_request(posted(tenant, card(text("x")))) is None
        payload = bot.heard[-1]["value"]["messagePayload"]
        assert payload["from"]["user"] is None
        assert payload["from"]["application"]["displayName"] == "Deskbell"
        assert json.loads(payload["attachments"][0]["content"])["body"] == [text("x")]

    async def test_search_and_share(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague, greta: Colleague
    ) -> None:
        def found(*cards: Json) -> Json:
            attachments = [
                {
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "content": each,
                    "preview": {
                        "contentType": "application/vnd.microsoft.card.thumbnail",
                        "content": {"title": "#12", "text": "open"},
                    },
                }
                for each in cards
            ]
            return {
                "composeExtension": {
                    "type": "result",
                    "attachmentLayout": "list",
                    "attachments": attachments,
                }
            }

        bot.replies = [found(), found(card(text("the door"), actions=(execute("Take"),))), found({}), {}]
        assert await margit.search() == []
        assert bot.heard[-1]["value"]["parameters"] == [{"name": "initialRun", "value": "true"}]
        [result] = await margit.search("door", SHOP_DESK)
        assert bot.heard[-1]["value"] == {
            "commandId": "findRequest",
            "parameters": [{"name": "query", "value": "door"}],
            "queryOptions": {"skip": 0, "count": 25},
        }
        margit.share(result, SHOP_DESK)
        [shared] = greta.sees(SHOP_DESK)
        assert (shared.author, shared.plain, shared.summary) == (MARGIT, "the door", "#12")
        bot.replies.insert(0, sentence("Taken."))
        await greta.press(shared, "Take")
        assert (bot.heard[-1]["replyToId"], greta.toasts) == (shared.id, ["Taken."])
        assert tenant.faults == []
        assert await margit.search("x") == await margit.search("y") == []
        assert len(tenant.faults) > 1
