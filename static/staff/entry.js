// The entry form with a script: everything here is comfort, the form works without it.

import * as autosave from "./entry/autosave.js";
import * as combobox from "./entry/combobox.js";
import * as comfort from "./entry/comfort.js";
import * as fill from "./entry/fill.js";
import * as likely from "./entry/likely.js";
import * as rows from "./entry/rows.js";
import { form } from "./entry/talk.js";

rows.watch(form);
combobox.watch(form);
comfort.watch();
autosave.watch();
fill.watch();
likely.watch();

form.addEventListener("row-added", (event) => {
  combobox.watch(event.target);
  comfort.look(event.target);
});

// Enter in a line is a slip of the finger in a long form; Ctrl and Enter hand it in.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.matches("textarea, button, summary")) {
    if (!(event.key === "Enter" && event.ctrlKey && event.target.matches("textarea"))) return;
  }
  event.preventDefault();
  if (event.ctrlKey) form.requestSubmit(form.querySelector("[data-submit]"));
});

document.getElementById("problem-summary")?.focus();
for (const link of document.querySelectorAll("#problem-summary a")) {
  link.addEventListener("click", (event) => {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.focus();
    target.scrollIntoView({ block: "center" });
  });
}
