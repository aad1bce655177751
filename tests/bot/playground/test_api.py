import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.workspace import Workspace
from tests.bot.playground.florist import Clocks

DIVIDER: dict[str, Any] = {"type": "divider"}
Ask = Callable[[AsyncWebClient], Awaitable[Any]]


async def test_who_am_i(slack: AsyncWebClient, workspace: Workspace) -> None:
    answer = await slack.auth_test()
    assert (answer["user_id"], answer["team_id"], answer["bot_id"]) == ("UDESKBELL", "T0PETALS", "BDESKBELL")
    assert workspace.calls[-1].method == "auth.test"


async def test_a_message_goes_to_a_channel_by_id_or_by_name(
    slack: AsyncWebClient, workspace: Workspace
) -> None:
    first = await slack.chat_postMessage(channel="C2", text="roses")
    second = await slack.chat_postMessage(channel="#flowers", text="tulips")
    assert [m.text for m in workspace.person("U1").sees("C2")] == ["roses", "tulips"]
    assert first["channel"] == second["channel"] == "C2"
    assert first["ts"] < second["ts"]


async def test_a_message_to_a_person_is_answered_with_their_direct_messages(
    slack: AsyncWebClient, workspace: Workspace
) -> None:
    answer = await slack.chat_postMessage(channel="U1", text="hello")
    opened = await slack.conversations_open(users="U1")
    assert answer["channel"] == opened["channel"]["id"] == workspace.person("U1").dm
    assert answer["channel"].startswith("D")


async def test_people_who_left_can_still_be_written_to(slack: AsyncWebClient, workspace: Workspace) -> None:
    await workspace.deactivate("U2")
    assert (await slack.chat_postMessage(channel="U2", text="are you there?"))["ok"]
    with pytest.raises(SlackApiError, match="user_disabled"):
        await slack.conversations_open(users="U2")


REFUSALS: list[tuple[Ask, str]] = [
    (lambda s: s.chat_postMessage(channel="C99", text="x"), "channel_not_found"),
    (lambda s: s.chat_postMessage(channel="C3", text="x"), "channel_not_found"),
    (lambda s: s.chat_postMessage(channel="C1", text="x"), "not_in_channel"),
    (lambda s: s.chat_postMessage(channel="C4", text="x"), "is_archived"),
    (lambda s: s.chat_postMessage(channel="UDESKBELL", text="x"), "cannot_dm_bot"),
    (lambda s: s.api_call("chat.postMessage", json={"channel": "C2"}), "no_text"),
    (lambda s: s.chat_postMessage(channel="C2", text="x" * 40_001), "msg_too_long"),
    (lambda s: s.chat_postMessage(channel="C2", text="x", blocks=[{"type": "video"}]), "invalid_blocks"),
    (
        lambda s: s.api_call("chat.postMessage", data={"channel": "C2", "blocks": "{"}),
        "invalid_blocks_format",
    ),
    (lambda s: s.chat_postMessage(channel="C2", text="x", thread_ts="1.000001"), "thread_not_found"),
    (lambda s: s.chat_postEphemeral(channel="C4", user="U1", text="x"), "is_archived"),
    (lambda s: s.chat_postEphemeral(channel="C2", user="U9", text="x"), "user_not_in_channel"),
    (lambda s: s.chat_update(channel="C2", ts="1.000001", text="x"), "message_not_found"),
    (lambda s: s.chat_delete(channel="C2", ts="1.000001"), "message_not_found"),
    (lambda s: s.chat_getPermalink(channel="C2", message_ts="1.000001"), "message_not_found"),
    (lambda s: s.reactions_add(channel="C2", timestamp="1.000001", name="rose"), "message_not_found"),
    (lambda s: s.reactions_add(channel="C2", timestamp="1.000001", name="no-such"), "invalid_name"),
    (lambda s: s.users_info(user="U99"), "user_not_found"),
    (lambda s: s.users_lookupByEmail(email="nobody@example.com"), "users_not_found"),
    (lambda s: s.conversations_info(channel="C99"), "channel_not_found"),
    (lambda s: s.conversations_join(channel="C4"), "is_archived"),
    (lambda s: s.conversations_open(users=["U1", "U2"]), "too_many_users"),
    (lambda s: s.conversations_list(types="everything"), "invalid_types"),
    (lambda s: s.users_list(cursor="nonsense"), "invalid_cursor"),
    (lambda s: s.users_conversations(types="everything"), "invalid_types"),
    (lambda s: s.users_conversations(cursor="nonsense"), "invalid_cursor"),
    (lambda s: s.users_conversations(limit=1_001), "invalid_limit"),
    (lambda s: s.users_conversations(user="U99"), "user_not_found"),
    (lambda s: s.views_publish(user_id="U99", view={"type": "home", "blocks": []}), "user_not_found"),
    (lambda s: s.views_update(view_id="V99", view={"type": "home", "blocks": []}), "not_found"),
    (lambda s: s.api_call("chat.postMessage", json={"text": "x"}), "invalid_arguments"),
    (lambda s: s.api_call("admin.everything"), "unknown_method"),
    (lambda s: s.apps_connections_open(app_token="xoxb-playground"), "not_allowed_token_type"),
]


