// The place while somebody types: candidates out of our own list, the pin on a small map, and what readers will see.
// Nothing is taken before a person chooses it. The map is fetched when there is something to show on it.

import { fields, touch } from "./autosave.js";
import { form, post } from "./talk.js";

const PAUSE = 350;
const ASKED_BY = /^place_(locality|admin1|admin2|country|as_reported)$/;
const SHOWN_BY = /^place_(precision|public_precision|venue|placed_by)$/;
const BY_NAME = ["gazetteer", "geocoder"];
const BY_PERSON = ["hand", "source_text"];

const part = form.querySelector("[data-place]");
const answerBox = part.querySelector("[data-place-answer]");
const shownLine = part.querySelector("[data-place-shown]");
const mapBox = part.querySelector("[data-place-map]");
const opener = part.querySelector("[data-place-open]");
const texts = JSON.parse(document.getElementById("place-words").textContent);

let timer = 0;
let turn = 0;
let last = "";
let writing = false;
let pin = null;
let opening = null;
let candidates = [];
let seen = { point: null, circle: null };
// What the last choice filled in, and the town that its point belongs to.
let filled = {};
let town = "";

const field = (name) => form.elements[`place_${name}`];
const say = (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

function element(tag, words, className) {
  const made = document.createElement(tag);
  if (words) made.textContent = words;
  if (className) made.className = className;
  return made;
}

function button(words, press) {
  const made = element("button", words, "quiet small");
  made.type = "button";
  // A field that is left says more about itself, and the button would slip away under the finger.
  made.addEventListener("mousedown", (event) => event.preventDefault());
  made.addEventListener("click", press);
  return made;
}

// What is sent: the place alone while somebody types; the whole form where the outside may be asked, since sources
// can be confidential.
function question(kind) {
  const all = fields();
  const asked = new URLSearchParams();
  for (const [name, value] of all) {
    if (kind === "full" || /^(place_|incident$|version$|csrf_token$)/.test(name)) asked.append(name, value);
  }
  asked.set("do", kind);
  return asked;
}

async function ask(kind) {
  clearTimeout(timer);
  const mine = ++turn;
  const { status, content } = await post(part.dataset.place, question(kind));
  if (mine !== turn) return null;
  if (status !== 200) {
    if (kind !== "show") answerBox.replaceChildren(element("p", say("failed")));
    return null;
  }
  tellShown(content.shown);
  part.querySelector("[data-place-origin]").textContent = content.origin;
  tellProblem(content.problem);
  seen = { point: content.point, circle: circleOf(content.shown) };
  if (content.answer) tellAnswer(content.answer);
  await drawn();
  return content;
}

// What was asked already, by typing, is not asked again when the field is left: the list must not change under a finger.
function later(kind) {
  const asked = question(kind).toString();
  if (kind === "live" && asked === last) return;
  if (kind === "live") last = asked;
  clearTimeout(timer);
  timer = setTimeout(() => ask(kind), PAUSE);
}

// What readers will see ----------------------------------------------------------------------------------------

function circleOf({ latitude, longitude, metres }) {
  return latitude === null ? null : { latitude, longitude, metres: metres ?? 0 };
}

function tellShown({ words, note, problem }) {
  shownLine.replaceChildren(element("strong", words), ` ${note}`);
  if (problem) shownLine.append(element("span", problem, "problem"));
}

function tellProblem(words) {
  const input = field("point");
  const id = "place_point-problem";
  for (const old of input.closest(".field").querySelectorAll(".problem")) old.remove();
  input.toggleAttribute("aria-invalid", Boolean(words));
  if (!words) {
    input.setAttribute("aria-describedby", "place_point-hint");
    return;
  }
  const line = element("p", words, "problem");
  line.id = id;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", `${id} place_point-hint`);
  input.closest(".field").append(line);
}

// Candidates ---------------------------------------------------------------------------------------------------

function tellAnswer(answer) {
  candidates = answer.candidates;
  const typed = ["locality", "admin1", "admin2", "as_reported"].some((name) => field(name).value.trim());
  const silent = !typed || (answer.outcome === "failed" && part.querySelector("[data-unusable]"));
  answerBox.replaceChildren();
  if (silent) return;
  const told = element("p");
  told.append(element("strong", answer.sentence), ` ${answer.why}`);
  answerBox.append(told);
  if (!candidates.length) return;
  const list = element("ol");
  candidates.forEach((each, number) => list.append(row(each, number)));
  answerBox.append(list, element("p", answer.attribution, "hint"));
}

function row(each, number) {
  const line = element("li");
  const choose = button(texts.choose, () => take(number));
  choose.setAttribute("aria-label", `${texts.choose}: ${each.label}`);
  line.append(`${each.label} `, choose, element("span", each.words, "hint"));
  return line;
}

async function take(number) {
  const chosen = candidates[number];
  if (!chosen) return;
  write(chosen.fills);
  remember(chosen.fills);
  last = question("live").toString();
  candidates = [];
  const told = element("p", say("taken", { place: chosen.label }));
  told.tabIndex = -1;
  answerBox.replaceChildren(told);
  if (chosen.differences.length) answerBox.append(asked(chosen));
  told.focus({ preventScroll: true });
  await ask("show");
}

// Over what stands in the form, a pin that was set by hand among it, nothing is written before somebody says so.
function asked(chosen) {
  const box = element("div", "", "place-asked");
  for (const words of chosen.differences) box.append(element("p", words));
  box.append(
    button(texts.take_over, () => {
      write(chosen.over);
      remember(chosen.over);
      last = question("live").toString();
      box.remove();
      ask("show");
    }),
    button(texts.keep, () => box.remove()),
  );
  return box;
}

const typedTown = () => field("locality").value.trim().toLocaleLowerCase();

function remember(values) {
  filled = { ...filled, ...values };
  town = typedTown();
}

// A point that was found by name goes with that name: where another town is typed, it goes, and what came with it.
function forget() {
  if (!field("point").value || !BY_NAME.includes(field("placed_by").value) || typedTown() === town) return;
  const stale = Object.entries(filled).filter(([name, value]) => form.elements[name]?.value === value);
  const gone = Object.fromEntries(stale.map(([name]) => [name, ""]));
  delete gone.place_locality;
  filled = {};
  write({ ...gone, ...byHand("") });
  seen = { point: null, circle: null };
  pin?.move(null, null);
  pin?.show(null);
}

// Fills fields as if somebody had typed, so that everything that follows a change follows this one too.
function write(values) {
  writing = true;
  for (const [name, value] of Object.entries(values)) {
    const one = form.elements[name];
    if (!one) continue;
    one.value = value;
    if (one.type !== "hidden") one.dispatchEvent(new Event("change", { bubbles: true }));
  }
  writing = false;
  touch();
}

// The pin ------------------------------------------------------------------------------------------------------

function byHand(text) {
  const by = field("placed_by").value;
  return {
    place_point: text,
    place_pinned: text || "none",
    place_named: "",
    place_placed_by: text ? (BY_PERSON.includes(by) ? by : "hand") : "",
    place_entry: "",
    place_matched: "",
  };
}

function moved({ latitude, longitude }) {
  write({ ...byHand(`${latitude}, ${longitude}`), place_placed_by: "hand" });
  later("show");
}

async function typed() {
  const text = field("point").value.trim();
  if (text === field("pinned").value || (!text && field("pinned").value === "none")) return;
  const content = await ask("show");
  if (!content || content.problem) return;
  // Said back as it was understood, so that a slip shows.
  const point = content.point;
  write(byHand(point ? `${point.latitude}, ${point.longitude}` : ""));
}

async function open() {
  opener.hidden = true;
  mapBox.hidden = false;
  opening ??= import("../../map/pin.js").then(({ pinMap }) => {
    pin = pinMap(mapBox, {
      latitude: seen.point?.latitude ?? null,
      longitude: seen.point?.longitude ?? null,
      circle: seen.circle,
      texts,
      onMove: moved,
      onChoose: take,
    });
  });
  return opening;
}

async function drawn() {
  const offered = candidates.filter((each) => each.latitude !== null);
  if (!pin && !offered.length && !seen.point && !opening) return;
  await open();
  pin.show(seen.circle);
  pin.move(seen.point?.latitude ?? null, seen.point?.longitude ?? null);
  pin.offer(candidates);
}

// --------------------------------------------------------------------------------------------------------------

function watch() {
  opener.hidden = false;
  opener.addEventListener("click", async () => {
    await open();
    pin.look();
    mapBox.focus();
  });
  part.querySelector("[value='place:find']").addEventListener("click", (event) => {
    event.preventDefault();
    ask("full");
  });
  form.addEventListener("input", (event) => {
    if (event.target.name === "place_locality") forget();
    if (!writing && ASKED_BY.test(event.target.name) && !part.querySelector("[data-unusable]")) later("live");
  });
  form.addEventListener("change", (event) => {
    if (writing) return;
    const { name } = event.target;
    if (name === "place_point") typed();
    else if (ASKED_BY.test(name)) later("live");
    else if (SHOWN_BY.test(name)) later("show");
  });
  town = typedTown();
  if (field("point").value.trim()) ask("show");
}

watch();
