import json
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.parts import Actions, Heading, Prose, Quoted, Rule, Small
from bot.pieces import Bold, Code, Emoji, Line, Piece, say
from bot.teams.cards import card, draw
from bot.teams.lines import Mentioned, elements, escaped, literal, markdown
from handlers.notices import Button, Link, Mention, Quote, When
from tests.bot.examples import ANN, CONTROL, DAY, FRIDAY, NASTY, RTL, TEO
from tests.bot.teams.limits import check_card, things

KIM = Mention("teams:29:kim", "Kim Berg")
HOSTILE = (
    NASTY,
    RTL,
    CONTROL,
    "<at>Boss</at>",
    "**b** _i_ __b__ ***x*** ~~s~~ `c`",
    "[x](http://evil.example) ![x](http://evil.example/p.png) <http://evil.example>",
    "[x]: http://evil.example",
    "{{DATE(2026-11-27T16:00:00Z, SHORT)}} {{{TIME(2026-11-27T16:00:00Z)}}}",
    "1. list",
    "2) list",
    "- list",
    "+ list",
    "# title",
    "> quote",
    "=== ---",
    "---",
    "    code",
    "&lt;b&gt; &amp;amp; &#60; AT&T & co &",
    r"C:\temp\* \\server \ ",
    "a | b\n--- | ---\n1 | 2",
    "<b onclick=x>b</b><!-- c --><script>",
)
READERS = (
    MarkdownIt("commonmark"),
    MarkdownIt("js-default"),
    MarkdownIt("js-default", {"typographer": True}).enable(["replacements", "smartquotes"]),
)


def shown(text: str, reader: MarkdownIt) -> str:
    """A line of Markdown as a reader shows it; fails when it is more than one paragraph of bare text."""
    tokens = reader.parse(text)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], text
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text"}, [child.type for child in children]
    return "".join(child.content for child in children)


def plainly(text: str) -> str:
    """What people see of a text in one line."""
    return " ".join(literal(text).replace("\t", " ").split())


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_what_was_typed_letter_by_letter(text: str) -> None:
    for reader in READERS[:2]:
        drawn = shown(markdown([text], Mentioned()), reader)
        assert " ".join(drawn.split()) == plainly(text)


PIECES = st.sampled_from(
    [*HOSTILE, "{", "{DATE(", "<", "at>", "&", "lt;", "\\", "*", "~", "1", ". x", "[", "!"]
)
TYPED = st.one_of(st.text(max_size=20), PIECES, st.lists(PIECES, max_size=4).map("".join))


@given(st.lists(TYPED, min_size=1, max_size=4))
@example(["1", ". x"])
@example(["{", "{DATE(2026-11-27T16:00:00Z)}}"])
@example(["\\", "*x*"])
@example(["~", "~x~~"])
def test_no_text_is_markup_however_it_is_put_together(texts: list[str]) -> None:
    text = markdown(texts, Mentioned())
    assert "{{" not in text
    assert "<" not in text
    if text:
        drawn = shown(text, READERS[0])
        assert "".join(drawn.split()) == "".join("".join(map(literal, texts)).split())


PEOPLE = st.builds(Mention, st.sampled_from(["teams:29:a", "teams:29:b", "slack:U1", ""]), TYPED)
LINES = st.lists(
    st.one_of(
        TYPED,
        PEOPLE,
        st.sampled_from([FRIDAY, DAY]),
        *(st.builds(kind, TYPED) for kind in (Bold, Code, Quote, Emoji)),
        st.builds(Link, TYPED, TYPED),
    ),
    max_size=5,
)


@given(LINES)
def test_a_line_mentions_people_and_tells_times_and_does_nothing_else(line: list[Piece]) -> None:
    drawn = draw([Prose((line,))])
    if not drawn.body:
        return
    whole = card(drawn, "text")
    check_card(whole)
    here = {piece.person.removeprefix("teams:") for piece in line if isinstance(piece, Mention)}
    assert {entity["mentioned"]["id"] for entity in drawn.entities} <= here
    for each in things(whole):
        if each["type"] == "TextBlock":
            text = each["text"]
            for at in drawn.entities:
                text = text.replace(at["text"], "somebody")
            shown(text.replace("{{", "").replace("}}", ""), READERS[1])
        if "selectAction" in each:
            assert each["selectAction"]["url"] in {piece.url for piece in line if isinstance(piece, Link)}


