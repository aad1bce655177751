// The stream of what happens, kept open: a lost connection is taken up again and said aloud.

const NAMES = [
  "message", "message_changed", "message_deleted", "modal", "home", "clock", "conversations", "notice", "dialog", "toast",
];
const RETRY_MS = 1500;

/** Listens for `as` until `close()`; `onLost` and `onBack` frame every gap in the connection. */
export class Events {
  constructor(as, { onEvent, onLost, onBack }, url = "/api/events") {
    this.url = `${url}?as=${encodeURIComponent(as)}`;
    this.handlers = { onEvent, onLost, onBack };
    this.lost = false;
    this.timer = null;
    /** Settles with the first answer, good or bad: from then on nothing is missed unnoticed. */
    this.ready = new Promise((resolve) => (this.answered = resolve));
    this.connect();
  }

  connect() {
    this.source = new EventSource(this.url);
    this.source.onopen = () => this.opened();
    this.source.onerror = () => this.failed();
    for (const name of NAMES) {
      this.source.addEventListener(name, (event) => this.handlers.onEvent(name, JSON.parse(event.data)));
    }
  }

  opened() {
    if (this.lost) this.handlers.onBack();
    this.lost = false;
    this.answered();
  }

  failed() {
    this.answered();
    if (!this.lost) this.handlers.onLost();
    this.lost = true;
    if (this.source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), RETRY_MS);
  }

  close() {
    clearTimeout(this.timer);
    this.source.close();
  }
}
