// Incidents that may be the same, shown while somebody types; whoever types decides, when the form is handed in.
// With them come answers for fields that are still empty.

import { fields } from "./autosave.js";
import { fillFrom } from "./fill.js";
import { form } from "./talk.js";

const PAUSE = 400;
const TELLING = /^(title-|when$|place_country$|place_locality$|acts-\d+-(violation$|victims-\d+-(person|outlet)))/;
let timer = 0;
let last = "";

async function ask() {
  const all = fields();
  const asked = all.toString().replace(/(^|&)sequence=\d+/, "");
  if (asked === last || !form.dataset.likely) return;
  last = asked;
  try {
    const answer = await fetch(form.dataset.likely, {
      method: "POST",
      body: all,
      headers: { Accept: "text/html", "X-CSRFToken": form.elements.csrf_token.value },
    });
    if (!answer.ok) return;
    // Our own template made this, with everything in it escaped; it is parsed without running anything.
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    fillFrom(page);
    const hints = form.querySelector("[data-hints]");
    const closed = hints.querySelector("details")?.open === false;
    if (closed) page.querySelector("details")?.removeAttribute("open");
    hints.replaceChildren(...page.body.childNodes);
  } catch {
    // Without a line there is no hint; it is asked again with the next change.
  }
}

export function watch() {
  form.addEventListener("change", (event) => {
    if (!TELLING.test(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
