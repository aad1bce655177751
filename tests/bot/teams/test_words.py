import re
from time import perf_counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.playground.emoji import ALIASES, EMOJI
from bot.teams import words
from bot.teams.faces import reactions
from handlers.house import SCALE
from handlers.mentions import CLOSE, MENTION, OPEN, mention
from handlers.notices import Face

BOT = "28:deskbell"
ANN = mention("teams:29:ann")
BOB = mention("teams:29:bob")
SPAN = 'itemscope="" itemtype="http://schema.skype.com/Mention"'
US = f'<span {SPAN} itemid="0">Deskbell</span>'

ENTITIES = (
    (BOT, "Deskbell", "<at>Deskbell</at>"),
    ("29:ann", "Ann Lindqvist", "<at>Ann</at>"),
    ("29:bob", "Bob & Co", ""),
    ("19:general@thread.tacv2", "General", "<at>General</at>"),
)


def activity(text: str, html: str = "", entities: Any = ENTITIES, **more: Any) -> dict[str, Any]:
    said = [
        {"type": "mention", "mentioned": {"id": id_, "name": name}, **({"text": shown} if shown else {})}
        for id_, name, shown in entities
    ]
    attachments = [{"contentType": "text/html", "content": html}] if html else []
    return {
        "type": "message",
        "text": text,
        "textFormat": "plain",
        "entities": [{"type": "clientInfo", "locale": "en-GB"}, *said],
        "attachments": attachments,
        "recipient": {"id": BOT, "name": "Deskbell"},
        **more,
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the printer is out of toner", "the printer is out of toner"),
        # the bot itself
        ("<at>Deskbell</at> take 12\n", "take 12"),
        ("<at>Deskbell</at>&nbsp;take 12", "take 12"),
        ("take <at>Deskbell</at> 12", "take 12"),
        ("take 12 <at>Deskbell</at>", "take 12"),
        ("<at>Deskbell</at>", ""),
        ("<at>Deskbell</at>, take 12", "take 12"),
        ("<at>Deskbell</at>: take 12", "take 12"),
        ("<at>Deskbell</at> :tada: done", ":tada: done"),
        # people
        ("for <at>Ann</at>, please", f"for {ANN}, please"),
        ("for <at>Ann Lindqvist</at>", f"for {ANN}"),
        ("for <at>Bob &amp; Co</at> and <at>Bob & Co</at>", f"for {BOB} and {BOB}"),
        ("in <at>General</at>", "in @General"),
        ("for <at>Boss</at>", "for <at>Boss</at>"),
        ("<at>Ann", "<at>Ann"),
        ('<at id="1">Ann</at>', ANN),
        # what is typed like markup, and what some clients encode
        ("a <data> b", "a <data> b"),
        ("<b>now</b>", "<b>now</b>"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("AT&T &copy; &#233;", "AT&T &copy; &#233;"),
        # lines and the unseen
        ("one\r\ntwo  \nthree", "one\ntwo\nthree"),
        ("a\xa0b&nbsp;&nbsp;c", "a b  c"),
        ("bell\x07 \uf8ffapple", "bell apple"),
        (f"{OPEN}teams:29:boss{CLOSE}", "teams:29:boss"),
        (f"<at>A{OPEN}nn</at>", ANN),
        ("<at>Deskbell</at> request take 12", "request take 12"),
    ],
)
def test_plain_text_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert words.heard(activity(typed), BOT) == meant