@pytest.mark.parametrize(("ask", "code"), REFUSALS)
async def test_refusals_are_slacks(slack: AsyncWebClient, workspace: Workspace, ask: Ask, code: str) -> None:
    await workspace.archive("C4")
    with pytest.raises(SlackApiError) as caught:
        await ask(slack)
    assert caught.value.response["error"] == code


async def test_details_stand_where_slack_puts_them(slack: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel="C2", text="x", blocks=[{"type": "video"}])
    said = "unsupported type: video [json-pointer:/blocks/0]"
    assert caught.value.response["errors"] == [said]
    assert caught.value.response["response_metadata"]["messages"] == [f"[ERROR] {said}"]


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-playground", "not_allowed_token_type")],
)
async def test_tokens_are_checked(
    workspace: Workspace, http: aiohttp.ClientSession, token: str, code: str
) -> None:
    async with http.post(f"{workspace.base_url}/slack/api/auth.test", data={"token": token}) as response:
        assert await response.json() == {"ok": False, "error": code}


async def test_an_app_that_was_thrown_out_is_inactive(slack: AsyncWebClient, workspace: Workspace) -> None:
    await workspace.uninstall()
    with pytest.raises(SlackApiError, match="account_inactive"):
        await slack.auth_test()


async def test_an_update_keeps_what_it_does_not_mention(slack: AsyncWebClient, workspace: Workspace) -> None:
    posted = await slack.chat_postMessage(channel="C2", text="one", blocks=[DIVIDER])
    await slack.chat_update(channel="C2", ts=posted["ts"], text="two")
    [kept] = workspace.person("U1").sees("C2")
    assert (kept.text, len(kept.blocks), kept.edited) == ("two", 1, False)
    await slack.chat_update(channel="C2", ts=posted["ts"], text="three", blocks=[])
    [bare] = workspace.person("U1").sees("C2")
    assert (bare.text, bare.blocks, bare.edited) == ("three", [], True)


