"""Emoji: by the names our scale uses, as characters, and as Teams calls them when somebody reacts.

Teams names a reaction in three ways: its six classics by a word ("like"), some emoji by a word of its own
("stareyes"), the others by code point and name ("1f44f_clappinghands"); a skin tone follows as "-tone3".
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import emoji as names

from bot.emoji import mark as canonical
from handlers.notices import Face

CLASSICS = {"angry": 1, "sad": 2, "surprised": 3, "like": 4, "laugh": 4, "heart": 5}
"""What Teams' six classic reactions are worth where the scale has no face that looks like them."""

_TONE = re.compile(r"-tone[1-5]$")
_UNSEEN = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
"""Variation selectors and skin tones."""
_CODES = re.compile(r"([0-9a-f]{4,6}(?:-[0-9a-f]{4,6})*)(?:_.*)?", re.DOTALL)


def emoji(name: str) -> str:
    """The character of an emoji, by name; `:name:` when there is none."""
    return _named(name) or f":{name.strip(':')}:"


def mark(reaction: str, scale: Sequence[Face]) -> str:
    """The name of the face on this scale that a reaction means.

    A face that looks the same counts first, then what a classic reaction is worth. A reaction that means
    nothing here becomes its own name, which is on no scale.
    """
    meant = _reacted(reaction)
    for face in scale:
        if _bare(_named(face.mark)) == meant if meant else face.mark == reaction:
            return face.mark
    worth = CLASSICS.get(reaction)
    return next((face.mark for face in scale if face.score == worth), _name(meant) or reaction)


def reactions(scale: Sequence[Face]) -> list[tuple[str, Face]]:
    """Which of the classic reactions count as which face of this scale, the best first: "👍 😆" and good."""
    meant = [(_TEAMS[classic], mark(classic, scale)) for classic in CLASSICS]
    counted = [(" ".join(shown for shown, name in meant if name == face.mark), face) for face in scale]
    return sorted((each for each in counted if each[0]), key=lambda each: -each[1].score)


@lru_cache(maxsize=1024)
def _named(name: str) -> str:
    """The character with this name, as Slack and others use it; nothing when there is none."""
    bare = canonical(name)
    if names.is_emoji(_bare(bare)):
        return bare
    for known in (bare, bare.removeprefix("large_")):
        character = _OTHERS.get(known) or names.emojize(f":{known}:", language="alias")
        if names.is_emoji(character):
            return character
    return ""


@lru_cache(maxsize=1024)
def _reacted(reaction: str) -> str:
    """The character of a reaction, without its skin tone; nothing when it is none we know."""
    bare = _TONE.sub("", reaction.strip(":").partition("::")[0])
    return _bare(_TEAMS.get(bare) or _coded(bare) or _named(bare))


def _coded(reaction: str) -> str:
    found = _CODES.fullmatch(reaction.lower())
    codes = [int(code, 16) for code in found[1].split("-")] if found else []
    if not codes or max(codes) > 0x10FFFF:
        return ""
    character = "".join(map(chr, codes))
    return character if names.is_emoji(_bare(character)) else ""


def _bare(character: str) -> str:
    return _UNSEEN.sub("", character)


def _name(character: str) -> str:
    return canonical(names.demojize(character, language="alias")) if character else ""


_OTHERS = {
    "rolling_eyes": "🙄",
    "the_horns": "🤘",
    "van": "🚐",
    "smiling_face_with_3_hearts": "🥰",
    "smiling_face_with_smiling_eyes_and_hand_covering_mouth": "🤭",
}
"""Slack's names that others do not have."""

_TEAMS = {
    name: character
    for character, known in {
        "👍": "like yes",
        "👎": "no",
        "❤️": "heart",
        "😆": "laugh",
        "😮": "surprised",
        "🙁": "sad shake saddog sadmonkey sadkoala",
        "😠": "angry",
        "😡": "angryface",
        "🤬": "swear",
        "🙂": "smile nod rainbowsmile",
        "😃": "happyface",
        "😄": "grinningfacewithsmilingeyes laughdog laughmonkey laughrobot laughkoala",
        "😅": "sweatgrinning whew",
        "🤣": "rofl",
        "😂": "cwl",
        "🙃": "upsidedownface",
        "🫠": "meltingface",
        "😉": "wink",
        "😊": "smileeyes blush",
        "😇": "angel",
        "🥰": "inlove",
        "😍": "hearteyes hearteyesdog hearteyesmonkey hearteyesrobot hearteyeskoala",
        "🤩": "stareyes",
        "😗": "kiss",
        "☺️": "mmm",
        "🥲": "smilingfacewithtear",
        "😋": "tongueout",
        "😜": "winktongueout",
        "😝": "squintingfacewithtongue",
        "🤭": "giggle",
        "🤫": "lipssealed tmi",
        "🤔": "think",
        "🫡": "salute",
        "🤨": "wonder",
        "😐": "speechless",
        "😑": "expressionless emo",
        "😶": "blankface",
        "😏": "smirk",
        "😒": "unamused ttm",
        "🙄": "dull wasntme",
        "😌": "relieved dream",
        "😔": "pensive",
        "😪": "sleepy",
        "😴": "sleepingface",
        "🤒": "ill",
        "🤮": "puke",
        "🥶": "shivering",
        "🥱": "hungover",
        "🥳": "party holidayspirit",
        "😎": "cool coolcat coolmonkey",
        "🤓": "nerdy",
        "😕": "confused",
        "🫤": "diagonalmouth",
        "😧": "worry",
        "🥹": "faceholdingbacktears",
        "😨": "fearful",
        "😢": "cry",
        "😭": "loudlycrying",
        "😱": "screamingfear",
        "😖": "veryconfused",
        "😫": "doh",
        "😞": "disappointed",
        "😓": "sweat",
        "😩": "weary",
        "😤": "headbang",
        "😈": "devil",
        "💔": "brokenheart",
        "👏": "clap clappinghands sarcastic",
        "🙌": "handsinair thewave1 thewave2 thewave3 thewave4 thewave5",
        "👌": "ok",
        "✌️": "victory",
        "🤞": "fingerscrossed crossedfingers",
        "🤘": "rock",
        "✋": "highfive wait",
        "👋": "hi",
        "🤦": "facepalm",
        "🫶": "hearthands",
        "🚀": "launch",
        "💡": "idea",
    }.items()
    for name in known.split()
}
"""Faces and gestures that Teams calls by a word of its own; its other emoji carry their code point."""
