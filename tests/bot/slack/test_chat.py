"""Slack behind its verbs, against a workspace over real sockets."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.chat import Undelivered
from bot.playground.page import serving
from bot.playground.records import Message
from bot.playground.workspace import Workspace
from bot.slack.chat import SlackChat, make_client
from bot.slack.modals import hidden
from handlers.notices import HomePage, Listing, News, Notice, Poll
from tests.bot.examples import CARD, EXAMPLES, FORM, NASTY, POLL, SCALE

ANN, BOB = "U0ANN", "U0BOB"
NEWS = News(("Ann took #12.",))


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    there = Workspace(lambda: datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    there.add_user(ANN, "ann", "Ann Lindqvist")
    there.add_user(BOB, "bob", "Bob Berg")
    there.add_channel("C0DESK", "desk", members=(ANN, there.bot_user))
    there.add_channel("C0ALIEN", "alien", members=(ANN,))
    async with serving(there):
        yield there


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def chat(workspace: Workspace, session: aiohttp.ClientSession) -> SlackChat:
    return SlackChat(make_client(workspace.bot_token, f"{workspace.base_url}/slack/api", session))


def found(workspace: Workspace, id: str) -> Message:
    channel, _, ts = id.removeprefix("slack:").partition("/")
    message = workspace.log.find(channel, ts)
    assert message is not None
    return message


async def refusal(chat: SlackChat, place: str = "slack:C0DESK", notice: Notice = NEWS) -> Undelivered:
    with pytest.raises(Undelivered) as caught:
        await chat.post(place, notice)
    return caught.value


# posting


async def test_a_channel_is_told(chat: SlackChat, workspace: Workspace) -> None:
    id = await chat.post("slack:C0DESK", NEWS)
    message = found(workspace, id)
    assert (message.channel, message.text, message.thread_ts) == ("C0DESK", "Ann took #12.", None)
    [call] = workspace.called("chat.postMessage")
    assert call["unfurl_links"] is False
    assert call["unfurl_media"] is False
    assert "reply_broadcast" not in call


async def test_a_person_is_told_and_the_place_is_what_slack_says_it_is(
    chat: SlackChat, workspace: Workspace
) -> None:
    id = await chat.post(f"slack:{ANN}", CARD)
    assert id.startswith("slack:D0ANN/")
    assert found(workspace, id).blocks


async def test_a_thread_is_told(chat: SlackChat, workspace: Workspace) -> None:
    card = await chat.post("slack:C0DESK", CARD)
    reply = found(workspace, await chat.post(card, NEWS))
    assert reply.thread_ts == found(workspace, card).ts
    assert not reply.broadcast


async def test_news_in_a_thread_of_direct_messages_is_shown_beside_it_and_the_rest_is_not(
    chat: SlackChat, workspace: Workspace
) -> None:
    card = await chat.post(f"slack:{ANN}", CARD)
    assert found(workspace, await chat.post(card, NEWS)).broadcast
    assert not found(workspace, await chat.post(card, EXAMPLES["said"])).broadcast


@pytest.mark.parametrize("notice", EXAMPLES.values(), ids=EXAMPLES)
async def test_every_notice_can_be_posted_and_put_in_the_place_of_another(
    chat: SlackChat, workspace: Workspace, notice: Notice
) -> None:
    id = await chat.post("slack:C0DESK", notice)
    await chat.edit(id, NEWS)
    await chat.edit(id, notice)
    assert found(workspace, id).blocks


async def test_an_edit_replaces_all_of_it(chat: SlackChat, workspace: Workspace) -> None:
    id = await chat.post("slack:C0DESK", CARD)
    await chat.edit(id, NEWS)
    message = found(workspace, id)
    assert message.text == "Ann took #12."
    assert len(message.blocks) == 1
    assert message.ts == id.partition("/")[2]


# the poll's faces


async def test_a_poll_is_posted_with_its_five_faces_in_order(chat: SlackChat, workspace: Workspace) -> None:
    id = await chat.post(f"slack:{ANN}", POLL)
    assert list(found(workspace, id).reactions) == [face.mark for face in SCALE]


async def test_a_poll_that_no_longer_asks_offers_no_faces(chat: SlackChat, workspace: Workspace) -> None:
    await chat.post(f"slack:{ANN}", EXAMPLES["poll, closed"])
    await chat.post(f"slack:{ANN}", EXAMPLES["poll, voted"])
    assert workspace.called("reactions.add") == []


async def test_a_face_that_is_there_already_is_no_trouble(
    chat: SlackChat, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.fail("reactions.add", error="already_reacted")
    id = await chat.post(f"slack:{ANN}", POLL)
    assert len(found(workspace, id).reactions) == 4
    assert caplog.records == []


async def test_a_face_slack_does_not_know_leaves_the_others(
    chat: SlackChat, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.fail("reactions.add", error="invalid_name")
    id = await chat.post(f"slack:{ANN}", POLL)
    assert list(found(workspace, id).reactions) == [face.mark for face in SCALE[1:]]
    assert "grinning" in caplog.text


async def test_a_poll_is_not_posted_again_because_its_faces_failed(
    chat: SlackChat, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.fail("reactions.add", status=429, retry_after=7, times=9)
    id = await chat.post(f"slack:{ANN}", POLL)
    assert not found(workspace, id).reactions
    assert len(workspace.called("reactions.add")) == 1
    assert "ratelimited" in caplog.text


# what goes wrong


async def test_too_fast_says_when(chat: SlackChat, workspace: Workspace) -> None:
    workspace.fail("chat.postMessage", status=429, retry_after=7)
    error = await refusal(chat)
    assert (error.why, error.permanent, error.retry_in, error.gone) == ("ratelimited", False, 7.0, False)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_slack_that_is_unwell_may_be_asked_again(
    chat: SlackChat, workspace: Workspace, status: int
) -> None:
    workspace.fail("chat.postMessage", status=status)
    error = await refusal(chat)
    assert (error.why, error.permanent, error.retry_in) == (f"Slack answered {status}", False, None)


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"])
async def test_trouble_that_passes_may_be_asked_again(
    chat: SlackChat, workspace: Workspace, code: str
) -> None:
    workspace.fail("chat.postMessage", error=code)
    error = await refusal(chat)
    assert (error.why, error.permanent) == (code, False)


@pytest.mark.parametrize(
    "code",
    ["invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed", "missing_scope"],
)
async def test_what_an_operator_can_mend_waits_for_them(
    chat: SlackChat, workspace: Workspace, code: str
) -> None:
    workspace.fail("chat.postMessage", error=code)
    error = await refusal(chat)
    assert error.why.endswith(f" ({code})")
    assert len(error.why) > 30
    assert not error.permanent


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "user_not_found",
        "user_disabled",
        "cannot_dm_bot",
        "messages_tab_disabled",
        "restricted_action",
        "msg_too_long",
        "invalid_blocks",
        "something_new",
    ],
)
async def test_what_will_not_change_is_permanent(chat: SlackChat, workspace: Workspace, code: str) -> None:
    workspace.fail("chat.postMessage", error=code)
    error = await refusal(chat)
    assert (error.why, error.permanent, error.gone) == (code, True, False)


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_a_message_that_cannot_be_edited_is_gone(
    chat: SlackChat, workspace: Workspace, code: str
) -> None:
    id = await chat.post("slack:C0DESK", NEWS)
    workspace.fail("chat.update", error=code)
    with pytest.raises(Undelivered) as caught:
        await chat.edit(id, CARD)
    assert (caught.value.why, caught.value.permanent, caught.value.gone) == (code, True, True)


async def test_real_refusals_of_the_workspace_are_understood(chat: SlackChat, workspace: Workspace) -> None:
    assert (await refusal(chat, "slack:C0NONE")).why == "channel_not_found"
    assert (await refusal(chat, "slack:C0ALIEN")).why == "not_in_channel"
    with pytest.raises(Undelivered) as caught:
        await chat.edit("slack:C0DESK/1.000001", NEWS)
    assert caught.value.gone


@pytest.mark.parametrize("place", ["teams:19:abc", "", "C0DESK"])
async def test_a_place_elsewhere_is_refused_before_slack_is_asked(
    chat: SlackChat, workspace: Workspace, place: str
) -> None:
    assert (await refusal(chat, place)).permanent
    assert not workspace.calls


async def test_a_dropped_connection_is_not_tried_twice(chat: SlackChat, workspace: Workspace) -> None:
    workspace.fail("chat.postMessage", drop=True, before=False)
    error = await refusal(chat)
    assert not error.permanent
    assert error.why.startswith("Slack could not be reached")
    assert len(workspace.called("chat.postMessage")) == 1


async def test_a_slow_slack_is_not_waited_for(workspace: Workspace, session: aiohttp.ClientSession) -> None:
    client = make_client(workspace.bot_token, f"{workspace.base_url}/slack/api/", session)
    assert client.timeout == 10
    client.timeout = 0.05  # type: ignore[assignment]
    workspace.fail("chat.postMessage", delay=2)
    error = await refusal(SlackChat(client))
    assert (error.why, error.permanent) == ("Slack did not answer in time", False)


async def test_nobody_there_may_be_asked_again(session: aiohttp.ClientSession) -> None:
    error = await refusal(SlackChat(make_client("xoxb-1", "http://127.0.0.1:9/api/", session)))
    assert error.why.startswith("Slack could not be reached")
    assert not error.permanent


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("<html>Sign in to the wifi</html>", "text/html", 200),
        ("Sign in to the wifi", "text/plain", 200),
        ("{", "application/json", 200),
        ("{}", "application/json", 200),
        ("[]", "application/json", 200),
        ("", "application/json", 502),
        ("no", "text/plain", 404),
    ],
)
async def test_an_answer_that_is_not_slacks_may_be_asked_again(
    session: aiohttp.ClientSession, body: str, kind: str, status: int
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type=kind, status=status)

    app = web.Application()
    app.router.add_post("/{method}", answer)
    async with TestServer(app) as server:
        error = await refusal(SlackChat(make_client("xoxb-1", str(server.make_url("/")), session)))
    assert not error.permanent
    assert error.why


async def test_neither_tokens_nor_peoples_words_are_logged(
    workspace: Workspace, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chat = SlackChat(make_client(workspace.bot_token, f"{workspace.base_url}/slack/api/", session))
    await chat.post("slack:C0DESK", EXAMPLES["said"])
    url = workspace.response_urls.mint(ANN, "C0DESK")
    await chat.respond(url, EXAMPLES["said"])
    workspace.fail("chat.postMessage", error="token_revoked")
    error = await refusal(chat, notice=EXAMPLES["said"])
    for secret in (workspace.bot_token, "evil.example", url.rpartition("/")[2]):
        assert not [r for r in caplog.records if secret in r.getMessage()]
        assert secret not in error.why


# what only the listener needs


async def test_one_person_is_told_in_a_channel(chat: SlackChat, workspace: Workspace) -> None:
    await chat.say_to_one("slack:C0DESK", f"slack:{ANN}", NEWS)
    [said] = workspace.log.all("C0DESK", ANN)
    assert (said.ephemeral_to, said.text) == (ANN, "Ann took #12.")


async def test_one_person_is_told_where_they_are_alone_anyway(chat: SlackChat, workspace: Workspace) -> None:
    await chat.say_to_one(f"slack:{ANN}", f"slack:{ANN}", NEWS)
    [said] = workspace.log.all("D0ANN", ANN)
    assert said.ephemeral_to is None


async def test_somebody_who_is_not_there_is_not_told(chat: SlackChat) -> None:
    with pytest.raises(Undelivered) as caught:
        await chat.say_to_one("slack:C0DESK", f"slack:{BOB}", NEWS)
    assert (caught.value.why, caught.value.permanent) == ("user_not_in_channel", True)


async def test_a_form_opens_with_its_trigger_once(chat: SlackChat, workspace: Workspace) -> None:
    trigger = workspace.triggers.mint(ANN)
    await chat.open(trigger, FORM, {"place": "slack:C0DESK"})
    [call] = workspace.called("views.open")
    view: Any = call["view"]
    assert hidden(view["private_metadata"])["place"] == "slack:C0DESK"
    with pytest.raises(Undelivered) as caught:
        await chat.open(trigger, FORM)
    assert caught.value.permanent


async def test_a_form_opens_above_the_modal_it_came_from(chat: SlackChat, workspace: Workspace) -> None:
    await chat.show(workspace.triggers.mint(ANN), CARD)
    below = workspace.views.modal(ANN)
    assert below is not None
    await chat.open(workspace.triggers.mint(ANN, below.id), FORM, above=True)
    assert [view.body["title"]["text"] for view in workspace.views.stack(ANN)] == [
        "Deskbell",
        "A new request, whatever…",
    ]


async def test_a_notice_is_shown_in_a_window_and_then_another_in_its_place(
    chat: SlackChat, workspace: Workspace
) -> None:
    await chat.show(workspace.triggers.mint(ANN), CARD)
    window = workspace.views.modal(ANN)
    assert window is not None
    await chat.show(workspace.triggers.mint(ANN, window.id), NEWS, window.id)
    [shown] = workspace.views.stack(ANN)
    assert len(shown.blocks) == 1


@pytest.mark.parametrize("notice", EXAMPLES.values(), ids=EXAMPLES)
async def test_every_notice_can_be_shown_in_a_window(
    chat: SlackChat, workspace: Workspace, notice: Notice
) -> None:
    await chat.show(workspace.triggers.mint(ANN), notice)


async def test_home_is_published(chat: SlackChat, workspace: Workspace) -> None:
    empty = Listing("Yours", ())
    await chat.publish_home(f"slack:{ANN}", HomePage((NASTY,), empty, empty, empty))
    [call] = workspace.called("views.publish")
    assert call["user_id"] == ANN


async def test_an_answer_goes_to_whoever_asked_alone(chat: SlackChat, workspace: Workspace) -> None:
    await chat.respond(workspace.response_urls.mint(ANN, "C0DESK"), NEWS)
    [said] = workspace.log.all("C0DESK", ANN)
    assert said.ephemeral_to == ANN


async def test_an_answer_can_replace_what_was_clicked(chat: SlackChat, workspace: Workspace) -> None:
    id = await chat.post("slack:C0DESK", CARD)
    url = workspace.response_urls.mint(ANN, "C0DESK", id.partition("/")[2])
    await chat.respond(url, NEWS, replace=True)
    assert found(workspace, id).text == "Ann took #12."
    assert len(workspace.log.all("C0DESK", ANN)) == 1


async def test_a_response_url_that_is_used_up_is_said(chat: SlackChat, workspace: Workspace) -> None:
    url = workspace.response_urls.mint(ANN, "C0DESK")
    for _ in range(5):
        await chat.respond(url, NEWS)
    with pytest.raises(Undelivered) as caught:
        await chat.respond(url, NEWS)
    assert (caught.value.why, caught.value.permanent) == ("used_url", True)


async def test_calls_at_once_do_not_disturb_each_other(chat: SlackChat, workspace: Workspace) -> None:
    polls: list[Poll] = [POLL] * 5
    ids = await asyncio.gather(*(chat.post(f"slack:{ANN}", poll) for poll in polls))
    assert len(set(ids)) == 5
    assert all(len(found(workspace, id).reactions) == 5 for id in ids)
