// Rows are added by copying the blank one that the page brings along, taken away, and brought back.

import { touch } from "./autosave.js";
import { words } from "./words.js";

const ATTRIBUTES = ["id", "name", "for", "value", "data-row", "data-list", "data-add", "data-sources", "aria-describedby"];

const holder = (list) => document.querySelector(`[data-list="${list}"]`);

function nextNumber(list) {
  const numbers = [...holder(list).children].map((row) => Number(row.dataset.row.slice(list.length + 1)));
  return Math.max(-1, ...numbers) + 1;
}

function copyOf(list, number) {
  const name = list.split("-").at(-1);
  const pattern = document.getElementById(`pattern-${name}`);
  const row = pattern.content.firstElementChild.cloneNode(true);
  const mark = row.dataset.row;
  const made = `${list}-${number}`;
  for (const one of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of ATTRIBUTES) {
      const value = one.getAttribute(attribute);
      if (value?.includes(mark)) one.setAttribute(attribute, value.replaceAll(mark, made));
    }
  }
  const title = row.querySelector("h3");
  title.textContent = title.textContent.replace("@", number + 1);
  for (const one of row.querySelectorAll(":scope > .gone, :scope > .row-body > .row-head button")) {
    if (one.ariaLabel) one.ariaLabel = one.ariaLabel.replace("@", number + 1);
    else one.firstChild.textContent = one.firstChild.textContent.replace("@", number + 1);
  }
  return row;
}

function focusFirst(row) {
  const first = row.querySelector(".row-body select, .row-body input:not([type=hidden])");
  first?.focus();
}

function add(list) {
  const row = copyOf(list, nextNumber(list));
  holder(list).append(row);
  offerSources();
  row.dispatchEvent(new CustomEvent("row-added", { bubbles: true }));
  focusFirst(row);
  touch();
}

function remove(row) {
  row.querySelector(":scope > [data-removed]").value = "yes";
  show(row, true);
  row.querySelector(":scope > .gone button").focus();
  touch();
}

function undo(row) {
  row.querySelector(":scope > [data-removed]").value = "";
  show(row, false);
  focusFirst(row);
  touch();
}

function show(row, gone) {
  row.querySelector(":scope > .gone").hidden = !gone;
  row.querySelector(":scope > .row-body").hidden = gone;
  offerSources();
}

// Victims and follow-ups point to the sources of this form, which may have changed since the page was made.
export function offerSources() {
  const sources = [...(holder("sources")?.children ?? [])]
    .filter((row) => !row.querySelector(":scope > [data-removed]").value)
    .map((row) => ({ value: `#${row.dataset.row.split("-").at(-1)}`, label: called(row) }))
    .filter((source) => source.label);
  for (const group of document.querySelectorAll("[data-sources]")) {
    const list = group.querySelector(".box-list");
    const boxes = new Map([...list.querySelectorAll("input")].map((box) => [box.value, box]));
    for (const [value, box] of boxes) {
      if (value.startsWith("#") && !sources.some((one) => one.value === value)) box.closest("label").remove();
    }
    for (const source of sources) {
      const box = boxes.get(source.value);
      if (box) box.nextElementSibling.textContent = source.label;
      else list.append(boxFor(group.dataset.sources, source));
    }
    group.hidden = !list.children.length;
  }
}

function called(row) {
  const id = row.dataset.row;
  const value = (name) => document.getElementById(`${id}-${name}`)?.value.trim();
  const number = Number(id.split("-").at(-1)) + 1;
  const told = value("source") || value("title") || value("publisher") || value("url");
  return told || (value("type") ? words("source", { number }) : "");
}

function boxFor(name, source) {
  const label = document.createElement("label");
  label.className = "box";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.name = name;
  box.value = source.value;
  const text = document.createElement("span");
  text.textContent = source.label;
  label.append(box, text);
  return label;
}

export function watch(form) {
  offerSources();
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    const [verb, target] = (button?.value ?? "").split(":");
    const row = target && document.querySelector(`[data-row="${target}"]`);
    if (verb === "add" && holder(target)) add(target);
    else if (verb === "remove" && row) remove(row);
    else if (verb === "undo" && row) undo(row);
    else return;
    event.preventDefault();
  });
  form.addEventListener("change", (event) => {
    if (event.target.closest(".source")) offerSources();
  });
}
