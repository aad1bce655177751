"""Emoji by name: the one name that every alias and skin tone of it has, on every platform."""


def mark(name: str) -> str:
    """The one name of an emoji, whatever its skin tone and whichever alias was used."""
    bare = name.strip(":").partition("::")[0]
    return _ALIASES.get(bare, bare)


_ALIASES = {
    alias: name
    for name, aliases in {
        "+1": "thumbsup thumbs_up",
        "-1": "thumbsdown thumbs_down",
        "slightly_smiling_face": "simple_smile slight_smile",
        "slightly_frowning_face": "slight_frown",
        "white_frowning_face": "frowning_face",
        "grinning": "grinning_face",
        "laughing": "satisfied",
        "star-struck": "grinning_face_with_star_eyes",
        "zany_face": "grinning_face_with_one_large_and_one_small_eye",
        "face_with_raised_eyebrow": "face_with_one_eyebrow_raised",
        "face_with_symbols_on_mouth": "serious_face_with_symbols_covering_mouth",
        "face_vomiting": "face_with_open_mouth_vomiting",
        "exploding_head": "shocked_face_with_exploding_head",
        "thinking_face": "thinking",
        "hugging_face": "hugs",
        "hand": "raised_hand",
        "facepunch": "punch",
        "the_horns": "sign_of_the_horns",
        "crossed_fingers": "hand_with_index_and_middle_fingers_crossed",
        "hankey": "poop shit",
        "rage": "pout pouting_face",
        "boom": "collision",
        "memo": "pencil",
    }.items()
    for alias in aliases.split()
}
