// The side panel of a thread: the first message, its replies, and a composer of its own.

import { Composer } from "./composer.js";
import { MessageList } from "./list.js";

export class ThreadPanel {
  /** `say(text)` sends a reply; `close()` is what the panel's close button does. */
  constructor(root, { known, say, close }) {
    this.root = root;
    this.list = new MessageList({ label: "Messages in the thread", inThread: true });
    this.composer = new Composer({ label: "Reply…", known: () => ({ ...known(), commands: [], hints: [] }), send: (text) => this.send(text, known(), say), commands: false });
    root.querySelector(".panel-body").replaceChildren(this.list.node, this.composer.node);
    root.querySelector(".panel-close").addEventListener("click", close);
    root.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
  }

  get open() {
    return !this.root.hidden;
  }

  show(where) {
    this.root.querySelector(".panel-where").textContent = where;
    if (this.root.hidden) this.list.clear();
    this.root.hidden = false;
    document.body.classList.add("with-thread");
  }

  hide() {
    this.root.hidden = true;
    document.body.classList.remove("with-thread");
    this.list.clear();
  }

  draw(messages, options) {
    this.list.draw(messages, options);
  }

  async send(text, { commands }, say) {
    const command = commands.find((each) => text === each.command || text.startsWith(`${each.command} `));
    if (!command) return say(text);
    this.composer.say(`Commands like ${command.command} do not work in threads. Write it in the message box of the channel instead.`);
    return false;
  }
}