@pytest.mark.parametrize(
    ("html", "meant"),
    [
        ("<p>hello</p>", "hello"),
        (f"<div><div>{US}&nbsp;text &lt;data&gt;</div>\n</div>", "text <data>"),
        (f'<p>{US} for <span {SPAN} itemid="1">Ann</span>!</p>', f"for {ANN}!"),
        (f'<p><span {SPAN} itemid="2">Bob &amp; Co</span></p>', BOB),
        (f'<p><span {SPAN} itemid="9">Boss</span></p>', "@Boss"),
        (f'<p><span {SPAN} itemid="1">Boss</span></p>', "@Boss"),
        (f'<p><span {SPAN} itemid="3">General</span></p>', "@General"),
        ("<p>&lt;at&gt;Ann&lt;/at&gt;</p>", "<at>Ann</at>"),
        ("<p>one</p>\n<p>&nbsp;</p>\n<p>two<br>three</p>", "one\n\ntwo\nthree"),
        ("<p>a  <strong>b</strong>\n c</p>", "a b c"),
        ("<p>a&nbsp;&nbsp;b</p>", "a  b"),
        ("<ul><li>one</li><li>two</li></ul>after", "- one\n- two\nafter"),
        ("<pre>if x:\n    y</pre>", "if x:\n    y"),
        ('<a href="https://x.example/a">the page</a>', "the page (https://x.example/a)"),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('nice <img alt="🍺" itemtype="http://schema.skype.com/Emoji">', "nice 🍺"),
        ('nice <emoji alt="😀" title="Grin"></emoji>!', "nice 😀!"),
        ('<attachment id="1">x</attachment>', ""),
        ("<p>it&#39;s &amp;lt; &copy;</p>", "it's &lt; ©"),
        (f"<p>&#xE000;teams:29:boss&#xE001; {OPEN}</p>", "teams:29:boss"),
        ("a<!-- b --> c <!-- d", "a c <!-- d"),
        ("a <![x[ b <at c", "a <![x[ b <at c"),
        ("<p>/request take 12</p>", "/request take 12"),
    ],
)
def test_html_is_read_as_it_was_meant(html: str, meant: str) -> None:
    assert words.heard(activity("", html), BOT) == meant


@pytest.mark.parametrize("part", ["<at a", "<at>", "<!--", "<![", "</", "&#", "<a b='", "<script><!--"])
@pytest.mark.parametrize("end", ["", ">"])
def test_broken_html_is_read_in_no_time(part: str, end: str) -> None:
    began = perf_counter()
    words.heard(activity(part * 10_000, part * 10_000 + end), BOT)
    assert perf_counter() - began < 1


def test_html_says_it_better_than_the_plain_text_beside_it() -> None:
    html = '<p>see <a href="https://x.example/a">this</a> &amp;nbsp;</p>'
    assert words.heard(activity("see this &nbsp;", html), BOT) == "see this (https://x.example/a) &nbsp;"
    assert words.heard(activity("a picture", "<p><img src='x'></p>"), BOT) == "a picture"


def test_two_people_of_one_name_are_told_apart_by_their_order() -> None:
    same = (("29:one", "Kim", "<at>Kim</at>"), ("29:two", "Kim", "<at>Kim</at>"))
    both = f"{mention('teams:29:one')} and {mention('teams:29:two')}"
    assert words.heard(activity("<at>Kim</at> and <at>Kim</at>", entities=same), BOT) == both
    html = f'<span {SPAN} itemid="1">Kim</span> and <span {SPAN} itemid="0">Kim</span>'
    other = f"{mention('teams:29:two')} and {mention('teams:29:one')}"
    assert words.heard(activity("", html, same), BOT) == other


REPLY = (
    '<div>\n<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="1600457867820">\n'
    '<strong itemprop="mri" itemid="28:deskbell">Deskbell</strong><span itemprop="time" itemid="16"></span>\n'
    '<p itemprop="preview">#12 The printer</p><blockquote>older</blockquote>\n</blockquote>\n'
    "<p>second floor</p></div>"
)


def test_a_reply_knows_what_it_quotes_and_is_read_without_it() -> None:
    reply = activity("#12 The printer\n\nsecond floor", REPLY)
    assert words.quoted(reply) == ("1600457867820", "second floor")
    assert words.heard(reply, BOT) == "second floor"
    newer = activity('<quoted messageId="17"/> second floor')
    newer["entities"].append({"type": "quotedReply", "quotedReply": {"messageId": "17", "preview": "#12"}})
    assert words.quoted(newer) == ("17", "second floor")