async def test_only_its_own_messages_can_be_changed(slack: AsyncWebClient, workspace: Workspace) -> None:
    said = await workspace.person("U1").say("C2", "mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await slack.chat_update(channel="C2", ts=said.ts, text="yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await slack.chat_delete(channel="C2", ts=said.ts)


async def test_replies_stand_in_the_thread_unless_broadcast(
    slack: AsyncWebClient, workspace: Workspace
) -> None:
    top = await slack.chat_postMessage(channel="C2", text="top")
    reply = await slack.chat_postMessage(channel="C2", text="quiet", thread_ts=top["ts"])
    await slack.chat_postMessage(channel="C2", text="under a reply", thread_ts=reply["ts"])
    await slack.chat_postMessage(channel="C2", text="loud", thread_ts=top["ts"], reply_broadcast=True)
    ann = workspace.person("U1")
    assert [m.text for m in ann.sees("C2")] == ["top", "loud"]
    assert [m.text for m in ann.thread("C2", top["ts"])] == ["top", "quiet", "under a reply", "loud"]


async def test_a_parent_that_is_deleted_leaves_a_tombstone(
    slack: AsyncWebClient, workspace: Workspace
) -> None:
    top = await slack.chat_postMessage(channel="C2", text="top")
    await slack.chat_postMessage(channel="C2", text="reply", thread_ts=top["ts"])
    await slack.chat_delete(channel="C2", ts=top["ts"])
    parent, reply = workspace.person("U1").thread("C2", top["ts"])
    assert (parent.deleted, parent.text, reply.text) == (True, "This message was deleted.", "reply")


async def test_an_ephemeral_message_is_seen_by_one_and_cannot_be_updated(
    slack: AsyncWebClient, workspace: Workspace
) -> None:
    answer = await slack.chat_postEphemeral(channel="C2", user="U1", text="psst")
    assert [m.text for m in workspace.person("U1").sees("C2")] == ["psst"]
    assert workspace.person("U2").sees("C2") == []
    with pytest.raises(SlackApiError, match="message_not_found"):
        await slack.chat_update(channel="C2", ts=answer["message_ts"], text="x")


async def test_reactions(slack: AsyncWebClient, workspace: Workspace) -> None:
    ts = (await slack.chat_postMessage(channel="C2", text="vote"))["ts"]
    await slack.reactions_add(channel="C2", timestamp=ts, name="thumbsup")
    with pytest.raises(SlackApiError, match="already_reacted"):
        await slack.reactions_add(channel="C2", timestamp=ts, name="+1")
    await slack.reactions_add(channel="C2", timestamp=ts, name="wave::skin-tone-3")
    seen = (await slack.reactions_get(channel="C2", timestamp=ts))["message"]["reactions"]
    assert [each["name"] for each in seen] == ["+1", "wave::skin-tone-3"]
    await slack.reactions_remove(channel="C2", timestamp=ts, name="+1")
    with pytest.raises(SlackApiError, match="no_reaction"):
        await slack.reactions_remove(channel="C2", timestamp=ts, name="+1")


async def test_lists_come_in_pages(slack: AsyncWebClient) -> None:
    seen: list[str] = []
    async for page in await slack.users_list(limit=1):
        seen += [user["name"] for user in page["members"]]
    assert seen == ["deskbell", "ann", "bob"]
    channels: list[str] = []
    async for page in await slack.conversations_list(limit=2, types="public_channel,private_channel"):
        channels += [channel["name"] for channel in page["channels"]]
    assert channels == ["general", "flowers", "attic"]
    members = await slack.conversations_members(channel="C2", limit=100)
    assert members["members"] == ["U1", "U2", "UDESKBELL"]


async def test_what_somebody_is_in_comes_in_pages(slack: AsyncWebClient, workspace: Workspace) -> None:
    workspace.add_channel("C5", "backroom", private=True, members=["U1", workspace.bot_user])
    kinds = "public_channel,private_channel"
    seen: list[str] = []
    async for page in await slack.users_conversations(limit=2, types=kinds):
        seen += [channel["name"] for channel in page["channels"]]
    assert seen == ["flowers", "attic", "backroom"]
    assert [one["name"] for one in (await slack.users_conversations())["channels"]] == ["flowers", "attic"]
    anns = (await slack.users_conversations(user="U1", types=kinds))["channels"]
    assert [one["name"] for one in anns] == ["general", "flowers", "attic", "backroom"], "not their secrets"
    assert not {"is_member", "num_members"} & set(anns[0])
    await workspace.archive("C4")
    left = (await slack.users_conversations(exclude_archived=True))["channels"]
    assert [one["name"] for one in left] == ["flowers"]


async def test_a_status_stands_in_the_profile_until_it_ends(
    slack: AsyncWebClient, workspace: Workspace, clocks: Clocks
) -> None:
    await workspace.person("U1").set_status("palm_tree", "Öland", clocks.at + timedelta(minutes=30))
    profile = (await slack.users_info(user="U1"))["user"]["profile"]
    ends = int(clocks.at.timestamp()) + 1_800
    assert (profile["status_emoji"], profile["status_text"]) == (":palm_tree:", "Öland")
    assert profile["status_expiration"] == ends
    clocks.pass_time(1_800)
    profile = (await slack.users_info(user="U1"))["user"]["profile"]
    assert (profile["status_emoji"], profile["status_text"], profile["status_expiration"]) == ("", "", 0)


async def test_joining_lets_the_bot_speak(slack: AsyncWebClient) -> None:
    await slack.conversations_join(channel="C1")
    assert (await slack.chat_postMessage(channel="C1", text="hello"))["ok"]
    assert (await slack.conversations_info(channel="C1"))["channel"]["is_member"]


async def test_a_profile_has_a_zone(slack: AsyncWebClient) -> None:
    user = (await slack.users_info(user="U1"))["user"]
    assert (user["tz"], user["tz_offset"], user["profile"]["title"]) == ("Europe/Stockholm", 3_600, "Florist")


async def test_a_message_a_second(slack: AsyncWebClient, workspace: Workspace, clocks: Clocks) -> None:
    workspace.rate_limit = True
    await slack.chat_postMessage(channel="C2", text="one")
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel="C2", text="two")
    assert caught.value.response.status_code == 429
    assert caught.value.response["error"] == "ratelimited"
    assert caught.value.response.headers["Retry-After"] == "1"
    await slack.chat_postMessage(channel="U1", text="elsewhere is another matter")
    clocks.pass_time(1.0)
    await slack.chat_postMessage(channel="C2", text="two")


