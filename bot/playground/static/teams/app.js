// Wires the page: loads the tenant as one person sees it, follows its events, and gives every part what it needs.

import { Refused } from "../api.js";
import { drawClock, drawMoves } from "../clock.js";
import { debounce, h } from "../dom.js";
import { Events } from "../events.js";
import { readHash, writeHash } from "../hash.js";
import { announce, notice } from "../notice.js";
import { avatar, nameOf } from "../people.js";
import { TeamsApi } from "./api.js";
import { Channel } from "./channel.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { Dialog } from "./dialog.js";
import { Find } from "./find.js";
import { drawHead, drawPlaces, drawRail, titleOf, walk } from "./frame.js";
import { icon } from "./icons.js";
import { inOneLine, typedAgain } from "./said.js";
import { CHANNEL, PERSONAL, State } from "./state.js";

const CLOCK_MS = 5000;
const SETTLE_MS = 60;
const UNFOLDED = 12;

const at = (id) => document.getElementById(id);

class App {
  constructor() {
    this.turn = 0;
    this.composer = new Composer({ label: "Type a message", known: () => this.known(), send: (text, extra) => this.send(text, extra) });
    this.dialog = new Dialog({ press: (where, action) => this.press(where, action), close: () => this.attempt(() => this.api.close()) });
    this.find = new Find({ search: (words) => this.attempt(() => this.api.search(words, this.state.place)), choose: (result) => this.offer(result) });
    this.settlePlaces = debounce(() => this.attempt(() => this.reloadPlaces()), SETTLE_MS);
    this.acts = this.actsOnMessages();
    this.furnish();
  }

