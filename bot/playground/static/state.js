// What the page knows, and the view of it that drawing needs.

/** Everything known while looking through one person's eyes. */
export class State {
  constructor(bootstrap) {
    this.team = bootstrap.team;
    this.bot = bootstrap.bot;
    this.viewer = bootstrap.viewer;
    this.users = new Map(bootstrap.users.map((user) => [user.id, user]));
    this.commands = bootstrap.commands ?? [];
    this.hints = bootstrap.hints ?? [];
    this.shortcuts = bootstrap.shortcuts ?? [];
    this.emoji = bootstrap.emoji ?? {};
    this.moves = bootstrap.moves ?? [];
    this.setNow(bootstrap.now);
    this.conversations = [];
    this.place = null; // {home: true} or {channel: id}
    this.messages = [];
    this.thread = null; // {ts, messages}
    this.unreadFrom = null; // ts of the first message that was unread on arrival
    this.drafts = new Map();
    this.dismissed = new Set();
  }

  /** The workspace's time; between the server's reports it walks with our own clock. */
  setNow(iso) {
    this.ahead = Date.parse(iso) - Date.now();
  }

  get now() {
    return new Date(Date.now() + this.ahead);
  }

  get me() {
    return this.users.get(this.viewer);
  }

  get zone() {
    return this.me?.tz || "UTC";
  }

  conversation(id) {
    return this.conversations.find((conversation) => conversation.id === id) ?? null;
  }

  get here() {
    return this.place?.channel ? this.conversation(this.place.channel) : null;
  }

  /** People who can be mentioned and chosen. */
  people() {
    return [...this.users.values()].filter((user) => !user.is_bot && !user.deleted);
  }

  /** Takes in a message that is new, changed, or seen before. */
  put(message) {
    this.messages = merged(this.messages, message);
  }

  putInThread(message) {
    if (this.thread) this.thread.messages = merged(this.thread.messages, message);
  }

  drop(ts) {
    this.messages = this.messages.filter((message) => message.ts !== ts);
    if (this.thread) this.thread.messages = this.thread.messages.filter((message) => message.ts !== ts);
  }

  visible(messages) {
    return messages.filter((message) => !this.dismissed.has(message.ts));
  }
}

function merged(messages, message) {
  const others = messages.filter((other) => other.ts !== message.ts);
  return [...others, message].sort((a, b) => Number(a.ts) - Number(b.ts));
}

/** What blocks and text need to know to be drawn for the viewer. */
export function sceneOf(state, openChannel) {
  return {
    viewer: state.viewer,
    zone: state.zone,
    emoji: state.emoji,
    now: () => state.now,
    user: (id) => state.users.get(id) ?? null,
    people: () => state.people(),
    channel: (id) => state.conversation(id),
    channels: () => state.conversations.filter((conversation) => conversation.kind !== "im"),
    openChannel,
  };
}