def test_a_line_is_rich_text_unless_somebody_is_mentioned_or_a_time_is_told() -> None:
    assert kinds([ANN, " has ", Bold("#12"), Quote("x")]) == ["RichTextBlock"]
    assert kinds([TEO, " has it"]) == ["TextBlock"]
    assert kinds(["by ", FRIDAY]) == ["TextBlock"]
    assert kinds(["one\n", TEO, "\nthree\nfour"]) == ["RichTextBlock", "TextBlock", "RichTextBlock"]
    assert kinds([]) == kinds([" "]) == kinds(["\n"]) == []


def test_what_is_set_off_is_set_off() -> None:
    line: Line = ["a ", Bold("b"), Code(" c "), Quote("d"), Emoji("tada"), Link("https://x.example", "e")]
    [block] = elements([*line, Link("javascript:x", "f"), Emoji("our_own")], Mentioned())
    assert block["inlines"] == [
        {"type": "TextRun", "text": "a "},
        {"type": "TextRun", "text": "b", "weight": "bolder"},
        {"type": "TextRun", "text": " c ", "fontType": "monospace"},
        {"type": "TextRun", "text": "d", "italic": True},
        {"type": "TextRun", "text": "🎉"},
        {
            "type": "TextRun",
            "text": "e",
            "selectAction": {"type": "Action.OpenUrl", "url": "https://x.example"},
        },
        {"type": "TextRun", "text": "f:our_own:"},
    ]


def test_beside_a_mention_a_quotation_has_its_marks() -> None:
    [first, second] = elements([KIM, ": ", Quote("second *floor*\nleft")], Mentioned())
    assert first["text"] == r"<at>Kim Berg</at>: “second \*floor\*"
    assert second["inlines"] == [{"type": "TextRun", "text": "left”"}]


def test_a_time_is_told_on_the_readers_own_clock() -> None:
    [block] = elements(["by ", FRIDAY, " or ", DAY], Mentioned())
    assert block["text"] == (
        "by {{DATE(2026-11-27T16:00:00Z, SHORT)}} {{TIME(2026-11-27T16:00:00Z)}}"
        " or {{DATE(2026-11-27T16:00:00Z, SHORT)}}"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ann Lindqvist", "<at>Ann Lindqvist</at>"),
        ("Lindqvist, Ann-Marie (IT)", "<at>Lindqvist, Ann-Marie (IT)</at>"),
        ("Teo *Teams*", r"<at>Teo \*Teams\*</at>"),
        ("a</at><at>Boss]", "<at>a&lt;\u200b/at&gt;&lt;\u200bat&gt;Boss\\]</at>"),
        ("R&D & Co", "<at>R&amp;D & Co</at>"),
        ("{{DATE}}", "<at>{\u200b{DATE}}</at>"),
        ("one\ntwo", "<at>one two</at>"),
        (" ", "<at>somebody</at>"),
    ],
)
def test_a_mention_and_its_entity_have_one_text(name: str, text: str) -> None:
    drawn = draw([Prose((["Hi ", Mention("teams:29:x", name)],))])
    assert drawn.body[0]["text"] == f"Hi {text}"
    [entity] = drawn.entities
    assert (entity["text"], entity["mentioned"]["id"]) == (text, "29:x")


def test_of_two_people_of_one_name_the_second_is_only_named() -> None:
    other = Mention("teams:29:other", "Kim Berg")
    drawn = draw([Prose(([KIM, " and ", other, " and ", KIM],)), Quoted((other, KIM))])
    assert drawn.body[0]["text"] == "<at>Kim Berg</at> and Kim Berg and <at>Kim Berg</at>"
    assert [entity["mentioned"]["id"] for entity in drawn.entities] == ["29:kim"]


def test_somebody_from_elsewhere_is_named() -> None:
    drawn = draw([Prose(([ANN, " and ", Mention("", "somebody")],))])
    assert drawn.body[0]["inlines"] == [{"type": "TextRun", "text": "Ann Lindqvist and somebody"}]
    assert drawn.entities == []


def test_parts_are_drawn_as_what_they_are() -> None:
    drawn = draw(
        [
            Heading("A *week*"),
            Prose((["one"], [], ["two"])),
            Rule(),
            Prose(([],)),
            Small("small"),
            Quoted(("said",)),
            Quoted(()),
            Rule(),
        ]
    ).body
    assert [(each["type"], each.get("spacing"), each.get("separator")) for each in drawn] == [
        ("TextBlock", "medium", None),
        ("RichTextBlock", None, None),
        ("RichTextBlock", "small", None),
        ("RichTextBlock", "medium", True),
        ("Container", None, None),
    ]
    assert (drawn[0]["text"], drawn[0]["style"], drawn[4]["style"]) == (r"A \*week\*", "heading", "emphasis")
    assert drawn[3]["inlines"][0]["isSubtle"] is True