def test_an_ordinary_quotation_is_a_part_of_what_was_typed() -> None:
    assert words.quoted(activity("x", "<blockquote>old</blockquote><p>new</p>")) is None
    assert words.heard(activity("x", "<blockquote>old</blockquote><p>new</p>"), BOT) == "old\nnew"
    assert words.quoted(activity("hello")) is None


FRAGMENTS = st.sampled_from(
    [
        *("<at>", "</at>", "<at>Ann</at>", "<at>Deskbell</at>", "Ann", "&lt;", "&amp;", "&nbsp;", " ", "\n"),
        *(
            "<p>",
            "</p>",
            f'<span {SPAN} itemid="1">',
            "</span>",
            "<![",
            "<!--",
            "<a href='https://x'>",
            "</a>",
        ),
        *("<pre>", "</pre>", "<blockquote itemtype='x/Reply'>", "</blockquote>", "<script>", "</script>"),
        *("&#xE000;", OPEN, CLOSE, "teams:29:boss", f"{OPEN}teams:29:boss{CLOSE}", "\x00", "\r", "́"),
    ]
)
TYPED = st.one_of(st.text(), st.lists(st.one_of(FRAGMENTS, st.text(max_size=3))).map("".join))


@given(TYPED, TYPED)
@example("<at>Ann</at>", "<![")
def test_a_token_only_comes_from_a_mention_teams_made(text: str, html: str) -> None:
    for read in (
        words.heard(activity(text), BOT),
        words.heard(activity(text, html), BOT),
        words.from_html(html),
    ):
        assert {found[1] for found in MENTION.finditer(read)} <= {"teams:29:ann", "teams:29:bob"}
        assert not re.search(f"[{OPEN}{CLOSE}]", MENTION.sub("", read))
    assert not MENTION.search(words.heard(activity(text, html, entities=()), BOT))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Zs", "Zl", "Zp", "Mn"])))
