// Names of outlets, people and sources on record, offered while somebody types (ARIA 1.2, editable combobox).
// What is chosen is remembered in two hidden fields beside the name; typing on forgets it.

import { touch } from "./autosave.js";
import { form, get } from "./talk.js";
import { words } from "./words.js";

const KINDS = { person: "people", outlet: "outlets", source: "sources" };
const PAUSE = 150;
let made = 0;

class Combobox {
  constructor(input) {
    this.input = input;
    this.kind = input.dataset.suggest;
    this.options = [];
    this.active = -1;
    this.asked = "";
    const prefix = input.name.slice(0, -this.kind.length);
    const hidden = (name) => form.querySelector(`input[type=hidden][name="${prefix}${name}"]`);
    this.key = hidden(`${this.kind}_key`);
    this.answer = hidden(`${this.kind}_is`);
    this.prepare();
    this.listen();
    this.tell();
  }

  prepare() {
    this.list = document.createElement("ul");
    this.list.id = `suggestions-${++made}`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels[0]?.textContent.trim() ?? "");
    this.list.hidden = true;
    this.who = document.createElement("p");
    this.who.className = "who";
    this.who.setAttribute("aria-live", "polite");
    this.input.after(this.list, this.who);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("filled", (event) => this.remember(event.detail, ""));
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.number));
    });
  }

  typed() {
    this.remember("", "");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const typed = this.input.value.trim();
    this.asked = typed;
    if (typed.length < 2 || !form.dataset.suggest) return this.close();
    const address = form.dataset.suggest.replace("KIND", KINDS[this.kind]);
    const found = (await get(`${address}?q=${encodeURIComponent(typed)}`)) ?? [];
    if (this.asked !== typed || document.activeElement !== this.input) return;
    this.options = found.filter((one) => one.key).map((one) => ({ ...one, answer: "" }));
    if (this.kind !== "source") this.options.push({ key: "", name: typed, note: "", answer: "new" });
    this.open();
  }

  open() {
    this.list.replaceChildren(...this.options.map((one, number) => this.line(one, number)));
    this.list.hidden = !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.move(-1);
  }

  line(one, number) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${number}`;
    option.dataset.number = number;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = one.answer ? words("new", { name: one.name }) : one.name;
    if (one.note) {
      const note = document.createElement("span");
      note.className = "note";
      note.textContent = one.note;
      option.append(note);
    }
    return option;
  }

  pressed(event) {
    if (event.key === "ArrowDown" && this.list.hidden) this.ask();
    else if (this.list.hidden) return;
    else if (event.key === "ArrowDown") this.move((this.active + 1) % this.options.length);
    else if (event.key === "ArrowUp") this.move((this.active > 0 ? this.active : this.options.length) - 1);
    else if (event.key === "Enter" && this.active >= 0) this.choose(this.active);
    else if (event.key === "Tab" && this.active >= 0) return this.choose(this.active);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(to) {
    this.active = to;
    [...this.list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === to));
      if (number === to) option.scrollIntoView({ block: "nearest" });
    });
    if (to >= 0) this.input.setAttribute("aria-activedescendant", this.list.children[to].id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(number) {
    const one = this.options[number];
    this.input.value = one.name;
    this.remember(one.key, one.answer);
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    touch();
  }

  remember(key, answer) {
    if (this.key) this.key.value = key;
    if (this.answer) this.answer.value = answer;
    if (this.kind === "source") this.foldNew();
    this.tell();
  }

  // What a source on record is stands on its own page, unless something was typed here already.
  foldNew() {
    const typed = ["url", "type"].some((name) => form.elements[this.input.name.replace(/source$/, name)]?.value);
    this.input.closest(".source")?.classList.toggle("on-record", Boolean(this.key?.value) && !typed);
  }

  tell() {
    const told = this.key?.value ? "onRecord" : this.answer?.value === "new" ? "madeNew" : "";
    this.who.textContent = told ? words(told) : "";
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.active = -1;
  }
}

export function watch(root) {
  for (const input of root.querySelectorAll("input[data-suggest]:not([role])")) new Combobox(input);
}
