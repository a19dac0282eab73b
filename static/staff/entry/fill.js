// Answers that what was typed already gives. Only an empty field takes one, once, with a mark that it was not typed.

import { touch } from "./autosave.js";
import { form } from "./talk.js";
import { words } from "./words.js";

const tried = new Set();

// Put an answer into an empty field; whoever types can change it, and is not offered it again.
export function fill(name, value, key = "") {
  const field = form.elements[name];
  const typing = field === document.activeElement && field.matches("input");
  if (!field || field.value || typing || tried.has(`${name} ${value}`)) return;
  tried.add(`${name} ${value}`);
  field.value = value;
  if (!field.value) return;
  const mark = document.createElement("p");
  mark.className = "filled";
  mark.setAttribute("role", "status");
  mark.textContent = words("filled");
  field.closest(".field").append(mark);
  field.addEventListener("input", () => mark.remove(), { once: true });
  field.dispatchEvent(new CustomEvent("filled", { detail: key }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  touch();
}

// The answers that the server gave with its hints.
export function fillFrom(page) {
  for (const one of page.querySelectorAll("template[data-answers]")) {
    fill(one.dataset.answers, one.dataset.value, one.dataset.key);
    one.remove();
  }
}

// A means that the title or the summary calls by its name: "rubber bullet". Endings of words do not count.
const plain = (text) => text.toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const SHORTEST = 3;
const ENDING = 2;
const TELLING = 8;

function said(phrase, text) {
  const stems = plain(phrase).map((word) => word.slice(0, Math.max(SHORTEST, word.length - ENDING)));
  if (!stems.length || stems.join("").length < TELLING) return false;
  return text.some((_, at) => stems.every((stem, further) => text[at + further]?.startsWith(stem)));
}

function meansIn(text) {
  const select = form.elements["acts-0-method"];
  const named = [...(select?.options ?? [])].filter((option) =>
    option.value && option.text.split(/,| or | или /).some((phrase) => said(phrase, text)));
  if (named.length === 1) fill(select.name, named[0].value);
}

export function watch() {
  form.addEventListener("change", (event) => {
    if (/^(title|summary)-/.test(event.target.name)) meansIn(plain(event.target.value));
  });
}
