import re
from datetime import datetime

import pytest

from bot.playground.errors import NotThere
from bot.playground.teams.people import Colleague
from bot.playground.teams.shop import GRETA, MARGIT, SHOP_DESK, TEAM
from bot.playground.teams.tenant import Tenant
from tests.bot.playground.teams.conftest import GROUP
from tests.bot.playground.teams.florist import (
    ListeningBot,
    card,
    posted,
    text,
)


class TestWriting:
    async def test_a_message_in_a_chat_is_teams_own(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        await margit.install()
        said = await margit.say(margit.chat, "tulips <3\nplease")
        heard = bot.heard[-1]
        assert re.fullmatch(r"2026-11-23T09:00:00\.0{7}Z", heard.pop("timestamp"))
        assert heard.pop("localTimestamp") == "2026-11-23T10:00:00.000+01:00"
        assert (
            datetime.fromtimestamp(int(said.id) / 1000, tz=tenant.now().tzinfo).date() == tenant.now().date()
        )
        assert heard == {
            "type": "message",
            "id": said.id,
            "localTimezone": "Europe/Stockholm",
            "channelId": "msteams",
            "serviceUrl": tenant.service_url,
            "from": {"id": MARGIT, "name": "Margit Ek", "aadObjectId": margit.user.object_id},
            "conversation": {"conversationType": "personal", "tenantId": tenant.id, "id": margit.chat},
            "recipient": {"id": tenant.bot.id, "name": "Deskbell"},
            "channelData": {"tenant": {"id": tenant.id}},
            "locale": "en-GB",
            "text": "tulips <3\nplease",
            "textFormat": "plain",
            "attachments": [{"contentType": "text/html", "content": "<p>tulips &lt;3<br>please</p>"}],
            "entities": [
                {
                    "type": "clientInfo",
                    "locale": "en-GB",
                    "country": "SE",
                    "platform": "Web",
                    "timezone": "Europe/Stockholm",
                }
            ],
        }

    async def test_in_a_channel_it_hears_what_mentions_it(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague, greta: Colleague
    ) -> None:
        await margit.say("Shop desk", "nobody is meant")
        said = await margit.say("Shop desk", "@deskbell ask @Greta Holm & @nobody")
        assert [each.plain for each in greta.sees(SHOP_DESK)] == [
            "nobody is meant",
            "Deskbell ask Greta Holm & @nobody",
        ]
        [heard] = bot.heard
        assert heard["text"] == "<at>Deskbell</at> ask <at>Greta Holm</at> & @nobody\n"
        assert heard["conversation"]["id"] == f"{SHOP_DESK};messageid={said.id}"
        assert [each.get("mentioned") for each in heard["entities"]] == [
            {"id": tenant.bot.id, "name": "Deskbell"},
            {"id": GRETA, "name": "Greta Holm"},
            None,
        ]
        assert "ask <span" in heard["attachments"][0]["content"]
        assert heard["channelData"] == {
            "tenant": {"id": tenant.id},
            "teamsChannelId": SHOP_DESK,
            "teamsTeamId": TEAM,
            "channel": {"id": SHOP_DESK},
            "team": {"id": TEAM},
        }

    async def test_the_mention_can_be_put_in_front_or_left_out(
        self, bot: ListeningBot, margit: Colleague, tenant: Tenant
    ) -> None:
        await margit.say(SHOP_DESK, "@Deskbell is a name", mention_bot=False)
        await margit.say(SHOP_DESK, "list", mention_bot=True)
        await margit.say(SHOP_DESK, "@Deskbell list", mention_bot=True)
        assert [each["text"].strip() for each in bot.heard] == ["<at>Deskbell</at> list"] * 2
        tenant.hears_everything = True
        await margit.say(SHOP_DESK, "everything")
        assert bot.heard[-1]["text"] == "everything"

    async def test_replies_stand_in_the_thread(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague, greta: Colleague
    ) -> None:
        root = posted(tenant, card(text("a request")))
        one = await margit.reply(root, "one")
        await greta.reply(one, "two", mention_bot=True)
        assert [each.plain for each in greta.thread(one)] == ["a request", "one", "Deskbell two"]
        assert [each.id for each in greta.sees(SHOP_DESK)] == [root.id]
        [heard] = bot.heard
        assert heard["conversation"]["id"] == f"{SHOP_DESK};messageid={root.id}"

    async def test_in_a_chat_a_reply_quotes(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        await margit.install()
        asked = posted(tenant, card(text("how was it?"), text("tell me")), margit.chat)
        said = await margit.reply(asked, "fine & dandy")
        heard = bot.heard[-1]
        assert (heard["text"], heard["conversation"]["id"]) == ("fine & dandy", margit.chat)
        html = heard["attachments"][0]["content"]
        assert html.startswith(
            f'<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="{asked.id}">'
        )
        assert '<p itemprop="preview">how was it?</p>' in html
        assert html.endswith("</blockquote>\n<p>fine &amp; dandy</p>")
        assert (said.quotes, said.root) == (asked.id, None)

    async def test_edits_and_deletions(self, bot: ListeningBot, margit: Colleague, greta: Colleague) -> None:
        said = await margit.say(SHOP_DESK, "one")
        await margit.edit(said, "@Deskbell two")
        await margit.delete(said)
        kinds = [(each["type"], each["channelData"]["eventType"]) for each in bot.heard]
        assert kinds == [("messageUpdate", "editMessage"), ("messageDelete", "softDeleteMessage")]
        assert {each["id"] for each in bot.heard} == {said.id}
        assert greta.sees(SHOP_DESK)[0].deleted
        other = await margit.say(SHOP_DESK, "mine")
        with pytest.raises(NotThere):
            await greta.edit(other, "yours")

    async def test_who_may_write_where(self, tenant: Tenant, bot: ListeningBot, bob: Colleague) -> None:
        for place in (SHOP_DESK, "nowhere", tenant.person(MARGIT).chat):
            with pytest.raises(NotThere):
                await bob.say(place, "hello")
        with pytest.raises(NotThere, match="Add the app"):
            await bob.say(bob.chat, "hello")
        await bob.say(GROUP, "@Deskbell is not here")
        assert bot.heard == []


class TestReacting:
    async def test_the_bot_hears_of_its_own_messages_alone(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague, greta: Colleague
    ) -> None:
        mine, theirs = posted(tenant, card(text("x"))), await margit.say(SHOP_DESK, "y")
        await greta.react(theirs, "like")
        await greta.react(mine, "heart")
        await greta.react(mine, "heart")
        assert greta.sees_message(mine).reactions == {"heart": (GRETA,)}
        await greta.unreact(mine, "heart")
        await greta.unreact(mine, "heart")
        told = [
            (each["replyToId"], each.get("reactionsAdded"), each.get("reactionsRemoved"))
            for each in bot.heard
        ]
        assert told == [(mine.id, [{"type": "heart"}], None), (mine.id, None, [{"type": "heart"}])]
        assert bot.heard[0]["conversation"]["id"] == f"{SHOP_DESK};messageid={mine.id}"
        assert greta.sees_message(mine).reactions == {}
