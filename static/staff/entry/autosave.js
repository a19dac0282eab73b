// Keeping the form on the server while somebody types: a few seconds after a change, and when the page is left.
// Nothing is kept in the browser. One save is on its way at a time, and each has a number higher than the last.

import { signInAgain } from "./sign_in.js";
import { form, post } from "./talk.js";
import { words } from "./words.js";

const PAUSE = 2000;
const LONGEST_WAIT = 5000;
const RETRY = 5000;

const state = document.querySelector("[data-state]");
const count = form.elements.sequence;
let changed = false;
let firstChange = 0;
let timer = 0;
let running = null;
let over = false;

function say(name, failing = false, values = {}) {
  state.textContent = words(name, values);
  state.classList.toggle("failing", failing);
}

export function fields() {
  return new URLSearchParams(new FormData(form));
}

export function touch() {
  if (over) return;
  changed = true;
  firstChange ||= Date.now();
  const wait = Math.max(0, Math.min(PAUSE, firstChange + LONGEST_WAIT - Date.now()));
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

export function save(options = {}) {
  running ??= attempt(options).finally(() => {
    running = null;
    if (changed && !over) again();
  });
  return running;
}

function again() {
  clearTimeout(timer);
  timer = setTimeout(save, RETRY);
}

async function attempt({ keepalive = false } = {}) {
  clearTimeout(timer);
  changed = false;
  firstChange = 0;
  count.value = Number(count.value) + 1;
  say("saving");
  const { status, content } = await post(form.dataset.save, fields(), { keepalive });
  if (status === 200) {
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    say("saved", false, { time: time.format(new Date()) });
    return true;
  }
  if (status === 401) return signedOut();
  if (status === 409) return refused(content);
  changed = status === 0 || status >= 500 || status === 429;
  say(changed ? "offline" : "refused", true);
  return false;
}

async function signedOut() {
  changed = true;
  say("signedOut", true);
  if (!(await signInAgain())) return false;
  changed = false;
  return attempt();
}

function refused(content) {
  if (content?.why === "outrun") {
    count.value = Math.max(Number(count.value), content.sequence ?? 0);
    say("outrun", true);
    return false;
  }
  over = content?.why === "handed_in";
  say({ open_elsewhere: "elsewhere", full: "full", handed_in: "handedIn" }[content?.why] ?? "refused", true);
  return false;
}

export function watch() {
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changed) save({ keepalive: true });
  });
  window.addEventListener("online", () => changed && save());
  form.addEventListener("submit", handIn);
}

// A form is saved before it is handed in: a lost line or session then shows here, where the text is.
async function handIn(event) {
  if (over || event.submitter?.dataset.passed) return;
  event.preventDefault();
  const button = event.submitter;
  clearTimeout(timer);
  await running;
  const saved = await save();
  if (saved || (state.textContent !== words("offline") && state.textContent !== words("signedOut"))) {
    over = true;
    if (button) button.dataset.passed = "yes";
    form.requestSubmit(button);
    setTimeout(() => { over = false; delete button?.dataset.passed; }, 3000);
  }
}
