"""The emoji of the workspace: Slack's short names, their aliases, and skin tones."""

from __future__ import annotations

import re

EMOJI: dict[str, str] = {
    "+1": "👍", "-1": "👎", "100": "💯", "alarm_clock": "⏰", "angry": "😠", "apple": "🍎",
    "arrow_down": "⬇️", "arrow_forward": "▶️", "arrow_left": "⬅️", "arrow_right": "➡️",
    "arrow_up": "⬆️", "arrows_counterclockwise": "🔄", "art": "🎨", "balloon": "🎈",
    "ballot_box_with_check": "☑️", "bar_chart": "📊", "beach_with_umbrella": "🏖️", "beers": "🍻",
    "bell": "🔔", "bellhop_bell": "🛎️", "bike": "🚲", "birthday": "🎂", "black_circle": "⚫",
    "blossom": "🌼", "blue_heart": "💙", "blush": "😊", "bookmark": "🔖", "books": "📚", "boom": "💥",
    "bouquet": "💐", "bow": "🙇", "bow_and_arrow": "🏹", "briefcase": "💼", "broken_heart": "💔",
    "bug": "🐛", "bulb": "💡", "busstop": "🚏", "bust_in_silhouette": "👤", "busts_in_silhouette": "👥",
    "cactus": "🌵", "cake": "🍰", "calendar": "📆", "camera": "📷", "car": "🚗", "cat": "🐱",
    "chains": "⛓️", "chart_with_downwards_trend": "📉", "chart_with_upwards_trend": "📈",
    "cherry_blossom": "🌸", "christmas_tree": "🎄", "clap": "👏", "clipboard": "📋", "clock9": "🕘",
    "closed_book": "📕", "coffee": "☕", "computer": "💻", "confetti_ball": "🎊", "confused": "😕",
    "construction": "🚧", "credit_card": "💳", "crossed_fingers": "🤞", "crown": "👑", "cry": "😢",
    "crystal_ball": "🔮", "dart": "🎯", "date": "📅", "deciduous_tree": "🌳", "disappointed": "😞",
    "dizzy": "💫", "dizzy_face": "😵", "dog": "🐶", "door": "🚪", "double_vertical_bar": "⏸️",
    "eight": "8️⃣", "email": "📧", "envelope": "✉️", "exclamation": "❗", "exploding_head": "🤯",
    "expressionless": "😑", "eyes": "👀", "face_with_monocle": "🧐", "face_with_rolling_eyes": "🙄",
    "file_folder": "📁", "fire": "🔥", "five": "5️⃣", "flushed": "😳", "four": "4️⃣",
    "four_leaf_clover": "🍀", "frowning": "😦", "frowning_person": "🙍", "gear": "⚙️", "gift": "🎁",
    "green_heart": "💚", "grey_question": "❔", "grimacing": "😬", "grin": "😁", "grinning": "😀",
    "hammer": "🔨", "hammer_and_wrench": "🛠️", "handshake": "🤝", "hash": "#️⃣", "heart": "❤️",
    "heart_eyes": "😍", "heavy_check_mark": "✔️", "heavy_minus_sign": "➖", "heavy_plus_sign": "➕",
    "herb": "🌿", "hibiscus": "🌺", "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "house": "🏠",
    "hugging_face": "🤗", "inbox_tray": "📥", "information_source": "ℹ️", "innocent": "😇", "joy": "😂",
    "key": "🔑", "keycap_ten": "🔟", "label": "🏷️", "large_blue_circle": "🔵",
    "large_blue_square": "🟦", "large_green_circle": "🟢", "large_green_square": "🟩",
    "large_orange_circle": "🟠", "large_orange_square": "🟧", "large_purple_circle": "🟣",
    "large_red_square": "🟥", "large_yellow_circle": "🟡", "large_yellow_square": "🟨",
    "laughing": "😆", "leaves": "🍃", "link": "🔗", "lock": "🔒", "loudspeaker": "📢", "mag": "🔍",
    "mailbox": "📫", "memo": "📝", "moneybag": "💰", "mortar_board": "🎓", "muscle": "💪",
    "neutral_face": "😐", "new": "🆕", "nine": "9️⃣", "no_bell": "🔕", "no_entry": "⛔",
    "no_entry_sign": "🚫", "no_mouth": "😶", "ok": "🆗", "ok_hand": "👌", "one": "1️⃣",
    "open_hands": "👐", "outbox_tray": "📤", "package": "📦", "palm_tree": "🌴", "paperclip": "📎",
    "partying_face": "🥳", "pencil2": "✏️", "pensive": "😔", "phone": "☎️", "point_left": "👈",
    "point_right": "👉", "point_up": "☝️", "pray": "🙏", "printer": "🖨️", "purple_heart": "💜",
    "pushpin": "📌", "question": "❓", "rage": "😡", "rainbow": "🌈", "raised_hand": "✋",
    "raised_hands": "🙌", "raising_hand": "🙋", "receipt": "🧾", "recycle": "♻️", "red_circle": "🔴",
    "relaxed": "☺️", "relieved": "😌", "repeat": "🔁", "robot_face": "🤖", "rocket": "🚀", "rose": "🌹",
    "rotating_light": "🚨", "round_pushpin": "📍", "scissors": "✂️", "scream": "😱", "scroll": "📜",
    "see_no_evil": "🙈", "seedling": "🌱", "seven": "7️⃣", "shrug": "🤷", "six": "6️⃣",
    "sleeping": "😴", "slightly_frowning_face": "🙁", "slightly_smiling_face": "🙂",
    "small_red_triangle": "🔺", "smile": "😄", "smiley": "😃", "smiling_face_with_tear": "🥲",
    "smirk": "😏", "snail": "🐌", "sob": "😭", "sparkles": "✨", "speech_balloon": "💬", "star": "⭐",
    "star-struck": "🤩", "star2": "🌟", "stopwatch": "⏱️", "sunflower": "🌻", "sunglasses": "😎",
    "sunny": "☀️", "sweat": "😓", "sweat_smile": "😅", "tada": "🎉", "thinking_face": "🤔",
    "thought_balloon": "💭", "three": "3️⃣", "ticket": "🎫", "timer_clock": "⏲️", "tired_face": "😫",
    "toolbox": "🧰", "triangular_flag_on_post": "🚩", "triumph": "😤", "trophy": "🏆", "truck": "🚚",
    "tulip": "🌷", "turtle": "🐢", "two": "2️⃣", "umbrella": "☔", "unamused": "😒", "unlock": "🔓",
    "upside_down_face": "🙃", "v": "✌️", "van": "🚐", "warning": "⚠️", "wastebasket": "🗑️",
    "watch": "⌚", "wave": "👋", "weary": "😩", "white_check_mark": "✅", "white_circle": "⚪",
    "white_frowning_face": "☹️", "wilted_flower": "🥀", "wink": "😉", "worried": "😟", "wrench": "🔧",
    "writing_hand": "✍️", "x": "❌", "yellow_heart": "💛", "yum": "😋", "zap": "⚡", "zero": "0️⃣",
    "zipper_mouth_face": "🤐", "zzz": "💤",
}  # fmt: skip
"""Slack's short name of each emoji, and the emoji itself."""

