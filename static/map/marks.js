// The incidents on the map: places, areas within which a place lies, and clusters of several of them with their number.
//
// A mark is {latitude, longitude, count, group, metres, box}: `group` is the number of a group of violations or -1 for
// several, `metres` how far the place may lie from the point (-1 where nothing is said), or -2 for a cluster, `box`
// [west, south, east, north] of what is in it.

import { WORLD, across, down } from "./geography.js";
import { Sheet, copies } from "./sheet.js";
import { outline } from "./shapes.js";

export const CLUSTER = -2;

// From this many metres on a place is drawn as an area.
const ROUGH = 250;
const LEAST_RING = 9;
const METRES_AROUND = 40_075_016.7;
const REACH = 6;

export function isCluster(mark) {
  return mark.metres === CLUSTER;
}

export function isArea(mark) {
  return mark.metres > ROUGH;
}

export const Marks = Sheet.extend({
  options: { level: 2 },

  initialize({ words, colours, groups }) {
    Object.assign(this, { words, colours, groups, marks: [], places: [], pointed: null });
  },

  show(marks) {
    // What is small lies on top, so that it can be reached.
    this.marks = [...marks].sort((one, other) => this.span(other) - this.span(one));
    this.redraw();
  },

  span(mark) {
    return isArea(mark) ? mark.metres + 1e6 : mark.count;
  },

  point(mark) {
    if (this.pointed === mark) return;
    this.pointed = mark;
    this.redraw();
  },

  paint(context, view) {
    this.places = [];
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const copy of copies(view)) {
      for (const mark of this.marks) this.paintMark(context, view, mark, copy);
    }
  },

  paintMark(context, view, mark, copy) {
    const x = (across(mark.longitude) + copy * WORLD - view.box[0]) * view.scale;
    const y = (down(mark.latitude) - view.box[1]) * view.scale;
    const trueSize = isArea(mark) ? this.pixels(mark, view) : 0;
    const edge = Math.max(40, trueSize);
    if (x < -edge || y < -edge || x > view.width + edge || y > view.height + edge) return;
    let radius = this.radius(mark);
    if (isCluster(mark)) this.cluster(context, mark, x, y, radius);
    else if (isArea(mark)) radius = this.area(context, mark, x, y, trueSize);
    else this.spot(context, mark, x, y, radius);
    if (mark === this.pointed) this.ring(context, x, y, radius + 5);
    this.places.push({ mark, x: x + view.pixels[0], y: y + view.pixels[1], radius });
  },

  // How many pixels the uncertainty of a place takes, at its latitude.
  pixels(mark, view) {
    return (mark.metres * view.scale * WORLD) / (METRES_AROUND * Math.cos((mark.latitude * Math.PI) / 180));
  },

  radius(mark) {
    if (mark.count === 1) return 7.5;
    return Math.min(26, 9 + Math.log10(mark.count) * 5);
  },

  colour(mark) {
    return this.colours.groups[mark.group] ?? this.colours.ink;
  },

  cluster(context, mark, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = this.colours.paper;
    context.fill();
    context.lineWidth = 2.5;
    context.strokeStyle = this.colour(mark);
    context.stroke();
    this.number(context, mark, x, y, this.colours.ink);
  },

  area(context, mark, x, y, trueSize) {
    const radius = Math.max(trueSize, LEAST_RING, mark.count > 1 ? this.radius(mark) : 0);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.globalAlpha = 0.2;
    context.fillStyle = this.colour(mark);
    context.fill();
    context.globalAlpha = 1;
    context.setLineDash([4, 3]);
    context.lineWidth = 3.5;
    context.strokeStyle = this.colours.paper;
    context.stroke();
    context.lineWidth = 1.75;
    context.strokeStyle = this.colour(mark);
    context.stroke();
    context.setLineDash([]);
    if (mark.count > 1) this.number(context, mark, x, y, this.colours.ink, this.colours.paper);
    return radius;
  },

  spot(context, mark, x, y, radius) {
    outline(context, this.groups[mark.group], x, y, radius);
    context.lineWidth = 3;
    context.strokeStyle = this.colours.paper;
    context.stroke();
    context.fillStyle = this.colour(mark);
    context.fill();
    // Some shapes are narrower than their number.
    if (mark.count > 1) this.number(context, mark, x, y, this.colours.paper, this.colour(mark));
  },

  number(context, mark, x, y, colour, halo) {
    context.font = `600 ${mark.count < 1000 ? 12 : 11}px ${this.colours.font}`;
    const text = this.words.number(mark.count);
    if (halo) {
      context.lineWidth = 3;
      context.strokeStyle = halo;
      context.strokeText(text, x, y + 0.5);
    }
    context.fillStyle = colour;
    context.fillText(text, x, y + 0.5);
  },

  ring(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = 3;
    context.strokeStyle = this.colours.ink;
    context.stroke();
  },

  // The mark at a point of the map, the topmost first; small ones are given a little more room than they take.
  at(layerPoint) {
    const point = layerPoint.add(this.map.getPixelOrigin());
    for (let number = this.places.length - 1; number >= 0; number -= 1) {
      const { mark, x, y, radius } = this.places[number];
      const reach = Math.max(radius, 9) + REACH;
      if ((point.x - x) ** 2 + (point.y - y) ** 2 <= reach ** 2) return mark;
    }
    return null;
  },
});
