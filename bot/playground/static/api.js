// The server's few questions and commands, always on behalf of the person whose eyes we look through.

/** A refusal with a sentence that can be shown as it is. */
export class Refused extends Error {}

export class Api {
  constructor(as) {
    this.as = as;
  }

  async get(path) {
    const url = new URL(path, location.origin);
    if (this.as) url.searchParams.set("as", this.as);
    return answer(() => fetch(url, { headers: { accept: "application/json" } }));
  }

  async post(path, body = {}) {
    return answer(() =>
      fetch(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ as: this.as, ...body }),
      }),
    );
  }

  bootstrap = () => this.get("/api/bootstrap");
  conversations = async () => (await this.get("/api/conversations")).conversations;
  messages = async (channel) => (await this.get(`/api/conversations/${encodeURIComponent(channel)}/messages`)).messages;
  thread = async (channel, ts) =>
    (await this.get(`/api/conversations/${encodeURIComponent(channel)}/threads/${encodeURIComponent(ts)}`)).messages;
  home = async () => (await this.get("/api/home")).view;
  modal = async () => (await this.get("/api/modal")).view;

  openHome = () => this.post("/api/home/open");
  read = (channel) => this.post("/api/read", { channel });
  say = (channel, text, thread_ts) => this.post("/api/say", { channel, text, ...(thread_ts ? { thread_ts } : {}) });
  command = (channel, text) => this.post("/api/command", { channel, text });
  react = (channel, ts, name) => this.post("/api/react", { channel, ts, name });
  unreact = (channel, ts, name) => this.post("/api/unreact", { channel, ts, name });
  press = (where, action) => this.post("/api/press", { ...where, ...action });
  submit = (view_id, values) => this.post("/api/submit", { view_id, values });
  close = (view_id) => this.post("/api/close", { view_id });
  shortcut = (callback_id, channel, ts) => this.post("/api/shortcut", { callback_id, channel, ts });
  moveClock = (move) => this.post("/api/clock", { move });
}

async function answer(ask) {
  let response;
  try {
    response = await ask();
  } catch {
    throw new Refused("The playground does not answer. Is it still running?");
  }
  const data = await response.json().catch(() => null);
  if (data && data.ok === false && !data.errors) throw new Refused(data.error || "That did not work.");
  if (!response.ok || data === null) throw new Refused(data?.error || `The playground answered ${response.status}.`);
  return data;
}
