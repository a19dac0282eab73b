// Signing in again without leaving the form: what was typed stays where it is, and saving goes on with a new token.

import { form, post, renew } from "./talk.js";
import { words } from "./words.js";

const dialog = document.getElementById("sign-in-again");
let waiting = null;

export function signInAgain() {
  if (!dialog || !form.dataset.signIn) return Promise.resolve(false);
  waiting ??= new Promise((resolve) => {
    if (!dialog.open) dialog.showModal();
    dialog.addEventListener("close", () => {
      waiting = null;
      resolve(dialog.returnValue === "signed in");
    }, { once: true });
  });
  return waiting;
}

async function go() {
  const value = (id) => document.getElementById(id).value;
  const problem = dialog.querySelector("[data-sign-in-problem]");
  problem.textContent = "";
  let answer = await post(form.dataset.signIn, new URLSearchParams({
    email: value("again-email"), password: value("again-password"),
  }));
  if (answer.content?.stage === "code") {
    renew(answer.content.csrf_token);
    answer = await post(`${form.dataset.signIn}/code`, new URLSearchParams({ code: value("again-code") }));
  }
  if (answer.content?.stage === "full") {
    renew(answer.content.csrf_token);
    for (const id of ["again-password", "again-code"]) document.getElementById(id).value = "";
    dialog.close("signed in");
    return;
  }
  problem.textContent = answer.content?.problem ?? words(answer.status ? "refused" : "offline");
}

if (dialog) {
  dialog.querySelector("[data-sign-in-go]").addEventListener("click", go);
  dialog.querySelector("[data-sign-in-later]").addEventListener("click", () => dialog.close("later"));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      go();
    }
  });
}
