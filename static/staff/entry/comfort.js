// Small comforts: what an answer means, how much of a fold is filled, dates said back, safe answers that go together.

import { touch } from "./autosave.js";
import { form, post } from "./talk.js";
import { words } from "./words.js";

const by = (id) => document.getElementById(id);

// What the chosen answer means, below the field.
function tellMeaning(select) {
  const field = select.closest("[data-meanings]");
  if (!field) return;
  const list = by(`meanings-${field.dataset.meanings}`);
  const found = select.value && list?.querySelector(`[data-code="${CSS.escape(select.value)}"] dd`);
  let line = field.querySelector(".meaning");
  if (!line) {
    line = document.createElement("p");
    line.className = "meaning";
    select.after(line);
  }
  line.textContent = found ? found.textContent : "";
}

// How much of what is folded away is filled.
function count(fold) {
  const names = new Map();
  for (const one of fold.querySelectorAll(".grid :is(input:not([type=hidden]), select, textarea)")) {
    if (one.closest("details") !== fold) continue;
    const box = one.type === "checkbox" || one.type === "radio";
    const filled = box ? one.checked : one.value !== "" && one.value !== (one.dataset.begun ?? "");
    names.set(one.name, names.get(one.name) || filled);
  }
  const filled = [...names.values()].filter(Boolean).length;
  const line = fold.querySelector("[data-count]");
  line.textContent = filled ? words("some", { filled, all: names.size }) : words("none");
  line.classList.toggle("nothing", !filled);
}

// A date is said back as soon as it is typed, and asked back where it can be read in two ways.
const asked = new WeakMap();

async function readDate(input) {
  const field = input.closest("[data-date]");
  const told = field.querySelector("[data-told]");
  const readings = field.querySelector("[data-readings]");
  const shown = field.querySelector("input[type=hidden]");
  const typed = input.value.trim();
  asked.set(input, typed);
  readings.replaceChildren();
  if (!typed) {
    told.replaceChildren();
    shown.value = "";
    return;
  }
  const part = by(input.id.replace(/when$/, "when_part_of_day"))?.value ?? "";
  const fields = new URLSearchParams({ typed, part, csrf_token: form.elements.csrf_token.value });
  const { status, content } = await post(form.dataset.dates, fields);
  if (status !== 200 || asked.get(input) !== typed) return;
  shown.value = content.edtf ?? "";
  told.replaceChildren();
  if (content.words) {
    const strong = document.createElement("strong");
    strong.textContent = content.words;
    const code = document.createElement("code");
    code.textContent = content.edtf;
    told.append(strong, " ", code);
  } else if (!content.readings.length || content.problem) {
    told.textContent = content.problem;
  }
  for (const reading of content.readings) readings.append(readingButton(input, reading));
}

function readingButton(input, reading) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet small";
  button.textContent = reading.words;
  button.addEventListener("click", () => {
    input.value = reading.edtf;
    input.focus();
    readDate(input);
    touch();
  });
  return button;
}

// A typed name is withheld unless a source prints it; both can be changed where they stand.
function nameTyped(input) {
  const id = input.id.replace(/-person$/, "");
  const naming = by(`${id}-naming`);
  const kind = by(`${id}-kind`);
  if (!input.value.trim() || !naming) return;
  if (!kind.value) choose(kind, "person");
  if (!naming.value && kind.value === "person") choose(naming, "withheld");
}

function sourceTicked(box) {
  const id = box.name.replace(/-name_published_in$/, "");
  const naming = by(`${id}-naming`);
  const named = by(`${id}-person`)?.value.trim();
  if (box.checked && named && naming.value === "withheld" && naming.dataset.chosen) choose(naming, "named");
}

function placeTyped(input) {
  const precision = by("place_precision");
  if (input.value.trim() && precision && !precision.value) choose(precision, "locality");
}

function choose(select, value) {
  select.value = value;
  select.dataset.chosen = "by the page";
  tellMeaning(select);
}

// A publisher is only ever suggested: the host name of an address is not yet a name.
function suggestPublisher(input) {
  const publisher = by(input.id.replace(/url$/, "publisher"));
  const field = input.closest(".field");
  field.querySelector(".suggestion-button")?.remove();
  let host = "";
  try {
    host = new URL(input.value.trim()).hostname.replace(/^www\./, "");
  } catch {
    return;
  }
  if (!host || !publisher || publisher.value.trim()) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet small suggestion-button";
  button.textContent = words("publisher", { name: host });
  button.addEventListener("click", () => {
    publisher.value = host;
    button.remove();
    publisher.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.append(button);
}

export function look(root) {
  for (const select of root.querySelectorAll("[data-meanings] select")) if (select.value) tellMeaning(select);
}

export function watch() {
  look(form);
  const dates = new WeakMap();
  form.addEventListener("input", (event) => {
    const one = event.target;
    if (one.id.endsWith("when") && one.closest("[data-date]")) {
      clearTimeout(dates.get(one));
      dates.set(one, setTimeout(() => readDate(one), 300));
    }
  });
  form.addEventListener("change", (event) => {
    const one = event.target;
    if (one.matches("select")) {
      if (event.isTrusted) delete one.dataset.chosen;
      tellMeaning(one);
    }
    if (one.id.endsWith("-person")) nameTyped(one);
    if (one.name.endsWith("-name_published_in")) sourceTicked(one);
    if (one.id === "place_locality") placeTyped(one);
    if (/^sources-\d+-url$/.test(one.id)) suggestPublisher(one);
    const fold = one.closest("details[data-fold]");
    if (fold) count(fold);
  });
}
