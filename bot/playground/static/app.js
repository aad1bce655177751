// Wires the page: loads one person's workspace, follows its events, and gives every part what it needs.

import { Api, Refused } from "./api.js";
import { drawClock, drawMoves } from "./clock.js";
import { Composer } from "./composer.js";
import { debounce, h } from "./dom.js";
import { Events } from "./events.js";
import { readHash, writeHash } from "./hash.js";
import { drawHome } from "./home.js";
import { icon } from "./icons.js";
import { MessageList } from "./list.js";
import { Modal } from "./modal.js";
import { words } from "./mrkdwn.js";
import { announce, notice } from "./notice.js";
import { avatar, nameOf } from "./people.js";
import { drawSidebar, otherOf, titleOf, walk } from "./sidebar.js";
import { sceneOf, State } from "./state.js";
import { ThreadPanel } from "./thread.js";

const CLOCK_MS = 5000;
const SETTLE_MS = 60;

const at = (id) => document.getElementById(id);

class App {
  constructor() {
    this.list = new MessageList({ label: "Messages" });
    this.turn = 0;
    this.modalsHeard = 0;
    this.composer = new Composer({ label: "Message", known: () => this.known(), send: (text) => this.send(text) });
    this.thread = new ThreadPanel(at("thread"), { known: () => this.known(), say: (text) => this.reply(text), close: () => this.closeThread() });
    this.modal = new Modal({
      press: (where, action) => this.press(where, action),
      submit: (id, values) => this.submit(id, values),
      close: (id) => this.attempt(() => this.api.close(id)),
    });
    this.settleList = debounce(() => this.attempt(() => this.reloadMessages()), SETTLE_MS);
    this.settlePlaces = debounce(() => this.attempt(() => this.reloadPlaces()), SETTLE_MS);
    at("composer").append(this.composer.node);
    this.furnish();
  }

