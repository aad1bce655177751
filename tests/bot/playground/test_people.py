from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground.errors import NotThere
from bot.playground.modals import TROUBLE
from bot.playground.records import View
from bot.playground.typed import in_command, in_message
from bot.playground.workspace import Workspace
from tests.bot.playground.florist import Clocks, ListeningApp, petals

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


def field(label: str, element: Json, **more: Any) -> Json:
    block_id = label.lower()
    named = {"action_id": "it", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": named, **more}


PRIORITIES = [option("Low", "low"), option("High", "high")]
FORM: Json = {
    "type": "modal",
    "callback_id": "file",
    "title": plain("New request"),
    "submit": plain("File"),
    "notify_on_close": True,
    "blocks": [
        field("What", {"type": "plain_text_input", "max_length": 10}),
        field(
            "Priority",
            {"type": "static_select", "options": PRIORITIES, "initial_option": PRIORITIES[0]},
            optional=True,
        ),
        field("Owner", {"type": "users_select"}, optional=True),
        field("By", {"type": "datepicker"}, optional=True),
        field("More", {"type": "checkboxes", "options": [option("Private", "private")]}, optional=True),
    ],
}
CARD: list[Json] = [
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            {"type": "button", "text": plain("Take"), "action_id": "take", "value": "take 12"},
            {
                "type": "static_select",
                "placeholder": plain("Hand over"),
                "action_id": "give",
                "options": PRIORITIES,
            },
            {"type": "overflow", "action_id": "more", "options": PRIORITIES},
        ],
    }
]


class TestCommands:
    async def test_the_form_is_slacks(self, workspace: Workspace, app: ListeningApp) -> None:
        await workspace.person("U1").command("C2", "/request  tulips for @bob in #general & <b>")
        form = app.heard[0]
        assert form.pop("response_url").startswith(f"{workspace.base_url}/slack/response/")
        assert form.pop("trigger_id")
        assert form == {
            "token": "playground",
            "team_id": "T0PETALS",
            "team_domain": "petals-and-post",
            "channel_id": "C2",
            "channel_name": "flowers",
            "user_id": "U1",
            "user_name": "ann",
            "command": "/request",
            "text": "tulips for <@U2|bob> in <#C1|general> &amp; &lt;b&gt;",
            "api_app_id": "A0DESKBELL",
            "is_enterprise_install": "false",
        }

    async def test_an_answer_is_seen_by_whoever_asked(self, workspace: Workspace, app: ListeningApp) -> None:
        ann, bob = workspace.person("U1"), workspace.person("U2")
        app.replies = ["done", {"text": "for all", "response_type": "in_channel"}, None]
        assert (await ann.command("C1", "/request a")).text == "done"
        assert (await ann.command("C1", "/request b")).text == "for all"
        assert (await ann.command("C1", "/request c")).message is None
        assert [m.text for m in ann.sees("C1")] == ["done", "for all"]
        assert [m.text for m in bob.sees("C1")] == ["for all"]

    @pytest.mark.parametrize(
        ("reply", "status", "word"),
        [
            (web.Response(status=500), 500, "dispatch_failed"),
            (0.3, None, "operation_timeout"),
            ({"text": "x", "blocks": [{"type": "video"}]}, 200, "invalid_blocks"),
        ],
    )
    async def test_trouble_is_told_in_slacks_words(
        self, workspace: Workspace, app: ListeningApp, reply: Any, status: int | None, word: str
    ) -> None:
        workspace.ack_timeout = 0.1
        app.replies = [reply]
        answer = await workspace.person("U1").command("C1", "/request")
        assert (answer.status, answer.text) == (status, f'/request failed with the error "{word}"')
        assert workspace.person("U1").notices == [answer.text]
        assert len(app.heard) == 1, "Slack does not repeat commands"

    async def test_an_unknown_command_never_reaches_the_app(
        self, workspace: Workspace, app: ListeningApp
    ) -> None:
        workspace.commands = [{"command": "/request"}]
        answer = await workspace.person("U1").command("C1", "/order")
        assert (answer.status, answer.text) == (None, "/order is not a valid command.")
        assert app.heard == []

    async def test_nobody_listens(self, workspace: Workspace) -> None:
        answer = await workspace.person("U1").command("C1", "/request")
        assert answer.text == '/request failed with the error "dispatch_failed"'