@pytest.mark.parametrize(
    ("count", "rows"), [(0, []), (1, [1]), (6, [6]), (7, [3, 4]), (13, [4, 4, 5]), (40, [6] * 4)]
)
def test_buttons_stand_in_rows_of_six_at_most(count: int, rows: list[int]) -> None:
    drawn = draw([Actions((Button("Take", "take 12"),) * count)]).body
    assert [len(each["actions"]) for each in drawn] == rows


def test_a_button_says_its_line() -> None:
    [execute] = pressed(Button("Take", "take 12", "primary"))
    assert execute == {
        "type": "Action.Execute",
        "verb": "say",
        "data": {"line": "take 12"},
        "title": "Take",
        "style": "positive",
    }


@pytest.mark.parametrize("line", ["resolve 12 …", "form", "settings", "show 12", "history 12", "list mine"])
def test_a_button_that_only_looks_or_asks_opens_a_dialog(line: str) -> None:
    [submit] = pressed(Button("Open", line))
    assert submit["type"] == "Action.Submit"
    assert submit["data"] == {"msteams": {"type": "task/fetch"}, "line": line}


def test_in_a_dialog_a_button_is_answered_there() -> None:
    buttons = Actions(
        (Button("Take", "take 12"), Button("Open", "form"), Button("No", "cancel 12", "", "Sure?"))
    )
    [row] = draw([buttons], in_dialog=True).body
    submits = [each for each in things(row) if each["type"] == "Action.Submit"]
    assert [each["data"] for each in submits] == [
        {"line": "take 12"},
        {"line": "form"},
        {"line": "cancel 12"},
    ]


def test_a_question_is_asked_before_the_line_is_said() -> None:
    [asking] = pressed(Button("Cancel", "cancel 12", "danger", "Cancel **#12**? {{DATE(x)}}"))
    assert (asking["type"], asking["style"]) == ("Action.ShowCard", "destructive")
    [question] = asking["card"]["body"]
    assert question["inlines"][0]["text"] == "Cancel **#12**? {\u200b{DATE(x)}}"
    [execute] = asking["card"]["actions"]
    assert (execute["title"], execute["data"]) == ("Cancel", {"line": "cancel 12"})


def test_a_button_whose_line_does_not_fit_is_left_out_rather_than_saying_something_else() -> None:
    drawn = pressed(Button("A", "x" * 1_001), Button("B", ""), Button("C", "x" * 1_000), Button("", "take 1"))
    assert [each["title"] for each in drawn] == ["C", "take 1"]


def test_what_is_said_above_is_set_off() -> None:
    drawn = draw([Prose((["below"],))], above=[Prose(([KIM, " has it."],))])
    assert [each["type"] for each in drawn.body] == ["Container", "RichTextBlock"]
    assert len(drawn.entities) == 1


def test_escapes_stand_only_where_they_are_needed() -> None:
    text = "Room 4.2 (2nd floor) – it's #1, 50% off! a-b + c > d | e.g. A & B; C:\\temp ~5"
    assert escaped(text) == text


def test_a_line_says_the_same_as_its_plain_words() -> None:
    line: Line = ["From: ", TEO, ", ", ANN, " “x” ", When(FRIDAY.at, "UTC")]
    [block] = elements(line, Mentioned())
    told = "{{DATE(2026-11-27T16:00:00Z, SHORT)}} {{TIME(2026-11-27T16:00:00Z)}}"
    text = block["text"].replace(told, "Fri 27 Nov, 16:00").replace("<at>", "").replace("</at>", "")
    assert shown(text, READERS[1]) == say(line)


def kinds(line: Line) -> list[str]:
    return [each["type"] for each in elements(line, Mentioned())]


def pressed(*buttons: Button) -> list[dict[str, Any]]:
    [row] = draw([Actions(buttons)]).body
    json.dumps(row)
    actions: list[dict[str, Any]] = row["actions"]
    return actions


def test_a_link_beside_a_moment_is_one_in_markdown_too() -> None:
    """Moments are only shown on the reader's clock where there is Markdown."""
    url = "https://desk.example.com/report/a_b*c*-(d)[e]?f=g&h=~i"
    [block] = elements([Link(url, "the *report*"), " until ", FRIDAY, "."], Mentioned())
    shown = MarkdownIt().parseInline(block["text"])[0].children or []
    assert [token.type for token in shown if "link" in token.type] == ["link_open", "link_close"]
    assert unquote(str(shown[0].attrs["href"])) == url
    assert shown[1].content == "the *report*"
    [harmless] = elements([Link("javascript:alert(1)", "here"), FRIDAY], Mentioned())
    assert "javascript" not in harmless["text"]
