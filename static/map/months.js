// The time line under the map: a bar for each month, what certainly fell into it dark and what possibly did above it,
// and a period that is chosen by two lists or by drawing over the bars. Months come as [code, certain,
// possible], where what is certain is possible too.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 72;
const STEP = 10;
// A bar is never wider than this, in pixels, however few there are.
const WIDEST = 90;

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function draw(tag, attributes) {
  const drawn = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, String(value));
  return drawn;
}

function number(code) {
  const [year, month] = code.split("-").map(Number);
  return year * 12 + month - 1;
}

function code(at) {
  return `${String(Math.floor(at / 12)).padStart(4, "0")}-${String((at % 12) + 1).padStart(2, "0")}`;
}

function lastDay(month) {
  const [year, number_] = month.split("-").map(Number);
  return `${month}-${String(new Date(Date.UTC(year, number_, 0)).getUTCDate()).padStart(2, "0")}`;
}

export class Months {
  // `choose(from, to)` is called with ISO days, or with two empty strings for the whole time.
  constructor(element, words, choose) {
    Object.assign(this, { element, words, choose, span: null });
    this.heading = make("h3", "", words.say("months"));
    this.bars = draw("svg", { class: "map-bars", preserveAspectRatio: "none", "aria-hidden": "true", height: HEIGHT });
    this.said = make("p", "map-month-said");
    this.axis = make("p", "map-axis");
    this.form = this.period();
    element.replaceChildren(this.heading, this.form, this.bars, this.axis, this.said);
    element.hidden = false;
    this.listen();
  }

  period() {
    const form = make("div", "map-period");
    this.from = this.list("months_from");
    this.to = this.list("months_to");
    this.all = make("button", "", this.words.say("months_all"));
    this.all.type = "button";
    this.all.addEventListener("click", () => this.choose("", ""));
    form.append(this.from.parentElement, this.to.parentElement, this.all);
    return form;
  }

  list(name) {
    const field = make("div");
    const label = make("label", "", this.words.say(name));
    const select = make("select");
    select.id = `map-${name}`;
    label.htmlFor = select.id;
    field.append(label, select);
    select.addEventListener("change", () => this.pick(this.from.value, this.to.value));
    return select;
  }

  pick(from, to) {
    if (from && to && from > to) [from, to] = [to, from];
    this.choose(from && `${from}-01`, to && lastDay(to));
  }

  // Shows the months of what is found under a query, which says what period is chosen.
  show({ months, undated }, query) {
    const from = (query.get("from") ?? "").slice(0, 7);
    const to = (query.get("to") ?? "").slice(0, 7);
    // While a period is chosen, the whole time stays in view, as far as it was ever seen.
    for (const [month] of months) this.stretch(number(month));
    for (const month of [from, to]) if (/^\d{4}-\d{2}$/.test(month)) this.stretch(number(month));
    this.counts = new Map(months.map(([month, certain, all]) => [month, { certain, possible: all - certain }]));
    this.chosen = { from, to };
    this.undated = undated ?? 0;
    this.fill(this.from, from);
    this.fill(this.to, to);
    this.all.disabled = !from && !to;
    this.drawBars();
    this.say(null);
  }

  stretch(at) {
    this.span = this.span ? [Math.min(this.span[0], at), Math.max(this.span[1], at)] : [at, at];
  }

  each() {
    if (!this.span) return [];
    return Array.from({ length: this.span[1] - this.span[0] + 1 }, (_, step) => code(this.span[0] + step));
  }

  fill(select, chosen) {
    const options = this.each().map((month) => {
      const { certain, possible } = this.counts.get(month) ?? { certain: 0, possible: 0 };
      const option = new Option(`${this.words.month(month)} (${this.words.number(certain + possible)})`, month);
      option.selected = month === chosen;
      return option;
    });
    const open = new Option("–", "");
    open.selected = !chosen;
    select.replaceChildren(open, ...options);
  }

  drawBars() {
    const all = this.each();
    const highest = Math.max(1, ...[...this.counts.values()].map(({ certain, possible }) => certain + possible));
    this.bars.setAttribute("viewBox", `0 0 ${Math.max(1, all.length) * STEP} ${HEIGHT}`);
    const { from, to } = this.chosen;
    this.bars.replaceChildren(...all.flatMap((month, at) => {
      const { certain, possible } = this.counts.get(month) ?? { certain: 0, possible: 0 };
      const inside = (!from || month >= from) && (!to || month <= to);
      return this.bar(at, certain, possible, highest, inside);
    }));
    for (const part of [this.bars, this.axis]) part.style.maxWidth = `${all.length * WIDEST}px`;
    const ends = all.length > 1 ? [all[0], all[all.length - 1]] : all;
    this.axis.replaceChildren(...ends.map((month) => make("span", "", this.words.month(month))));
  }

  bar(at, certain, possible, highest, inside) {
    const high = (count) => (count / highest) * (HEIGHT - 4);
    const wide = { x: at * STEP + 1, width: STEP - 2 };
    const drawn = [draw("rect", { x: at * STEP, width: STEP, y: 0, height: HEIGHT, class: inside ? "inside" : "outside" })];
    if (possible) {
      drawn.push(draw("rect", { ...wide, y: HEIGHT - high(certain + possible), height: high(possible), class: "possible" }));
    }
    if (certain) drawn.push(draw("rect", { ...wide, y: HEIGHT - high(certain), height: high(certain), class: "certain" }));
    return drawn;
  }

  // Tells the count of one month, or what is in none.
  say(month) {
    const { words } = this;
    if (!month) {
      this.said.textContent = this.undated ? words.say("months_undated", { n: words.number(this.undated) }) : " ";
      return;
    }
    const { certain, possible } = this.counts.get(month) ?? { certain: 0, possible: 0 };
    const counted = [words.say("months_certain", { n: words.number(certain) })];
    if (possible) counted.push(words.say("months_possible", { n: words.number(possible) }));
    this.said.textContent = `${words.month(month)}: ${counted.join(", ")}`;
  }

  listen() {
    const at = (event) => {
      const { left, width } = this.bars.getBoundingClientRect();
      const all = this.each();
      return all[Math.max(0, Math.min(all.length - 1, Math.floor(((event.clientX - left) / width) * all.length)))];
    };
    let began = null;
    this.bars.addEventListener("pointerdown", (event) => {
      began = at(event);
      this.bars.setPointerCapture(event.pointerId);
    });
    this.bars.addEventListener("pointermove", (event) => this.say(at(event)));
    this.bars.addEventListener("pointerleave", () => this.say(null));
    this.bars.addEventListener("pointercancel", () => { began = null; });
    this.bars.addEventListener("pointerup", (event) => {
      if (began) this.pick(began, at(event));
      began = null;
    });
    for (const select of [this.from, this.to]) select.addEventListener("focus", () => this.say(select.value || null));
  }
}
