import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack import words
from handlers.mentions import CLOSE, MENTION, OPEN, mention

BOT = "UDESKBELL"
ANN = mention("slack:U0ANN")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the printer is out of toner", "the printer is out of toner"),
        # people
        ("for <@U0ANN>", f"for {ANN}"),
        ("for <@U0ANN|ann>, please", f"for {ANN}, please"),
        ("<@W0ANN>", mention("slack:W0ANN")),
        ("<@u0ann> <@> <@U0 ANN>", "@u0ann @ @U0 ANN"),
        # the bot itself
        ("<@UDESKBELL> take 12", "take 12"),
        ("<@UDESKBELL|deskbell>  take 12", "take 12"),
        ("take <@UDESKBELL> 12", "take 12"),
        ("take 12 <@UDESKBELL>", "take 12"),
        ("<@UDESKBELL>", ""),
        # channels, groups, everybody
        ("in <#C01|general>", "in #general"),
        ("in <#C01>, <#C01|>", "in #C01, #C01"),
        ("<!here> <!channel> <!everyone> <!here|here>", "@here @channel @everyone @here"),
        ("<!subteam^S01|@florists> <!subteam^S01>", "@florists @group"),
        ("<!date^1764259200^{date}|27 November>", "27 November"),
        # links
        ("<https://x.example/a>", "https://x.example/a"),
        ("<https://x.example/a|the page>", "the page (https://x.example/a)"),
        ("<https://x.example|x.example> <https://x.example/|x.example>", "x.example x.example"),
        ("<mailto:ann@x.example|ann@x.example>", "ann@x.example"),
        ("<https://x.example/?a=1&amp;b=2>", "https://x.example/?a=1&b=2"),
        ("<https://x.example|a &lt;b&gt;>", "a <b> (https://x.example)"),
        # escapes, once
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;@U0ANN&amp;gt;", "&lt;@U0ANN&gt;"),
        ("&lt;@U0ANN&gt;", "<@U0ANN>"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("&quot; &#39; &", "&quot; &#39; &"),
        # broken
        ("a < b > c <", "a  b  c <"),
        ("<<@U0ANN>>", f"<{ANN}>"),
        ("<|>", ""),
        # lines and the unseen
        ("one\ntwo\r\nthree", "one\ntwo\nthree"),
        ("bell\x07 \uf8ffapple", "bell apple"),
        (f"{OPEN}slack:U0BOSS{CLOSE}", "slack:U0BOSS"),
        (f"<@U0ANN|{OPEN}slack:U0BOSS{CLOSE}>", ANN),
        (f"<{OPEN}@U0ANN>", ANN),
        (f"<https://x.example|{OPEN}slack:U0BOSS{CLOSE}>", "slack:U0BOSS (https://x.example)"),
    ],
)
def test_typed_text_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert words.from_slack(typed, BOT) == meant


FRAGMENTS = st.sampled_from(
    [
        *("<", ">", "|", "@", "#", "!", "^", "&amp;", "&lt;", "&gt;", " ", "\n", "\x00"),
        *("U0ANN", "C01", "<@U0ANN>", "<@U0BOB|bob>", "https://x.example", BOT),
        *(OPEN, CLOSE, "slack:U0BOSS", f"{OPEN}slack:U0BOSS{CLOSE}"),
    ]
)
TYPED = st.one_of(st.text(), st.lists(st.one_of(FRAGMENTS, st.text(max_size=3))).map("".join))


@given(TYPED)
@example(f"<@U0A{OPEN}NN>")
@example(f"{OPEN}<@U0ANN>{CLOSE}")
def test_a_token_only_comes_from_a_mention_slack_made(typed: str) -> None:
    read = words.from_slack(typed, BOT)
    mentioned = {found[1] for found in MENTION.finditer(read)}
    made = {
        f"slack:{user}"
        for user in re.findall(r"<@([A-Z0-9]+)", re.sub("[\ue000-\uf8ff\x00-\x1f]", "", typed))
    }
    assert mentioned <= made
    assert mentioned <= {"slack:U0ANN", "slack:U0BOB"} | made - {"slack:U0BOSS", f"slack:{BOT}"}
    left = MENTION.sub("", read)
    assert OPEN not in left
    assert CLOSE not in left


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Co"]), max_size=200))
def test_what_slack_escapes_is_read_back_as_it_was_typed(text: str) -> None:
    assert words.unescape(words.escape(text)) == text
    assert not re.search("[<>]", words.escape(text))


def test_identities_go_there_and_back() -> None:
    assert words.person("U0ANN") == "slack:U0ANN"
    assert words.place("C01") == "slack:C01"
    assert words.message("C01", "1764.0001") == "slack:C01/1764.0001"
    assert words.target("slack:U0ANN") == ("U0ANN", None)
    assert words.target("slack:C01") == ("C01", None)
    assert words.target("slack:C01/1764.0001") == ("C01", "1764.0001")
    assert words.user("slack:U0ANN") == "U0ANN"


@pytest.mark.parametrize("elsewhere", ["teams:29:ann", "U0ANN", ""])
def test_what_lives_elsewhere_is_not_on_slack(elsewhere: str) -> None:
    assert words.user(elsewhere) is None
    with pytest.raises(ValueError, match="not on Slack"):
        words.target(elsewhere)


@pytest.mark.parametrize("person", ["slack:", "slack:<!channel>", "slack:C01", "slack:U", "slack:U0ANN/1.2"])
def test_nobody_is_mentioned_by_a_broken_identity(person: str) -> None:
    assert words.user(person) is None