  /** What stands on the page for good. */
  furnish() {
    at("mark").append(icon("bell"));
    at("find").append(this.find.node);
    at("composer").append(this.composer.node);
    at("places").addEventListener("keydown", walk);
    at("eyes").onchange = () => this.enter({ as: at("eyes").value, place: readHash().in });
    document.addEventListener("visibilitychange", () => this.markRead());
    window.addEventListener("hashchange", () => this.enter({ as: readHash().as, place: readHash().in }));
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.composer.focus();
    });
    setInterval(() => this.state && drawClock(at("clock"), this.state), CLOCK_MS);
  }

  /** Looks through somebody's eyes, at a place they can see. */
  async enter({ as, place }) {
    const turn = (this.turn += 1);
    this.events?.close();
    this.dialog.shut();
    this.api = new TeamsApi(as);
    const bootstrap = await this.attempt(() => this.api.bootstrap());
    if (turn !== this.turn) return;
    if (!bootstrap) return this.showFailure(as);
    this.api.as = bootstrap.viewer;
    this.state = new State(bootstrap);
    this.drawTop();
    this.events = new Events(
      this.state.viewer,
      { onEvent: (...news) => this.hear(...news), onLost: () => this.showLost(true), onBack: () => this.catchUp() },
      "/api/teams/events",
    );
    await this.events.ready;
    await this.attempt(() => this.reloadPlaces());
    if (turn !== this.turn) return;
    const channel = this.state.conversations.findLast(({ kind }) => kind === CHANNEL);
    const first = bootstrap.installed ? this.state.chat : (channel?.id ?? this.state.chat);
    await this.go(this.state.conversation(place)?.id ?? first);
    if (turn === this.turn) await this.reloadDialog();
  }

  drawTop() {
    const { state } = this;
    at("org").textContent = state.tenant.name;
    at("eyes").replaceChildren(...state.colleagues().map((person) => h("option", { value: person.id }, person.name)));
    at("eyes").value = state.viewer;
    at("eyes-face").replaceChildren(avatar(state.me, state.viewer, "tiny"));
    drawClock(at("clock"), state);
    drawMoves(at("moves"), state, (id) => this.moveClock(id));
  }

  known() {
    const { state } = this;
    const bot = state?.bot ?? { name: "" };
    return { bot, people: state?.colleagues().filter(({ id }) => id !== state.viewer) ?? [], named: Boolean(state?.here && state.here.kind !== PERSONAL) };
  }

  /** Runs what may be refused and shows the refusal; undefined when it was. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      notice(error.message, { error: true });
      return undefined;
    }
  }

  // Places

  async go(id) {
    const { state } = this;
    if (state.place) state.drafts.set(state.place, this.composer.text);
    Object.assign(state, { place: id, messages: [], threads: new Map(), editing: null });
    const channel = state.here.kind === CHANNEL;
    this.view = channel ? new Channel() : new Chat();
    at("body").replaceChildren(this.view.node);
    document.body.classList.remove("at-places");
    document.body.classList.toggle("at-channel", channel);
    this.composer.take(null);
    this.composer.text = state.drafts.get(id) ?? "";
    this.composer.setLabel(channel ? "Start a post" : "Type a message");
    this.drawFrame();
    writeHash({ as: state.viewer, place: { channel: id } });
    await this.attempt(() => this.loadMessages());
    if (state !== this.state || state.place !== id) return;
    this.view.scroller.toEnd();
    await this.markRead();
  }

  open = async (id) => {
    await this.go(id);
    this.composer.focus();
  };

  async loadMessages() {
    const { state } = this;
    const id = state.place;
    this.missed = [];
    const messages = await this.api.messages(id);
    const talked = state.here.kind === CHANNEL ? messages.filter((message) => message.reply_count > 0).slice(-UNFOLDED) : [];
    const threads = await Promise.all(talked.map((post) => this.api.thread(id, post.id)));
    if (state !== this.state || state.place !== id) return;
    state.messages = messages;
    talked.forEach((post, index) => state.threads.set(post.id, threads[index].slice(1)));
    for (const message of this.missed) state.put(message);
    this.missed = null;
    this.drawMessages();
  }

  async reloadPlaces() {
    const { state } = this;
    const { conversations, chat } = await this.api.conversations();
    if (state !== this.state) return;
    const unbegun = { id: chat, kind: PERSONAL, name: state.bot.name, team: null, members: [state.viewer], bot: true, unread: 0 };
    state.conversations = conversations.some(({ id }) => id === chat) ? conversations : [unbegun, ...conversations];
    if (state.here) this.drawFrame();
  }

  drawFrame() {
    const { state } = this;
    const back = () => this.showPlaces();
    drawRail(at("rail"), state, { open: this.open, showPlaces: back });
    drawPlaces(at("places"), state, this.open);
    drawHead(at("head"), state, { back });
    const waiting = state.conversations.reduce((sum, { id, unread }) => sum + (id === state.place ? 0 : unread), 0);
    document.title = `${waiting ? `(${waiting}) ` : ""}${titleOf(state.here, state)} | ${state.tenant.name} | Teams`;
  }

  /** On a narrow window the list stands in the place of the conversation. */
  showPlaces() {
    document.body.classList.add("at-places");
    at("places").querySelector("[aria-current], button")?.focus();
  }

  drawMessages() {
    const { state, acts } = this;
    const before = state.messages.length ? null : { key: "empty", sign: state.place, draw: () => this.empty() };
    if (state.here) this.view.draw({ state, acts: { ...acts, quote: state.here.kind === CHANNEL ? null : acts.quote }, before });
  }

  empty() {
    const { state } = this;
    const { bot, here } = state;
    const personal = here.kind === PERSONAL;
    const line = personal ? `Say what you need, or “help”. Nobody else reads this chat.` : `${bot.name} hears what mentions it: @${bot.name} the printer is out of toner`;
    const begin = personal && h("button", { type: "button", class: "button primary", on: { click: () => this.attempt(() => this.api.install()) } }, `Add ${bot.name}`);
    return h("div", { class: "empty" }, avatar(bot, bot.id, "huge"), h("h3", {}, personal ? bot.name : `Welcome to ${titleOf(here, state)}`), h("p", {}, line), begin);
  }

  // News

  hear(name, data) {
    const { state } = this;
    if (name === "conversations") this.settlePlaces();
    else if (name === "dialog") this.dialog.show(data.dialog, { scene: state.scene, bot: state.bot });
    else if (name === "toast") notice(data.text);
    else if (name === "clock") this.setNow(data.now);
    else this.hearMessage(name, data.message);
  }

  hearMessage(name, message) {
    const { state } = this;
    const fresh = name === "message";
    if (fresh) this.settlePlaces();
    if (message.conversation !== state.place) return;
    if (this.missed) this.missed.push(message);
    state.put(message);
    if (fresh && message.root && message.root !== message.id && !state.threads.has(message.root)) this.attempt(() => this.openThread(message.root));
    this.drawMessages();
    if (!fresh) return;
    if (message.author === state.viewer) this.view.scroller.toEnd();
    else this.view.scroller.arrived();
    if (message.author !== state.viewer) announce(`${nameOf(state.person(message.author))}: ${inOneLine(message)}`);
    this.markRead();
  }

  async openThread(root) {
    const { state } = this;
    const replies = (await this.api.thread(state.place, root)).slice(1);
    if (state !== this.state || !state.messages.some(({ id }) => id === root)) return;
    state.threads.set(root, replies);
    this.drawMessages();
  }

  async markRead() {
    const { state } = this;
    if (document.hidden || !state?.here) return;
    state.here.unread = 0;
    if (state.conversations.length && (state.messages.length || state.here.kind === CHANNEL)) await this.attempt(() => this.api.read(state.place));
    if (state === this.state && state.here) this.drawFrame();
  }

  async reloadDialog() {
    const { state } = this;
    const dialog = await this.attempt(() => this.api.dialog());
    if (state === this.state && dialog !== undefined) this.dialog.show(dialog, { scene: state.scene, bot: state.bot });
  }

  setNow(now) {
    this.state.setNow(now);
    drawClock(at("clock"), this.state);
    if (this.state.here) this.drawMessages();
  }

  showLost(lost) {
    at("lost").hidden = !lost;
    at("lost").textContent = "The playground does not answer. Trying again…";
  }

  async catchUp() {
    this.showLost(false);
    await this.attempt(() => this.reloadPlaces());
    if (this.state.here) await this.attempt(() => this.loadMessages());
    await this.reloadDialog();
  }

  showFailure(as) {
    const again = h("button", { type: "button", class: "button primary", on: { click: () => this.enter({ as: null }) } }, "Look through somebody else’s eyes");
    at("body").replaceChildren(h("div", { class: "empty" }, h("h3", {}, "This window cannot be opened"), as && again));
  }

  // Deeds

  async send(text, extra) {
    const { place } = this.state;
    const done = extra?.result ? await this.attempt(() => this.share(extra.result, text, place)) : await this.attempt(() => this.api.say(place, text, extra?.quoting));
    return done !== undefined;
  }

  async share(result, text, place) {
    const shared = await this.api.share(result, place);
    if (text) await this.api.say(place, text);
    return shared;
  }

  offer(result) {
    this.composer.take({ result, alone: true }, result.title, result.text);
  }

  async press(where, action) {
    return this.attempt(() => this.api.press(where, action));
  }

  async moveClock(id) {
    const moved = await this.attempt(() => this.api.moveClock(id));
    if (moved) this.setNow(moved.now);
  }

  actsOnMessages() {
    return {
      known: () => this.known(),
      press: (where, action) => this.press(where, action),
      react: (message, kind, on) => this.attempt(() => (on ? this.api.react(message, kind) : this.api.unreact(message, kind))),
      reply: async (message, text) => (await this.attempt(() => this.api.say(message.conversation, text, message.id))) !== undefined,
      quote: (message) => this.composer.take({ quoting: message.id }, nameOf(this.state.person(message.author), message.author), inOneLine(message)),
      makeRequest: (message) => this.attempt(() => this.api.makeRequest(message)),
      remove: (message) => this.attempt(() => this.api.remove(message)),
      openThread: (root) => this.attempt(() => this.openThread(root)),
      edit: (message) => this.edit(message.id),
      editor: (message) => this.editor(message),
      copy: async (message) => {
        await navigator.clipboard?.writeText(message.plain || message.summary).catch(() => undefined);
        notice("Copied.");
      },
    };
  }

  edit(id) {
    this.state.editing = id;
    this.drawMessages();
    this.editing?.focus();
  }

  editor(message) {
    const send = async (text) => {
      const done = await this.attempt(() => this.api.edit(message, text));
      if (done) this.edit(null);
      return Boolean(done);
    };
    this.editing = new Composer({ label: "Edit message", known: () => this.known(), send, leave: () => this.edit(null), small: true, text: typedAgain(message) });
    requestAnimationFrame(() => this.editing?.fit());
    return this.editing.node;
  }
}

const { as, in: place } = readHash();
new App().enter({ as, place });
