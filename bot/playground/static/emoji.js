// Emoji by name, with skin tones.

const TONES = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };

/** What is offered before anybody searches. */
const FAVOURITES = [
  "thumbsup", "+1", "white_check_mark", "eyes", "heart", "tada", "pray", "ticket", "smile", "joy", "thinking_face",
  "raised_hands", "one", "two", "three", "four", "five", "bouquet", "rose", "tulip", "sunflower",
];

/** The character for "wave" or "wave::skin-tone-3", or null when nobody knows it. */
export function emojiChar(names, name) {
  const [base, tone] = name.split("::");
  if (!Object.hasOwn(names, base)) return null;
  const level = /^skin-tone-([2-6])$/.exec(tone ?? "")?.[1];
  return level ? names[base].replace("\uFE0F", "") + TONES[level] : names[base];
}

/** Names that contain the words typed, those that begin with them first. */
export function findEmoji(names, typed, limit) {
  const wanted = typed.toLowerCase().replaceAll(" ", "_");
  const all = Object.keys(names);
  if (!wanted) return favouritesFirst(all).slice(0, limit);
  const begins = all.filter((name) => name.startsWith(wanted));
  const contains = all.filter((name) => name.includes(wanted) && !name.startsWith(wanted));
  return [...begins, ...contains].slice(0, limit);
}

function favouritesFirst(all) {
  const known = new Set(all);
  const first = FAVOURITES.filter((name) => known.has(name));
  return [...first, ...all.filter((name) => !first.includes(name))];
}
