// What the page knows while looking through one person's eyes.

export const PERSONAL = "personal";
export const CHANNEL = "channel";

export class State {
  constructor(bootstrap) {
    this.tenant = bootstrap.tenant;
    this.bot = bootstrap.bot;
    this.viewer = bootstrap.viewer;
    this.chat = bootstrap.chat;
    this.people = new Map(bootstrap.people.map((person) => [person.id, person]));
    this.moves = bootstrap.moves ?? [];
    this.setNow(bootstrap.now);
    this.conversations = [];
    this.place = null; // the id of the open conversation
    this.messages = [];
    this.threads = new Map(); // id of a post to its replies, for those that are shown
    this.drafts = new Map();
    this.editing = null; // the id of the message that is being changed
  }

  /** The tenant's time; between the server's reports it walks with our own clock. */
  setNow(iso) {
    this.ahead = Date.parse(iso) - Date.now();
  }

  get now() {
    return new Date(Date.now() + this.ahead);
  }

  get me() {
    return this.people.get(this.viewer);
  }

  get zone() {
    return this.me?.tz || "UTC";
  }

  get here() {
    return this.conversation(this.place);
  }

  conversation(id) {
    return this.conversations.find((each) => each.id === id) ?? null;
  }

  person(id) {
    return this.people.get(id) ?? (id === this.bot.id ? this.bot : null);
  }

  colleagues() {
    return [...this.people.values()].filter((person) => !person.is_bot && !person.left);
  }

  /** Takes in a message that is new, changed, or seen before. */
  put(message) {
    const root = message.root && message.root !== message.id ? message.root : null;
    if (!root || this.here?.kind !== CHANNEL) this.messages = merged(this.messages, message);
    else if (this.threads.has(root)) this.threads.set(root, merged(this.threads.get(root), message));
  }

  /** What reading and drawing a card or a text needs to know. */
  get scene() {
    return { viewer: this.viewer, zone: this.zone, locale: "en-GB", people: this.people };
  }
}

function merged(messages, message) {
  const others = messages.filter((other) => other.id !== message.id);
  return [...others, message].sort((a, b) => Number(a.id) - Number(b.id));
}
