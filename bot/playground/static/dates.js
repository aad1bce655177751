// Dates as people write them, always in a named time zone.

const LOCALE = navigator.language.startsWith("en") ? navigator.language : "en-GB";
const DAY_MS = 24 * 60 * 60 * 1000;

/** "10:32 AM" or "10:32", as the browser's locale has it. */
export const timeOf = (date, zone) => format(date, zone, { timeStyle: "short" });

/** "Tuesday, October 14", as the browser's locale has it. */
export const dayOf = (date, zone) => format(date, zone, { weekday: "long", month: "long", day: "numeric" });

/** "Tue, Oct 14" for the narrow clock. */
export const shortDayOf = (date, zone) => format(date, zone, { weekday: "short", month: "short", day: "numeric" });

/** Day, date and time in full, for tooltips. */
export const fullOf = (date, zone) => format(date, zone, { dateStyle: "full", timeStyle: "short" });

/** "2026-10-14": the calendar day in the zone, for comparing. */
export function dayKey(date, zone) {
  const { year, month, day } = parts(date, zone);
  return `${year}-${month}-${day}`;
}

/** "Today", "Yesterday", "Tomorrow", or null. */
export function nearDay(date, now, zone) {
  const key = dayKey(date, zone);
  if (key === dayKey(now, zone)) return "Today";
  const [year, month, day] = dayKey(now, zone).split("-").map(Number);
  const noon = Date.UTC(year, month - 1, day, 12);
  if (key === dayKey(new Date(noon - DAY_MS), "UTC")) return "Yesterday";
  if (key === dayKey(new Date(noon + DAY_MS), "UTC")) return "Tomorrow";
  return null;
}

/** "3 minutes ago", "in 2 days". */
export function ago(date, now) {
  const seconds = Math.round((date - now) / 1000);
  const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  for (const [unit, size] of [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return "just now";
}

const TOKENS = {
  date_num: (d, zone) => dayKey(d, zone),
  date_slash: (d, zone) => dayKey(d, zone).replaceAll("-", "/"),
  date: (d, zone) => `${format(d, zone, { month: "long" })} ${ordinal(d, zone)}, ${parts(d, zone).year}`,
  date_short: (d, zone) => format(d, zone, { month: "short", day: "numeric", year: "numeric" }),
  date_long: (d, zone) => `${format(d, zone, { weekday: "long" })}, ${TOKENS.date(d, zone)}`,
  day_divider_pretty: (d, zone, now) => nearDay(d, now, zone) ?? dayOf(d, zone),
  date_pretty: (d, zone, now) => nearDay(d, now, zone) ?? TOKENS.date(d, zone),
  date_short_pretty: (d, zone, now) => nearDay(d, now, zone) ?? TOKENS.date_short(d, zone),
  date_long_pretty: (d, zone, now) => nearDay(d, now, zone) ?? TOKENS.date_long(d, zone),
  time: (d, zone) => timeOf(d, zone),
  time_secs: (d, zone) => format(d, zone, { timeStyle: "medium" }),
  ago: (d, _zone, now) => ago(d, now),
};

/** Fills Slack's date format, "{date_short_pretty} at {time}"; "today" begins with a capital only at the start of a line. */
export function fillDate(pattern, date, { zone, now, startsLine = false }) {
  return pattern.replace(/\{(\w+)\}/g, (whole, token, at) => {
    const fill = Object.hasOwn(TOKENS, token) ? TOKENS[token] : null;
    if (!fill) return whole;
    const words = fill(date, zone, now);
    return /_pretty$/.test(token) && nearDay(date, now, zone) && !(startsLine && at === 0) ? words.toLowerCase() : words;
  });
}

/** The instant at which clocks in `zone` show `wall` ("2026-10-14T09:30"), in unix seconds. */
export function wallToUnix(wall, zone) {
  const asUtc = Date.parse(`${wall}:00Z`);
  let guess = asUtc;
  for (let round = 0; round < 2; round += 1) guess = asUtc - offset(guess, zone);
  return Math.round(guess / 1000);
}

/** What clocks in `zone` show at a unix time, as a datetime-local input wants it. */
export function unixToWall(unix, zone) {
  const { year, month, day, hour, minute } = parts(new Date(unix * 1000), zone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

function offset(ms, zone) {
  const { year, month, day, hour, minute, second } = parts(new Date(ms), zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}

function parts(date, zone) {
  const formatter = formatterFor("en-GB", zone, {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  return Object.fromEntries(formatter.formatToParts(date).map(({ type, value }) => [type, value]));
}

function ordinal(date, zone) {
  const day = Number(parts(date, zone).day);
  const ending = { one: "st", two: "nd", few: "rd", other: "th" };
  return day + ending[new Intl.PluralRules("en", { type: "ordinal" }).select(day)];
}

const format = (date, zone, options) => formatterFor(LOCALE, zone, options).format(date);

const formatters = new Map();

function formatterFor(locale, zone, options) {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: zone || "UTC" }));
  return formatters.get(key);
}
