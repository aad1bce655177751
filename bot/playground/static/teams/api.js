// The server's questions and commands, always on behalf of the person whose eyes we look through.

import { Api } from "../api.js";

const AT = "/api/teams";

export class TeamsApi extends Api {
  ask(name, parameters = {}) {
    return this.get(`${AT}/${name}?${new URLSearchParams(parameters)}`);
  }

  tell(name, body) {
    return this.post(`${AT}/${name}`, body);
  }

  bootstrap = () => this.ask("bootstrap");
  conversations = () => this.ask("conversations");
  messages = async (conversation) => (await this.ask("messages", { conversation })).messages;
  thread = async (conversation, id) => (await this.ask("thread", { conversation, id })).messages;
  dialog = async () => (await this.ask("dialog")).dialog;

  read = (conversation) => this.tell("read", { conversation });
  say = (conversation, text, reply_to) => this.tell("say", { conversation, text, ...(reply_to ? { reply_to } : {}) });
  edit = ({ conversation, id }, text) => this.tell("edit", { conversation, id, text });
  remove = ({ conversation, id }) => this.tell("delete", { conversation, id });
  react = ({ conversation, id }, kind) => this.tell("react", { conversation, id, kind });
  unreact = ({ conversation, id }, kind) => this.tell("unreact", { conversation, id, kind });
  press = async (where, { path, inputs }) => (await this.tell("press", { where, pointer: `/${path.join("/")}`, inputs })).objections;
  close = () => this.tell("close");
  makeRequest = ({ conversation, id }) => this.tell("make_request", { conversation, id });
  search = async (words, conversation) => (await this.tell("search", { words, conversation })).results;
  share = (result, conversation) => this.tell("share", { result, conversation });
  install = () => this.tell("install");
  moveClock = (move) => this.tell("clock", { move });
}
