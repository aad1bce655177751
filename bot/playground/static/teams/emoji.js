// Reactions as Teams names them: six by a word, the others by their code points and a name.

export const CLASSICS = { like: "👍", heart: "❤️", laugh: "😆", surprised: "😮", sad: "🙁", angry: "😠" };

/** What can be picked beside the six, and put into a message. */
export const EMOJI = {
  thumbsup: "👍", thumbsdown: "👎", clapping_hands: "👏", raised_hands: "🙌", folded_hands: "🙏", ok_hand: "👌", waving_hand: "👋", handshake: "🤝",
  flexed_biceps: "💪", crossed_fingers: "🤞", red_heart: "❤️", broken_heart: "💔", green_heart: "💚", sparkles: "✨", star: "⭐", glowing_star: "🌟", fire: "🔥",
  hundred_points: "💯", party_popper: "🎉", confetti_ball: "🎊", grinning_face: "😀", smiling_face: "🙂", beaming_face: "😁", laughing_face: "😆", tears_of_joy: "😂",
  winking_face: "😉", heart_eyes: "😍", star_struck: "🤩", thinking_face: "🤔", neutral_face: "😐", frowning_face: "🙁", disappointed_face: "😞", crying_face: "😢",
  surprised_face: "😮", angry_face: "😠", tired_face: "😫", sleeping_face: "😴", sweating_smile: "😅", upside_down_face: "🙃", face_palm: "🤦", shrug: "🤷", eyes: "👀",
  white_check_mark: "✅", cross_mark: "❌", warning: "⚠️", question_mark: "❓", exclamation_mark: "❗", ticket: "🎫", bell: "🔔", bellhop_bell: "🛎️", hourglass: "⏳",
  alarm_clock: "⏰", calendar: "📅", memo: "📝", pushpin: "📌", paperclip: "📎", package: "📦", truck: "🚚", hammer: "🔨", wrench: "🔧", light_bulb: "💡", rocket: "🚀",
  hot_beverage: "☕", birthday_cake: "🎂", bouquet: "💐", rose: "🌹", tulip: "🌷", sunflower: "🌻", cherry_blossom: "🌸", hibiscus: "🌺", blossom: "🌼", seedling: "🌱",
  four_leaf_clover: "🍀", potted_plant: "🪴", cactus: "🌵", herb: "🌿",
};

const NAMES = new Map(Object.entries(EMOJI).map(([name, character]) => [character, name]));

/** What Teams calls a reaction with this character. */
export function kindOf(character) {
  const classic = Object.entries(CLASSICS).find(([, known]) => known === character)?.[0];
  if (classic) return classic;
  const codes = [...character].filter((letter) => letter !== "\ufe0f").map((letter) => letter.codePointAt(0).toString(16));
  return `${codes.join("-")}_${(NAMES.get(character) ?? "").replaceAll("_", "")}`;
}

/** The character of a reaction; an unknown one stays a word. */
export function characterOf(kind) {
  if (Object.hasOwn(CLASSICS, kind)) return CLASSICS[kind];
  const codes = /^([0-9a-f]{4,6}(?:-[0-9a-f]{4,6})*)(?:_|$)/.exec(kind)?.[1].split("-").map((code) => parseInt(code, 16));
  return codes?.every((code) => code <= 0x10ffff) ? String.fromCodePoint(...codes) : kind;
}

/** A reaction in words. */
export function wordsFor(kind) {
  return Object.hasOwn(CLASSICS, kind) ? kind : (NAMES.get(characterOf(kind)) ?? kind.replace(/^[^_]*_/, "")).replaceAll("_", " ");
}