async def test_timestamps_never_repeat_even_when_the_clock_stands_or_goes_back(
    slack: AsyncWebClient, clocks: Clocks
) -> None:
    stamps = []
    for seconds in (0, 0, -3_600, 0):
        clocks.pass_time(seconds)
        stamps.append((await slack.chat_postMessage(channel="C2", text="x"))["ts"])
    assert stamps == sorted(set(stamps))


class TestFaults:
    """1 error, 2 status, 3 pause, 4 after the deed, 5 lost connection, 6 slow answer, 7 one channel."""

    async def test_1_an_error_instead_of_the_deed_once(
        self, slack: AsyncWebClient, workspace: Workspace
    ) -> None:
        workspace.fail("chat.postMessage", error="internal_error")
        with pytest.raises(SlackApiError, match="internal_error"):
            await slack.chat_postMessage(channel="C2", text="x")
        await slack.chat_postMessage(channel="C2", text="y")
        assert [m.text for m in workspace.person("U1").sees("C2")] == ["y"]

    async def test_2_a_status(self, slack: AsyncWebClient, workspace: Workspace) -> None:
        workspace.fail("*", status=500)
        with pytest.raises(SlackApiError) as caught:
            await slack.auth_test()
        assert caught.value.response.status_code == 500

    async def test_3_a_pause(self, slack: AsyncWebClient, workspace: Workspace) -> None:
        workspace.fail("chat.update", status=429, retry_after=7)
        with pytest.raises(SlackApiError) as caught:
            await slack.chat_update(channel="C2", ts="1", text="x")
        assert caught.value.response.headers["Retry-After"] == "7"

    async def test_4_after_the_deed(self, slack: AsyncWebClient, workspace: Workspace) -> None:
        workspace.fail("chat.postMessage", error="fatal_error", before=False)
        with pytest.raises(SlackApiError, match="fatal_error"):
            await slack.chat_postMessage(channel="C2", text="posted all the same")
        assert len(workspace.person("U1").sees("C2")) == 1

    @pytest.mark.parametrize(("before", "posted"), [(True, 0), (False, 1)])
    async def test_5_a_lost_connection(
        self, slack: AsyncWebClient, workspace: Workspace, before: bool, posted: int
    ) -> None:
        workspace.fail("chat.postMessage", drop=True, before=before)
        with pytest.raises(aiohttp.ClientError):
            await slack.chat_postMessage(channel="C2", text="x")
        assert len(workspace.person("U1").sees("C2")) == posted

    async def test_6_a_slow_answer(self, slack: AsyncWebClient, workspace: Workspace) -> None:
        workspace.fail("chat.postMessage", delay=5.0)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await slack.chat_postMessage(channel="C2", text="x")
        assert len(workspace.person("U1").sees("C2")) == 1

    async def test_7_one_channel(self, slack: AsyncWebClient, workspace: Workspace) -> None:
        workspace.fail("chat.postMessage", error="channel_not_found", channel="C2", times=2)
        await slack.chat_postMessage(channel="U1", text="x")
        for _ in range(2):
            with pytest.raises(SlackApiError, match="channel_not_found"):
                await slack.chat_postMessage(channel="C2", text="x")
        await slack.chat_postMessage(channel="C2", text="x")
        assert len(workspace.called("chat.postMessage")) == 4