def test_nothing_typed_is_lost(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    html = words.heard(activity("", f"<p>x {escaped}</p>"), BOT)
    assert html == words.heard(activity(f"x {escaped}"), BOT)
    assert html.replace(" ", "") == words.heard(activity(f"x {text}", f"<p>x {escaped}</p>"), BOT).replace(
        " ", ""
    )


STRANGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
KEYS = ("text", "entities", "attachments", "conversation", "recipient", "textFormat")


@given(st.dictionaries(st.sampled_from(KEYS), STRANGE), STRANGE, STRANGE)
def test_whatever_comes_in_is_survived(activity: dict[str, Any], mentioned: Any, content: Any) -> None:
    shaped = {
        "entities": [
            {"type": "mention", "mentioned": mentioned},
            {"type": "quotedReply", "quotedReply": content},
        ],
        "attachments": [{"contentType": "text/html", "content": content}],
    }
    for each in (activity, {**activity, **shaped}):
        assert isinstance(words.heard(each, BOT), str)
        words.quoted(each)
        words.thread(each)


def test_a_shared_message_is_read_without_its_markup() -> None:
    html = (
        '<div><p>Hi <at id="0">Ann</at>, <b>please</b></p><p><a href="https://x.example/a">this</a></p></div>'
    )
    assert words.from_html(html) == "Hi @Ann, please\nthis (https://x.example/a)"
    assert words.from_html("") == ""


def test_identities_go_there_and_back() -> None:
    channel = "19:desk@thread.tacv2"
    assert words.person("29:ann") == "teams:29:ann"
    assert words.place(channel) == words.place(f"{channel};messageid=16") == f"teams:{channel}"
    assert (
        words.message(channel, "17")
        == words.message(f"{channel};messageid=16", "17")
        == f"teams:{channel}/17"
    )
    assert words.target("teams:29:ann") == ("29:ann", None)
    assert words.target(f"teams:{channel}") == (channel, None)
    assert words.target(f"teams:{channel}/17") == (channel, "17")
    assert words.user("teams:29:1a_B-c") == "29:1a_B-c"


@pytest.mark.parametrize("elsewhere", ["slack:U0ANN", "29:ann", ""])
def test_what_lives_elsewhere_is_not_on_teams(elsewhere: str) -> None:
    assert words.user(elsewhere) is None
    with pytest.raises(ValueError, match="not on Teams"):
        words.target(elsewhere)


@pytest.mark.parametrize("person", ["teams:", "teams:29:", "teams:28:bot", "teams:29:a b", "teams:29:<at>"])
def test_nobody_is_mentioned_by_a_broken_identity(person: str) -> None:
    assert words.user(person) is None


def test_a_thread_is_named_by_its_conversation() -> None:
    assert words.thread({"conversation": {"id": "19:a@thread.tacv2;messageid=16"}}) == "16"
    assert words.thread({"conversation": {"id": "19:a@thread.tacv2"}}) is None
    assert words.thread({}) is None


@pytest.mark.parametrize(
    ("reaction", "face"),
    [
        ("angry", "rage"),
        ("sad", "slightly_frowning_face"),
        ("surprised", "neutral_face"),
        ("like", "slightly_smiling_face"),
        ("laugh", "slightly_smiling_face"),
        ("heart", "star-struck"),
        # what looks like a face of the scale, however it is called
        ("stareyes", "star-struck"),
        ("1f929", "star-struck"),
        ("1f929_starstruck", "star-struck"),
        ("star-struck", "star-struck"),
        (":star_struck:", "star-struck"),
        ("🤩", "star-struck"),
        ("1f621_angryface", "rage"),
        ("angryface", "rage"),
        (":rage:", "rage"),
        ("smile", "slightly_smiling_face"),
        ("simple_smile", "slightly_smiling_face"),
        ("1F642_slightlysmilingface-tone3", "slightly_smiling_face"),
        ("🙂\ufe0f", "slightly_smiling_face"),
        ("speechless", "neutral_face"),
        # what is on no scale
        ("1f44f_clappinghands", "clap"),
        ("yes-tone4", "+1"),
        ("👍🏽", "+1"),
        ("2639_frowningface", "white_frowning_face"),
        ("our_own", "our_own"),
        ("110000", "110000"),
        ("", ""),
    ],
)
def test_a_reaction_means_a_face_of_the_scale(reaction: str, face: str) -> None:
    assert words.mark(reaction, SCALE) == face


def test_a_reaction_means_what_it_looks_like_before_what_it_is_worth() -> None:
    scale = (Face(1, "thumbsdown", "bad"), Face(2, "our_own", "so-so"), Face(3, "+1", "good"))
    assert words.mark("like", scale) == "+1"
    assert words.mark("yes-tone2", scale) == "+1"
    assert words.mark("no", scale) == "thumbsdown"
    assert words.mark("our_own", scale) == "our_own"
    assert words.mark("heart", scale) == "heart"
    assert words.mark("smile", (Face(1, "smile", "Slack's, which laughs"),)) == "slightly_smiling_face"


def test_the_reactions_that_count_are_said_the_best_first() -> None:
    assert [(shown, face.label) for shown, face in reactions(SCALE)] == [
        ("❤️", "great"),
        ("👍 😆", "good"),
        ("😮", "okay"),
        ("🙁", "poor"),
        ("😠", "bad"),
    ]
    assert reactions(()) == []


@pytest.mark.parametrize("name", [face.mark for face in SCALE] + sorted(ALIASES) + sorted(EMOJI))
def test_the_names_slack_uses_are_known(name: str) -> None:
    character = words.emoji(name)
    assert not character.startswith(":")
    if name in EMOJI:
        assert character.replace("\ufe0f", "") == EMOJI[name].replace("\ufe0f", "")


def test_an_unknown_emoji_stays_a_name() -> None:
    assert words.emoji("our_own") == ":our_own:"
