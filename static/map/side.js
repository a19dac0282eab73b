// Beside the map: everything that is on it now, as a list that a keyboard and a screen reader can walk through, or the
// incidents at one of these places, as the server lists them.

import { isArea, isCluster } from "./marks.js";
import { whereabouts } from "./naming.js";

const MOST_ROWS = 80;

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export class Side {
  // `actions` are {open(mark), zoom(mark), point(mark or null)}; `target` is where links lead, "_blank" in a frame.
  constructor(element, words, actions, target = "") {
    Object.assign(this, { element, words, actions, target, opened: null });
    this.list = make("section", "map-in-view");
    // In a frame nothing stands between the heading of the page and this one.
    this.heading = make(target ? "h2" : "h3", "", words.say("in_view"));
    this.heading.id = "map-in-view";
    this.rows = make("ol");
    this.more = make("p", "note");
    this.list.setAttribute("aria-labelledby", this.heading.id);
    this.list.append(this.heading, this.rows, this.more);
    this.found = make("section", "map-opened");
    this.found.hidden = true;
    element.replaceChildren(this.list, this.found);
    element.hidden = false;
    element.addEventListener("keydown", (event) => event.key === "Escape" && this.opened && this.back());
  }

  // Lists the marks that are in view, those of most incidents first.
  show(marks, { geography, cities }) {
    const sorted = [...marks].sort((one, other) => other.count - one.count);
    const listed = sorted.slice(0, MOST_ROWS);
    const named = (mark) => whereabouts(mark, { geography, cities, words: this.words });
    const held = this.rows.contains(document.activeElement) ? document.activeElement.textContent : null;
    this.rows.replaceChildren(...listed.map((mark) => this.row(mark, named(mark))));
    const left = sorted.length - listed.length;
    this.more.textContent = left ? this.words.say("in_view_more", { n: this.words.number(left) }) : "";
    if (!sorted.length) this.more.textContent = this.words.say("in_view_none");
    // Whoever stood on a row of the list stands on the same one, or on the first.
    if (held !== null) this.stand([...this.rows.querySelectorAll("button")], held);
  }

  stand(buttons, text) {
    (buttons.find((one) => one.textContent === text) ?? buttons[0])?.focus({ preventScroll: true });
  }

  row(mark, where) {
    const row = make("li");
    const button = make("button", "map-row");
    button.type = "button";
    button.append(make("b", "", this.words.incidents(mark.count)), make("span", "", where));
    if (isArea(mark)) button.append(make("small", "", this.words.say("area", { reach: this.words.distance(mark.metres) })));
    button.addEventListener("click", () => this.actions.open(mark));
    for (const name of ["focus", "mouseenter"]) button.addEventListener(name, () => this.actions.point(mark));
    for (const name of ["blur", "mouseleave"]) button.addEventListener(name, () => this.actions.point(null));
    row.append(button);
    return row;
  }

  // Shows the incidents at a mark: a piece of HTML of our own server, of which one known element is taken over.
  async open(mark, address) {
    this.opened = { mark, from: document.activeElement };
    this.fill(mark, make("p", "note", this.words.say("loading")));
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".map-found");
      if (this.opened?.mark !== mark) return;
      if (this.target) for (const link of found.querySelectorAll("a")) link.target = this.target;
      this.fill(mark, document.adoptNode(found));
    } catch {
      if (this.opened?.mark !== mark) return;
      const again = make("button", "", this.words.say("retry"));
      again.type = "button";
      again.addEventListener("click", () => this.open(mark, address));
      this.fill(mark, make("p", "problem", this.words.say("failed")), again);
    }
  }

  fill(mark, ...content) {
    const back = make("button", "map-back", this.words.say("back"));
    back.type = "button";
    back.addEventListener("click", () => this.back());
    const ways = make("p", "map-ways");
    ways.append(back);
    if (isCluster(mark)) {
      const closer = make("button", "map-back", this.words.say("zoom_in"));
      closer.type = "button";
      closer.addEventListener("click", () => { this.back(); this.actions.zoom(mark); });
      ways.append(closer);
    }
    this.found.replaceChildren(ways, ...content);
    this.found.tabIndex = -1;
    this.list.hidden = true;
    this.found.hidden = false;
    this.element.scrollTop = 0;
    this.found.focus({ preventScroll: true });
    // On a narrow screen the list lies under the map.
    this.element.scrollIntoView({ block: "nearest" });
  }

  back() {
    const from = this.opened?.from;
    this.opened = null;
    this.found.hidden = true;
    this.found.replaceChildren();
    this.list.hidden = false;
    this.actions.point(null);
    if (from?.isConnected) from.focus({ preventScroll: true });
    else this.stand([...this.rows.querySelectorAll("button")], "");
  }
}
