// The sheet of names above the marks: each name where there is room for it and no mark, countries before cities, the
// larger before the smaller.

import { WORLD, across, down } from "./geography.js";
import { Sheet, copies } from "./sheet.js";

const CITIES_FROM = 4;
const COUNTRIES_TO = 7;
const APART = 4;
const BESIDE = 6;
const HALF = 8;

export const Names = Sheet.extend({
  options: { level: 3 },

  initialize({ words, colours, ground }) {
    Object.assign(this, { words, colours, ground, list: [], marks: null, widths: new Map() });
    ground.on("ready", () => this.redraw());
  },

  // Cities as the file of cities has them.
  write(cities) {
    this.list = cities;
    this.redraw();
  },

  // Keeps clear of the marks of a sheet that is drawn before this one.
  avoid(sheet) {
    this.marks = sheet;
  },

  paint(context, view) {
    const geography = this.ground.drawn();
    if (!geography) return;
    this.taken = (this.marks?.places ?? []).map(({ x, y, radius }) => {
      const [left, top] = [x - view.pixels[0], y - view.pixels[1]];
      return [left - radius, top - radius, left + radius, top + radius];
    });
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = this.colours.halo;
    context.fillStyle = this.colours.name;
    context.textBaseline = "middle";
    for (const copy of copies(view)) {
      if (view.zoom < COUNTRIES_TO) this.countries(context, view, geography, copy);
      if (view.zoom >= CITIES_FROM) this.cities(context, view, copy);
    }
  },

  countries(context, view, geography, copy) {
    context.font = `600 12px ${this.colours.font}`;
    context.textAlign = "center";
    for (const { iso, x, y, width } of geography.byWidth) {
      if (!iso) continue;
      const [left, top] = place(view, x + copy * WORLD, y);
      if (!within(view, left, top)) continue;
      const name = this.words.country(iso);
      const half = this.width(context, name) / 2;
      // A name may stand out of its country a little, not far.
      if (half * 2 > width * view.scale * 1.1) continue;
      this.put(context, name, left, top, [left - half, top - HALF, left + half, top + HALF]);
    }
  },

  cities(context, view, copy) {
    context.font = `12px ${this.colours.font}`;
    context.textAlign = "left";
    for (const [latitude, longitude, rank, names] of this.list) {
      if (rank > view.zoom - CITIES_FROM + 1) break;
      const [left, top] = place(view, across(longitude) + copy * WORLD, down(latitude));
      if (!within(view, left, top)) continue;
      const name = cityName(names, this.words.language);
      // A city under a mark is named beside the mark.
      const over = this.taken.find((box) => left > box[0] && left < box[2] && top > box[1] && top < box[3]);
      const start = over ? over[2] + APART + 1 : left + BESIDE;
      const box = [over ? start : left - 3, top - HALF, start + this.width(context, name), top + HALF];
      if (this.put(context, name, start, top, box) && !over) dot(context, left, top);
    }
  },

  width(context, name) {
    const key = `${context.font} ${name}`;
    if (!this.widths.has(key)) this.widths.set(key, context.measureText(name).width);
    return this.widths.get(key);
  },

  put(context, name, left, top, box) {
    const hits = (other) =>
      box[0] < other[2] + APART && box[2] > other[0] - APART && box[1] < other[3] + APART && box[3] > other[1] - APART;
    if (this.taken.some(hits)) return false;
    this.taken.push(box);
    context.strokeText(name, left, top);
    context.fillText(name, left, top);
    return true;
  },
});

function place(view, x, y) {
  return [(x - view.box[0]) * view.scale, (y - view.box[1]) * view.scale];
}

function within(view, left, top) {
  return left > 0 && top > 0 && left < view.width && top < view.height;
}

function dot(context, left, top) {
  context.beginPath();
  context.arc(left, top, 2, 0, 2 * Math.PI);
  context.fill();
}

// The name of a city in a language, else in English; Kyrgyz readers know the Russian names.
export function cityName(names, language) {
  return names[language] ?? (language === "ky" ? names.ru : undefined) ?? names.en;
}