ALIASES: dict[str, str] = {
    "thumbsup": "+1",
    "thumbsdown": "-1",
    "hand": "raised_hand",
    "satisfied": "laughing",
    "pencil": "memo",
    "e-mail": "email",
    "telephone": "phone",
    "red_car": "car",
    "heavy_exclamation_mark": "exclamation",
    "thinking": "thinking_face",
    "rolling_eyes": "face_with_rolling_eyes",
    "grinning_face_with_star_eyes": "star-struck",
    "simple_smile": "slightly_smiling_face",
    "hugs": "hugging_face",
    "robot": "robot_face",
    "frowning_face": "white_frowning_face",
}
"""Other names people and programs use; Slack keeps and reports the first name."""

_TONED = frozenset(
    [
        "+1",
        "-1",
        "wave",
        "clap",
        "raised_hands",
        "pray",
        "muscle",
        "ok_hand",
        "point_up",
        "point_left",
        "point_right",
        "v",
        "open_hands",
        "bow",
        "raising_hand",
        "shrug",
        "handshake",
        "crossed_fingers",
        "writing_hand",
        "raised_hand",
        "frowning_person",
        "bust_in_silhouette",
    ]
)
_NAMES = {char.replace("\ufe0f", ""): name for name, char in EMOJI.items()}
_TYPED = re.compile(
    "|".join(re.escape(char) + "\ufe0f?" for char in sorted(_NAMES, key=len, reverse=True))
    + "|"
    + "|".join(re.escape(char) for char in sorted(EMOJI.values(), key=len, reverse=True) if "\ufe0f" in char)
)


def canonical(name: str) -> str | None:
    """The name Slack keeps for a reaction, skin tone included; None when there is no such emoji."""
    base, colons, tone = name.strip(":").partition("::")
    base = ALIASES.get(base, base)
    if base not in EMOJI:
        return None
    if not colons:
        return base
    known = re.fullmatch(r"skin-tone-[2-6]", tone) and base in _TONED
    return f"{base}::{tone}" if known else None


def as_names(text: str) -> str:
    """Typed emoji as `:name:`, which is how Slack hands them to an app."""
    return _TYPED.sub(lambda found: f":{_NAMES[found.group().replace(chr(0xFE0F), '')]}:", text)