class TestResponseUrls:
    async def url(self, workspace: Workspace, app: ListeningApp) -> AsyncWebhookClient:
        await workspace.person("U1").command("C1", "/request")
        return AsyncWebhookClient(app.heard[-1]["response_url"])

    async def test_five_answers_and_no_more(self, workspace: Workspace, app: ListeningApp) -> None:
        url = await self.url(workspace, app)
        for n in range(5):
            assert (await url.send(text=str(n))).status_code == 200
        late = await url.send(text="5")
        assert (late.status_code, "used_url" in late.body) == (404, True)
        assert [m.text for m in workspace.person("U1").sees("C1")] == list("01234")
        assert workspace.person("U2").sees("C1") == []

    async def test_half_an_hour_and_no_longer(
        self, workspace: Workspace, app: ListeningApp, clocks: Clocks
    ) -> None:
        url = await self.url(workspace, app)
        clocks.pass_time(30 * 60 + 1)
        late = await url.send(text="x")
        assert (late.status_code, "expired_url" in late.body) == (404, True)

    async def test_the_message_that_was_touched_can_be_replaced_or_deleted(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        ann = workspace.person("U1")
        await slack.chat_postEphemeral(channel="C2", user="U1", text="card", blocks=CARD)
        await ann.press(ann.sees("C2")[0], "Take")
        assert "message" not in app.heard[-1], "Slack leaves ephemeral messages out"
        url = AsyncWebhookClient(app.heard[-1]["response_url"])
        await url.send(text="taken", replace_original=True)
        assert [(m.text, m.blocks) for m in ann.sees("C2")] == [("taken", [])]
        await url.send(text="and", response_type="in_channel")
        await url.send(delete_original=True)
        assert [m.text for m in workspace.person("U2").sees("C2")] == ["and"]


class TestMessages:
    async def test_the_bot_hears_only_where_it_is(self, workspace: Workspace, app: ListeningApp) -> None:
        ann = workspace.person("U1")
        await ann.say("C1", "not for you")
        said = await ann.say("C2", "hello @deskbell 🔒 a < b")
        await ann.say(ann.dm, "list")
        heard = [(e["type"], e.get("channel_type"), e["channel"], e["text"]) for e in app.heard_events()]
        text = "hello <@UDESKBELL> :lock: a &lt; b"
        assert sorted(heard[:2]) == [("app_mention", None, "C2", text), ("message", "channel", "C2", text)]
        assert heard[2:] == [("message", "im", ann.dm, "list")]
        assert app.heard[0]["event"]["ts"] == said.ts
        assert app.heard[0]["authorizations"][0]["user_id"] == "UDESKBELL"

    async def test_edits_deletions_and_threads(self, workspace: Workspace, app: ListeningApp) -> None:
        ann = workspace.person("U1")
        said = await ann.say("C2", "one")
        reply = await ann.say("C2", "under", thread_ts=said.ts)
        await ann.edit(said, "two")
        await ann.delete(reply)
        _, under, changed, deleted = app.heard_events()
        assert (under["thread_ts"], under["parent_user_id"]) == (said.ts, "U1")
        assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("two", "one")
        assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", reply.ts)
        with pytest.raises(NotThere):
            await workspace.person("U2").edit(said, "three")

    async def test_reactions_by_any_name_are_one(self, workspace: Workspace, app: ListeningApp) -> None:
        ann = workspace.person("U1")
        said = await ann.say("C2", "vote")
        await ann.react(said, "thumbsup")
        await ann.react(said, "+1")
        await ann.react(said, ":+1::skin-tone-3:")
        await ann.unreact(said, "+1")
        heard = [(e["type"], e["reaction"], e["item_user"]) for e in app.heard_events()[1:]]
        assert heard == [
            ("reaction_added", "+1", "U1"),
            ("reaction_added", "+1::skin-tone-3", "U1"),
            ("reaction_removed", "+1", "U1"),
        ]

    async def test_the_bots_own_deeds_come_back_to_it(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        posted = await slack.chat_postMessage(channel="C2", text="card")
        await slack.reactions_add(channel="C2", timestamp=posted["ts"], name="rose")
        await workspace.settled()
        assert {(e["type"], e["user"]) for e in app.heard_events()} == {
            ("message", "UDESKBELL"),
            ("reaction_added", "UDESKBELL"),
        }

    @pytest.mark.parametrize(("channel", "why"), [("C3", "not in"), ("C9", "no channel"), ("C4", "archived")])
    async def test_where_nobody_can_write(self, workspace: Workspace, channel: str, why: str) -> None:
        await workspace.archive("C4")
        who = "U2" if channel == "C3" else "U1"
        with pytest.raises(NotThere, match=why):
            await workspace.person(who).say(channel, "x")


class TestComingAndGoing:
    async def test_events(self, workspace: Workspace, app: ListeningApp) -> None:
        ann, bob = workspace.person("U1"), workspace.person("U2")
        await bob.leave("C2")
        await bob.join("C2")
        await ann.invite("C1", workspace.bot_user)
        await ann.remove("C1", workspace.bot_user)
        await workspace.rename("C4", "cellar")
        await workspace.archive("C4", "U1")
        await workspace.deactivate("U2")
        assert [e["type"] for e in app.heard_events()] == [
            "member_left_channel",
            "member_joined_channel",
            "member_joined_channel",
            "channel_left",
            "channel_rename",
            "channel_archive",
            "user_change",
        ]
        assert app.heard_events()[-1]["user"]["deleted"]
        with pytest.raises(NotThere, match="deactivated"):
            await bob.command("C2", "/request")

    async def test_only_what_was_subscribed_to_arrives(self, workspace: Workspace, app: ListeningApp) -> None:
        workspace.subscribed = frozenset({"app_mention"})
        await workspace.person("U1").say("C2", "@deskbell list")
        assert [e["type"] for e in app.heard_events()] == ["app_mention"]


class TestPressing:
    async def test_a_button_in_a_message(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        await slack.chat_postMessage(channel="C2", text="card", blocks=CARD)
        await workspace.settled()
        ann = workspace.person("U1")
        [card] = ann.sees("C2")
        assert (await ann.press(card, "Take")).ok
        payload = app.heard[-1]
        assert payload["type"] == "block_actions"
        assert payload["container"] == {
            "type": "message",
            "message_ts": card.ts,
            "channel_id": "C2",
            "is_ephemeral": False,
        }
        assert payload["message"]["blocks"] == CARD
        [action] = payload["actions"]
        assert (action["action_id"], action["value"], action["block_id"]) == ("take", "take 12", "card")
        assert payload["user"] == {"id": "U1", "username": "ann", "name": "ann", "team_id": "T0PETALS"}

    @pytest.mark.parametrize(("name", "choice"), [("Hand over", "High"), ("give", "high"), ("more", "High")])
    async def test_a_choice_in_a_message(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient, name: str, choice: str
    ) -> None:
        await slack.chat_postMessage(channel="C2", text="card", blocks=CARD)
        await workspace.settled()
        ann = workspace.person("U1")
        await ann.press(ann.sees("C2")[0], name, choice)
        assert app.heard[-1]["actions"][0]["selected_option"]["value"] == "high"

    async def test_what_is_not_there_cannot_be_pressed(
        self, workspace: Workspace, slack: AsyncWebClient
    ) -> None:
        posted = await slack.chat_postMessage(channel="C2", text="card", blocks=CARD)
        ann = workspace.person("U1")
        [card] = ann.sees("C2")
        with pytest.raises(NotThere, match="no 'Resolve' here, only 'Take'"):
            await ann.press(card, "Resolve")
        await slack.chat_delete(channel="C2", ts=posted["ts"])
        with pytest.raises(NotThere, match="no longer there"):
            await ann.press(card, "Take")

    async def test_an_app_that_fails_is_told_to_the_person(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        await slack.chat_postMessage(channel="C2", text="card", blocks=CARD)
        await workspace.settled()
        ann = workspace.person("U1")
        app.replies = [web.Response(status=503)]
        assert not (await ann.press(ann.sees("C2")[0], "Take")).ok
        assert ann.notices == ["This app responded with Status Code 503."]

    async def test_a_shortcut_carries_the_message(self, workspace: Workspace, app: ListeningApp) -> None:
        ann = workspace.person("U1")
        said = await ann.say("C1", "could somebody fix the door?")
        await ann.shortcut(said, "make_it_a_request")
        payload = app.heard[-1]
        assert (payload["type"], payload["callback_id"]) == ("message_action", "make_it_a_request")
        assert (payload["message"]["text"], payload["message_ts"]) == (said.text, said.ts)


class TestModals:
    async def opened(self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient) -> View:
        await workspace.person("U1").command("C1", "/request")
        await slack.views_open(trigger_id=app.heard[-1]["trigger_id"], view=FORM)
        modal = workspace.person("U1").modal
        assert modal is not None
        return modal

    async def test_filled_in_by_label_and_taken(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        await self.opened(workspace, app, slack)
        ann = workspace.person("U1")
        values = {"What": "tulips", "Owner": "U2", "By": "2026-11-27", "More": ["Private"]}
        assert await ann.submit(values) == {}
        payload = app.heard[-1]
        assert (payload["type"], payload["view"]["callback_id"]) == ("view_submission", "file")
        assert payload["view"]["state"]["values"] == {
            "what": {"it": {"type": "plain_text_input", "value": "tulips"}},
            "priority": {"it": {"type": "static_select", "selected_option": PRIORITIES[0]}},
            "owner": {"it": {"type": "users_select", "selected_user": "U2"}},
            "by": {"it": {"type": "datepicker", "selected_date": "2026-11-27"}},
            "more": {"it": {"type": "checkboxes", "selected_options": [option("Private", "private")]}},
        }
        assert ann.modal is None

    @pytest.mark.parametrize(
        ("what", "words"),
        [("", "Please complete this required field."), ("x" * 11, "Must be less than 11 characters.")],
    )
    async def test_slack_itself_objects_first(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient, what: str, words: str
    ) -> None:
        await self.opened(workspace, app, slack)
        before = len(app.heard)
        assert await workspace.person("U1").submit({"What": what}) == {"what": words}
        assert len(app.heard) == before

    async def test_the_app_objects(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        await self.opened(workspace, app, slack)
        app.replies = [{"response_action": "errors", "errors": {"what": "Which tulips?"}}]
        ann = workspace.person("U1")
        assert await ann.submit({"What": "tulips"}) == {"what": "Which tulips?"}
        assert await ann.submit() == {}, "what was filled in stays filled in"

    async def test_the_app_updates_pushes_and_clears(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        first = await self.opened(workspace, app, slack)
        ann = workspace.person("U1")
        app.replies = [
            {"response_action": "update", "view": {**FORM, "title": plain("Again")}},
            {"response_action": "push", "view": {**FORM, "title": plain("On top")}},
            {"response_action": "clear"},
        ]
        seen = []
        for _ in range(3):
            await ann.submit({"What": "tulips"})
            seen.append(ann.modal and (ann.modal.title, ann.modal.root == first.id, ann.modal.previous))
        assert seen == [("Again", True, None), ("On top", True, first.id), None]

    @pytest.mark.parametrize(
        "reply",
        [
            web.Response(status=500),
            0.3,
            {"response_action": "errors", "errors": {"nowhere": "x"}},
            {"response_action": "update", "view": {"type": "modal"}},
            {"response_action": "dance"},
        ],
    )
    async def test_a_submission_that_fails_leaves_the_modal(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient, reply: Any
    ) -> None:
        workspace.ack_timeout = 0.1
        await self.opened(workspace, app, slack)
        app.replies = [reply]
        ann = workspace.person("U1")
        assert await ann.submit({"What": "tulips"}) == {"": TROUBLE}
        assert ann.modal is not None

    async def test_a_trigger_is_good_once_and_for_three_seconds(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient, clocks: Clocks
    ) -> None:
        await self.opened(workspace, app, slack)
        with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
            await slack.views_open(trigger_id=app.heard[-1]["trigger_id"], view=FORM)
        await workspace.person("U1").command("C1", "/request")
        clocks.pass_time(3.1)
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await slack.views_open(trigger_id=app.heard[-1]["trigger_id"], view=FORM)
        with pytest.raises(SlackApiError, match="invalid_trigger_id"):
            await slack.views_open(trigger_id="1.2.3", view=FORM)

    async def test_three_deep_and_no_deeper(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        button = {"type": "button", "text": plain("Deeper"), "action_id": "deeper"}
        view = {
            "type": "modal",
            "title": plain("Deep"),
            "blocks": [{"type": "actions", "elements": [button]}],
        }
        ann = workspace.person("U1")
        await ann.command("C1", "/request")
        await slack.views_open(trigger_id=app.heard[-1]["trigger_id"], view=view)
        for _ in range(2):
            assert ann.modal is not None
            await ann.press(ann.modal, "Deeper")
            await slack.views_push(trigger_id=app.heard[-1]["trigger_id"], view=view)
        await ann.press(ann.modal, "Deeper")
        with pytest.raises(SlackApiError, match="push_limit_reached"):
            await slack.views_push(trigger_id=app.heard[-1]["trigger_id"], view=view)
        await ann.close()
        assert len(workspace.views.stack("U1")) == 2

    async def test_what_is_filled_in_stays_between_until_it_is_submitted(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        await self.opened(workspace, app, slack)
        ann, heard = workspace.person("U1"), len(app.heard)
        ann.fill({"What": "tulips", "More": ["Private"]})
        assert ann.filled()["What"] == "tulips"
        assert len(ann.filled()["More"]) == 1
        with pytest.raises(NotThere, match="tells the app nothing before it is submitted"):
            await ann.press(ann.modal, "Owner", "U2")
        assert len(app.heard) == heard

    async def test_an_update_by_hash_and_by_name(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        await workspace.person("U1").command("C1", "/request")
        named = {**FORM, "external_id": "form-1"}
        opened = await slack.views_open(trigger_id=app.heard[-1]["trigger_id"], view=named)
        stale = opened["view"]["hash"]
        await slack.views_update(external_id="form-1", hash=stale, view=named)
        with pytest.raises(SlackApiError, match="hash_conflict"):
            await slack.views_update(view_id=opened["view"]["id"], hash=stale, view=named)

    async def test_closing_is_told_when_asked_for(
        self, workspace: Workspace, app: ListeningApp, slack: AsyncWebClient
    ) -> None:
        await self.opened(workspace, app, slack)
        await workspace.person("U1").close()
        assert (app.heard[-1]["type"], app.heard[-1]["is_cleared"]) == ("view_closed", False)
        with pytest.raises(NotThere, match="No modal"):
            await workspace.person("U1").close()


async def test_home(workspace: Workspace, app: ListeningApp, slack: AsyncWebClient) -> None:
    ann = workspace.person("U1")
    assert await ann.open_home() is None
    button = {"type": "button", "text": plain("File"), "action_id": "file"}
    blocks = [{"type": "actions", "block_id": "top", "elements": [button]}]
    await slack.views_publish(user_id="U1", view={"type": "home", "blocks": blocks})
    home = await ann.open_home()
    assert home is not None
    assert home.blocks == blocks
    assert app.heard_events()[-1]["view"]["id"] == home.id
    await ann.press(home, "File")
    assert app.heard[-1]["container"] == {"type": "view", "view_id": home.id}
    assert "response_url" not in app.heard[-1]


TYPED: list[tuple[str, str, str]] = [
    ("plain words", "plain words", "plain words"),
    ("a & b <c>", "a &amp; b &lt;c&gt;", "a &amp; b &lt;c&gt;"),
    ("ask @bob.", "ask <@U2>.", "ask <@U2|bob>."),
    ("ask @Bob Ray now", "ask <@U2> now", "ask <@U2|bob> now"),
    ("ask @bobby", "ask @bobby", "ask @bobby"),
    ("in #general", "in <#C1|general>", "in <#C1|general>"),
    ("#12 and #general-2", "#12 and #general-2", "#12 and #general-2"),
    ("<@U2> <!channel>", "&lt;@U2&gt; &lt;!channel&gt;", "&lt;@U2&gt; &lt;!channel&gt;"),
    ("hello @here", "hello <!here>", "hello <!here>"),
    (
        "see https://a.example/?x=1&y=2.",
        "see <https://a.example/?x=1&amp;y=2>.",
        "see <https://a.example/?x=1&amp;y=2>.",
    ),
    (
        "ann@example.com",
        "<mailto:ann@example.com|ann@example.com>",
        "<mailto:ann@example.com|ann@example.com>",
    ),
    ("🔒 hush", ":lock: hush", ":lock: hush"),
    ("❤️ and ❤", ":heart: and :heart:", ":heart: and :heart:"),
]


@pytest.mark.parametrize(("typed", "message", "command"), TYPED)
def test_what_was_typed_is_handed_over_as_slack_does(typed: str, message: str, command: str) -> None:
    workspace = petals(Clocks())
    assert in_message(workspace, typed) == message
    assert in_command(workspace, typed) == command
