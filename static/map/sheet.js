// A sheet of canvas that lies on a Leaflet map, somewhat larger than what is seen of it, and is drawn anew when the
// map has moved. What is on it is the matter of those who extend it: `paint(context, view)`.

import "../vendor/leaflet/leaflet.js";
import { WORLD } from "./geography.js";

const L = window.L;

// What is drawn beyond each edge, as a share of the map, so that a drag does not show blank paper at once.
const MARGIN = 0.25;

export const Sheet = L.Layer.extend({
  options: { level: 1 },

  onAdd(map) {
    this.map = map;
    this.canvas = L.DomUtil.create("canvas", "map-sheet", this.getPane());
    this.canvas.style.zIndex = String(this.options.level);
    this.canvas.setAttribute("aria-hidden", "true");
    this.context = this.canvas.getContext("2d");
    this.redraw();
  },

  onRemove(map) {
    this.canvas.remove();
    this.map = null;
    map.sheetsDue?.delete(this);
  },

  getEvents() {
    return { viewreset: this.redraw, zoomend: this.redraw, moveend: this.redraw, move: this.follow, resize: this.redraw };
  },

  // A long drag leaves the sheet before it ends.
  follow() {
    if (!this.view || !liesIn(this.frame(0), this.view.pixels)) this.redraw();
  },

  // A move of the map makes several calls of this; all sheets are drawn once, the lowest first, before the next frame.
  redraw() {
    const { map } = this;
    if (!map) return;
    map.sheetsDue ??= new Set();
    if (!map.sheetsDue.size) requestAnimationFrame(() => drawAll(map.sheetsDue));
    map.sheetsDue.add(this);
  },

  // The part of the world, in pixels at the zoom of the map, that the map shows, with a margin.
  frame(margin) {
    const size = this.map.getSize();
    const { min, max } = this.map.getPixelBounds();
    const [wide, high] = [Math.round(size.x * margin), Math.round(size.y * margin)];
    return [min.x - wide, min.y - high, max.x + wide, max.y + high];
  },

  draw() {
    const pixels = this.frame(MARGIN);
    const [width, height] = [pixels[2] - pixels[0], pixels[3] - pixels[1]];
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const scale = this.map.getZoomScale(this.map.getZoom(), 0) * (256 / WORLD);
    this.view = { pixels, width, height, ratio, scale, zoom: this.map.getZoom(), box: pixels.map((one) => one / scale) };
    this.fit(width, height, ratio);
    L.DomUtil.setPosition(this.canvas, L.point(pixels[0], pixels[1]).subtract(this.map.getPixelOrigin()));
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, width, height);
    this.paint(this.context, this.view);
  },

  fit(width, height, ratio) {
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width === wide && this.canvas.height === high) return;
    this.canvas.width = wide;
    this.canvas.height = high;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  },

  paint() {},
});

function drawAll(due) {
  const sheets = [...due].sort((one, other) => one.options.level - other.options.level);
  due.clear();
  for (const sheet of sheets) if (sheet.map) sheet.draw();
}

function liesIn(inner, outer) {
  return inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];
}

// The copies of the world that a view shows, by their number: the world itself is 0, the one east of it 1.
export function copies(view) {
  const shown = [];
  for (let copy = Math.floor(view.box[0] / WORLD); copy * WORLD < view.box[2]; copy += 1) shown.push(copy);
  return shown;
}

export function inCopy(box, copy) {
  return [box[0] - copy * WORLD, box[1], box[2] - copy * WORLD, box[3]];
}
