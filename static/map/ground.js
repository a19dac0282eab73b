// The ground of the map: land and borders, and, while the whole world is in view, the number of incidents by country as
// a shade.

import { load, overlap } from "./geography.js";
import { Sheet, copies, inCopy } from "./sheet.js";

// From these zooms on the finer file is used, and shades give way to single places.
const NEAR = 4;
const UNSHADED = 4.5;

export const Ground = Sheet.extend({
  initialize({ base, near, colours }) {
    Object.assign(this, { base, near, colours, shades: new Map() });
    this.geography = null;
    this.fine = null;
  },

  // Fetches what the present zoom needs, and draws it; the coarse file serves until the fine one is there.
  async prepare() {
    const wanted = this.map.getZoom() >= NEAR ? this.near : this.base;
    if (this.asked === wanted) return;
    this.asked = wanted;
    try {
      const geography = await load(wanted);
      if (wanted === this.near) this.fine = geography;
      else this.geography = geography;
      this.redraw();
      this.fire("ready");
    } catch {
      this.asked = null;
      this.fire("failed");
    }
  },

  // Somebody is about to touch the map: what a zoom will need is fetched while they make up their mind.
  foresee() {
    load(this.near).then((geography) => { this.fine = geography; }, () => {});
  },

  getEvents() {
    return { ...Sheet.prototype.getEvents.call(this), zoomend: this.prepareAndDraw };
  },

  prepareAndDraw() {
    this.prepare();
    this.redraw();
  },

  // Shades by country: `shades` maps a country's code to the number of its shade.
  shade(shades) {
    this.shades = shades;
    this.redraw();
  },

  isShaded() {
    return this.map.getZoom() < UNSHADED;
  },

  // The geography that serves the present zoom, as far as it is there.
  drawn() {
    return this.map.getZoom() >= NEAR ? this.fine ?? this.geography : this.geography ?? this.fine;
  },

  paint(context, view) {
    const geography = this.drawn();
    if (!geography) return;
    for (const copy of copies(view)) this.paintWorld(context, view, geography, copy);
  },

  paintWorld(context, view, geography, copy) {
    const box = inCopy(view.box, copy);
    const zoom = view.scale * view.ratio;
    context.save();
    context.setTransform(zoom, 0, 0, zoom, -box[0] * zoom, -box[1] * zoom);
    context.lineWidth = (view.zoom < NEAR ? 0.8 : 1.2) / view.scale;
    context.lineJoin = "round";
    context.strokeStyle = this.colours.border;
    for (const country of geography.countries) this.paintCountry(context, country, box, this.isShaded());
    context.restore();
  },

  paintCountry(context, country, box, shaded) {
    const shade = shaded ? this.shades.get(country.iso) : undefined;
    context.fillStyle = shade === undefined ? this.colours.land : this.colours.shades[shade];
    for (const part of country.parts) {
      if (!overlap(part.box, box)) continue;
      context.fill(part.path, "evenodd");
      context.stroke(part.path);
    }
  },
});