  /** What stands on the page for good: icons, the switch of eyes, keys of the sidebar. */
  furnish() {
    at("menu").append(icon("menu"));
    at("thread").querySelector(".panel-close").append(icon("close"));
    at("menu").onclick = () => this.showMenu(at("menu").getAttribute("aria-expanded") !== "true");
    at("shade").onclick = () => this.showMenu(false);
    at("sidebar").addEventListener("keydown", walk);
    at("sidebar").addEventListener("keydown", (event) => event.key === "Escape" && this.showMenu(false));
    at("eyes").onchange = () => this.enter({ as: at("eyes").value, place: wanted().place });
    document.addEventListener("visibilitychange", () => this.markRead());
    window.addEventListener("hashchange", () => this.enter(wanted()));
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.composer.focus();
    });
    setInterval(() => this.state && drawClock(at("clock"), this.state), CLOCK_MS);
  }

  /** Looks through somebody's eyes, at a place they can see. */
  async enter({ as, place, thread }) {
    const turn = (this.turn += 1);
    this.events?.close();
    this.modal.shut();
    this.api = new Api(as);
    const bootstrap = await this.attempt(() => this.api.bootstrap());
    if (turn !== this.turn) return undefined;
    if (!bootstrap) return this.showFailure();
    this.api.as = bootstrap.viewer;
    this.state = new State(bootstrap);
    this.scene = sceneOf(this.state, (id) => this.open(id));
    this.acts = this.actsOnMessages();
    this.composer.text = "";
    this.drawFrame();
    this.listen();
    await this.events.ready;
    if (turn !== this.turn) return undefined;
    await this.attempt(() => this.reloadPlaces());
    if (turn !== this.turn) return undefined;
    await this.go(this.canSee(place) ? place : this.firstPlace());
    if (turn !== this.turn) return undefined;
    if (thread) await this.openThread(thread);
    return this.reloadModal();
  }

  canSee(place) {
    return Boolean(place?.home || (place?.channel && this.state.conversation(place.channel)));
  }

  firstPlace() {
    const first = this.state.conversations.find(({ kind }) => kind !== "im") ?? this.state.conversations[0];
    return first ? { channel: first.id } : { home: true };
  }

  listen() {
    this.events = new Events(this.state.viewer, {
      onEvent: (name, data) => this.hear(name, data),
      onLost: () => this.showLost(true),
      onBack: () => this.catchUp(),
    });
  }

  drawFrame() {
    const { state } = this;
    at("team").textContent = state.team.name;
    at("eyes").replaceChildren(...state.people().map((user) => h("option", { value: user.id }, nameOf(user) + (user.title ? `, ${user.title}` : ""))));
    at("eyes").value = state.viewer;
    at("eyes-face").replaceChildren(avatar(state.me, state.viewer, "tiny"));
    drawClock(at("clock"), state);
    drawMoves(at("moves"), state, (id) => this.moveClock(id));
  }

  known() {
    const { state } = this;
    return { commands: state.commands, hints: state.hints, people: state.people(), channels: this.scene.channels(), emoji: state.emoji };
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

  async go(place) {
    const { state } = this;
    if (state.place?.channel) state.drafts.set(state.place.channel, this.composer.text);
    state.place = place;
    this.closeThread();
    this.showMenu(false);
    document.body.classList.toggle("at-home", Boolean(place.home));
    if (place.home) await this.goHome();
    else await this.goChannel(place.channel);
    if (state === this.state && state.place === place) writeHash({ as: state.viewer, place });
  }

  open = async (id) => {
    await this.attempt(() => this.go({ channel: id }));
    this.composer.focus();
  };

  async goHome() {
    const { state } = this;
    this.drawHead(`${state.bot.name} Home`, `What ${state.bot.name} keeps for ${nameOf(state.me)}`);
    drawSidebar(at("sidebar"), state, this.sidebarActs());
    const shown = await this.attempt(() => this.api.home());
    if (state === this.state && state.place?.home) this.drawHome(shown);
    const opened = await this.attempt(() => this.api.openHome());
    if (opened?.view && state === this.state && state.place?.home) this.drawHome(opened.view);
  }

  async goChannel(id) {
    const { state } = this;
    const { unread = 0 } = state.here;
    state.messages = [];
    state.unreadFrom = null;
    this.list.clear();
    at("body").replaceChildren(this.list.node);
    this.composer.text = state.drafts.get(id) ?? "";
    this.drawChannelHead();
    drawSidebar(at("sidebar"), state, this.sidebarActs());
    this.missed = false;
    const messages = (await this.attempt(() => this.api.messages(id))) ?? [];
    if (state !== this.state || state.place?.channel !== id) return;
    if (this.missed) this.settleList();
    state.messages = messages;
    state.unreadFrom = unread ? (messages.filter((message) => message.user !== state.viewer).at(-unread)?.ts ?? null) : null;
    this.drawMessages();
    this.list.toEnd();
    await this.markRead();
  }

  drawChannelHead() {
    const { state } = this;
    const { here } = state;
    const name = here.kind === "im" ? titleOf(here, state) : `#${here.name}`;
    this.drawHead(name, here.topic || (here.kind === "im" ? otherOf(here, state)?.title ?? "" : ""));
    this.composer.setLabel(`Message ${name}`);
    this.composer.close(here.archived ? `#${here.name} is archived: it can be read, and nobody can write here.` : null);
  }

  drawHead(title, topic) {
    at("title").textContent = title;
    at("topic").textContent = topic;
    document.title = `${title} · ${this.state.team.name}`;
  }

  sidebarActs() {
    return { goHome: () => this.attempt(() => this.go({ home: true })), open: this.open };
  }

  showMenu(open) {
    if (open === document.body.classList.contains("menu-open")) return;
    document.body.classList.toggle("menu-open", open);
    at("menu").setAttribute("aria-expanded", String(open));
    at("shade").hidden = !open;
    if (open) at("sidebar").querySelector("[aria-current], button")?.focus();
    else if (at("sidebar").contains(document.activeElement)) at("menu").focus();
  }

  // Drawing and loading

  drawMessages() {
    const { state, scene, acts } = this;
    if (!state.here) return;
    const messages = state.visible(state.messages);
    this.list.draw(messages, { scene, acts, unreadFrom: state.unreadFrom, before: messages.length ? null : this.emptyChannel() });
    this.drawThread();
  }

  drawThread() {
    const { state, scene, acts } = this;
    if (state.thread) this.thread.draw(state.visible(state.thread.messages), { scene, acts });
  }

  emptyChannel() {
    const { state } = this;
    const direct = state.here.kind === "im";
    this.empty ??= h("li", { class: "empty" });
    this.empty.replaceChildren(
      h("span", { class: "empty-mark" }, icon(direct ? "reply" : "hash")),
      h("h3", {}, direct ? `This is the beginning with ${titleOf(state.here, state)}` : `Nothing has been said in #${state.here.name} yet`),
      h("p", {}, state.commands.length ? `Say something, or type / to see what ${state.bot.name} can do.` : "Say something below."),
    );
    return this.empty;
  }

  drawHome(view) {
    const press = (where, action) => this.press(where, action);
    const scrolled = at("body").firstElementChild?.scrollTop ?? 0;
    const focused = at("body").contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const page = h("div", { class: "home-scroller", tabindex: "0", role: "group", "aria-label": "Home" }, drawHome(view, { scene: this.scene, press, botName: this.state.bot.name }));
    at("body").replaceChildren(page);
    page.scrollTop = scrolled;
    if (focused) [...page.querySelectorAll("[data-key]")].find((node) => node.dataset.key === focused)?.focus();
  }

  async reloadPlaces() {
    const { state } = this;
    state.conversations = await this.api.conversations();
    if (state !== this.state) return;
    if (state.place?.channel && !state.here) await this.leave();
    drawSidebar(at("sidebar"), state, this.sidebarActs());
    if (state.here) this.drawChannelHead();
  }

  /** The place shown is no longer there for this person. */
  async leave() {
    notice("You are no longer in that channel.");
    this.composer.text = "";
    await this.go(this.firstPlace());
  }

  async reloadMessages() {
    const { state } = this;
    const id = state.place?.channel;
    if (!id) return;
    const messages = await this.api.messages(id);
    if (state !== this.state || state.place?.channel !== id) return;
    state.messages = messages;
    this.drawMessages();
  }

  async markRead() {
    const { state } = this;
    if (!state?.here || document.hidden) return;
    await this.attempt(() => this.api.read(state.here.id));
    this.settlePlaces();
  }

  showModal(view) {
    this.modalsHeard += 1;
    this.modal.show(view, this.scene);
  }

  /** Asks which modal is open; an answer that an event has overtaken is old news. */
  async reloadModal() {
    const heard = this.modalsHeard;
    const view = await this.attempt(() => this.api.modal());
    if (view !== undefined && heard === this.modalsHeard) this.showModal(view);
  }

  showFailure() {
    at("body").replaceChildren(h("div", { class: "empty" }, h("h3", {}, "The playground cannot be reached"), h("p", {}, "Start it again and reload this page.")));
  }

  // Threads

  async openThread(ts, { reply = false } = {}) {
    const { state } = this;
    const channel = state.here;
    if (!channel) return;
    const messages = await this.attempt(() => this.api.thread(channel.id, ts));
    if (!messages || state !== this.state || state.here?.id !== channel.id) return;
    if (state.thread?.ts !== ts) this.thread.hide();
    state.thread = { ts, messages, opener: document.activeElement };
    this.thread.show(channel.kind === "im" ? titleOf(channel, state) : `#${channel.name}`);
    this.drawThread();
    this.thread.list.toEnd();
    writeHash({ as: state.viewer, place: state.place, thread: ts });
    if (reply || !matchMedia("(pointer: coarse)").matches) this.thread.composer.focus();
    else at("thread-title").focus();
  }

  closeThread() {
    const { state } = this;
    if (!state?.thread) return this.thread.hide();
    const { ts } = state.thread;
    const hadFocus = at("thread").contains(document.activeElement);
    state.thread = null;
    this.thread.hide();
    writeHash({ as: state.viewer, place: state.place });
    if (hadFocus) (this.list.rows.get(ts)?.node ?? this.composer.input).focus();
    return undefined;
  }

  // What people do

  actsOnMessages() {
    const { state } = this;
    return {
      shortcuts: state.shortcuts,
      botName: state.bot.name,
      press: (where, action) => this.press(where, action),
      react: (message, name, on) => this.attempt(() => (on ? this.api.react(message.channel, message.ts, name) : this.api.unreact(message.channel, message.ts, name))),
      openThread: (ts, options) => this.openThread(ts, options),
      dismiss: (message) => this.dismiss(message),
      shortcut: ({ callback_id }, message) => this.attempt(() => this.api.shortcut(callback_id, message.channel, message.ts)),
    };
  }

  dismiss(message) {
    this.state.dismissed.add(message.ts);
    this.drawMessages();
    this.composer.focus();
  }

  press(where, action) {
    return this.attempt(() => this.api.press(where, action));
  }

  /** The errors of a form by block, or undefined when it was taken or refused with a notice. */
  async submit(id, values) {
    const answer = await this.attempt(() => this.api.submit(id, values));
    if (answer?.errors) return answer.errors;
    if (answer) await this.reloadModal();
    return undefined;
  }

  async send(text) {
    const { state } = this;
    const command = state.commands.find((each) => text === each.command || text.startsWith(`${each.command} `));
    if (!state.here) return false;
    const { id } = state.here;
    this.list.stick = true;
    return Boolean(await this.attempt(() => (command ? this.api.command(id, text) : this.api.say(id, text))));
  }

  async reply(text) {
    const { state } = this;
    this.thread.list.stick = true;
    return Boolean(await this.attempt(() => this.api.say(state.here.id, text, state.thread.ts)));
  }

  async moveClock(id) {
    const answer = await this.attempt(() => this.api.moveClock(id));
    if (!answer) return;
    this.hear("clock", { now: answer.now });
    announce(`It is now ${at("clock").querySelector("time").title}`);
  }

  // What happens

  hear(name, data) {
    this.missed = true;
    const heard = {
      message: () => this.hearMessage(data),
      message_changed: () => this.hearChange(data),
      message_deleted: () => this.hearDeletion(data),
      modal: () => this.showModal(data.view),
      home: () => this.state.place?.home && this.drawHome(data.view),
      clock: () => this.hearClock(data),
      conversations: () => this.settlePlaces(),
      notice: () => notice(data.text),
    };
    heard[name]();
  }

  hearMessage({ channel, message }) {
    const { state } = this;
    if (state.here?.id !== channel) return this.settlePlaces();
    const isReply = Boolean(message.thread_ts) && message.thread_ts !== message.ts;
    if (isReply && state.thread?.ts === message.thread_ts) state.putInThread(message);
    if (!isReply || message.broadcast) state.put(message);
    if (isReply) this.settleList();
    this.drawMessages();
    if (message.user !== state.viewer) {
      announce(`${nameOf(this.scene.user(message.user), message.user)}${isReply ? " in a thread" : ""}: ${words(message.text, this.scene)}`);
      this.markRead();
    }
    return undefined;
  }

  hearChange({ channel, message }) {
    const { state } = this;
    if (state.here?.id !== channel) return;
    const has = (messages) => messages.some(({ ts }) => ts === message.ts);
    if (has(state.messages)) state.put(message);
    if (state.thread && has(state.thread.messages)) state.putInThread(message);
    this.drawMessages();
  }

  hearDeletion({ channel, ts }) {
    if (this.state.here?.id !== channel) return;
    this.state.drop(ts);
    this.settleList();
    this.drawMessages();
  }

  hearClock({ now }) {
    this.state.setNow(now);
    drawClock(at("clock"), this.state);
    this.drawMessages();
  }

  showLost(lost) {
    at("lost").hidden = !lost;
    at("lost").textContent = lost ? "Connection lost. Reconnecting…" : "";
  }

  /** After a gap: whatever may have been missed is asked for again. */
  async catchUp() {
    this.showLost(false);
    if (!this.state.place) return;
    await this.attempt(async () => {
      this.state.setNow((await this.api.bootstrap()).now);
      await this.reloadPlaces();
      await this.reloadMessages();
      if (this.state.thread) this.state.thread.messages = await this.api.thread(this.state.here.id, this.state.thread.ts);
      this.drawThread();
      if (this.state.place.home) this.drawHome(await this.api.home());
      await this.reloadModal();
      drawClock(at("clock"), this.state);
    });
  }
}

/** What the address asks for. */
function wanted() {
  const { as, in: where, thread } = readHash();
  return { as, place: where && (where === "home" ? { home: true } : { channel: where }), thread };
}

new App().enter(wanted());
