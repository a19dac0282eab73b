// What a filter finds, as /map.json tells it, and the marks for a part of the map at a zoom. Up to a number of places
// come at once and are put together here, in the same cells in which the server does it for more of them. Cells do not
// overlap: the list behind a mark, which is that of its box, holds just the incidents that it counts.

import { WORLD, across, down, fetchJson } from "./geography.js";
import { CLUSTER } from "./marks.js";

const SINGLE_FROM = 15;
const MOST_REMEMBERED = 200;
const FURTHEST = 18;
// The server's clusters lie in cells of a quarter of a tile.
const CELLS = 4;

export async function find(address, query, signal) {
  const found = await fetchJson(query ? `${address}?${query}` : address, signal);
  return found.mode === "spots" ? new Spots(found) : new Clusters(found, address, query);
}

// One mark for each place, whatever groups of violations meet there.
function places({ lat, lon, metres, count, group }) {
  const merged = new Map();
  for (let at = 0; at < lat.length; at += 1) {
    const key = `${lat[at]} ${lon[at]}`;
    const there = merged.get(key);
    if (there) {
      there.count += count[at];
      // Of one point with several uncertainties the largest is true of all.
      there.metres = Math.max(there.metres, metres[at]);
      if (there.group !== group[at]) there.group = -1;
    } else {
      const box = [lon[at], lat[at], lon[at], lat[at]];
      merged.set(key, { latitude: lat[at], longitude: lon[at], count: count[at], group: group[at], metres: metres[at], box });
    }
  }
  return [...merged.values()];
}

function joined(into, from) {
  into.count += from.count;
  if (into.group !== from.group) into.group = -1;
  into.box = [
    Math.min(into.box[0], from.box[0]),
    Math.min(into.box[1], from.box[1]),
    Math.max(into.box[2], from.box[2]),
    Math.max(into.box[3], from.box[3]),
  ];
}

export class Spots {
  constructor(found) {
    this.found = found;
    this.places = places(found.spots);
    this.levels = new Map();
  }

  async marks([west, south, east, north], zoom) {
    const level = Math.max(0, Math.floor(zoom));
    const isIn = ({ latitude, longitude }) =>
      latitude >= south && latitude <= north &&
      [longitude - 360, longitude, longitude + 360].some((copy) => copy >= west && copy <= east);
    return this.at(level).filter(isIn);
  }

  at(level) {
    if (level >= SINGLE_FROM) return this.places;
    if (!this.levels.has(level)) this.levels.set(level, coarser(this.places, level));
    return this.levels.get(level);
  }

  extent() {
    return extent(this.places);
  }
}

function extent(marks) {
  if (!marks.length) return null;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { box: [west, south, east, north] } of marks) {
    box[0] = Math.min(box[0], west);
    box[1] = Math.min(box[1], south);
    box[2] = Math.max(box[2], east);
    box[3] = Math.max(box[3], north);
  }
  return box;
}

// One mark out of two that lie in the same cell, in the middle of what they stand for.
function together(one, other) {
  const count = one.count + other.count;
  const middle = (name) => (one[name] * one.count + other[name] * other.count) / count;
  const mark = { latitude: middle("latitude"), longitude: middle("longitude"), count, group: one.group, box: one.box };
  const isOnePlace = one.metres !== CLUSTER && one.box.every((edge, at) => edge === other.box[at]);
  mark.metres = isOnePlace ? Math.max(one.metres, other.metres) : CLUSTER;
  joined(mark, { count: 0, group: other.group, box: other.box });
  return mark;
}

// The same in larger cells, those of a smaller zoom, as the server would put them together.
function coarser(marks, level) {
  const cells = new Map();
  const size = WORLD / (CELLS * 2 ** level);
  for (const mark of marks) {
    const key = `${Math.floor(across(mark.longitude) / size)} ${Math.floor(down(mark.latitude) / size)}`;
    cells.set(key, cells.has(key) ? together(cells.get(key), mark) : mark);
  }
  return [...cells.values()];
}

function fromServer([latitude, longitude, count, west, south, east, north, metres, group]) {
  return { latitude, longitude, count, group, metres, box: [west, south, east, north] };
}

export class Clusters {
  constructor(found, address, query) {
    Object.assign(this, { found, address, query, remembered: new Map() });
    this.first = found.clusters.map(fromServer);
    for (let level = found.zoom ?? -1; level >= 0; level -= 1) {
      this.remembered.set(`${level} world`, Promise.resolve(coarser(this.first, level)));
    }
  }

  // The server widens a box to whole tiles; asking for whole tiles at once lets small moves be answered from memory.
  async marks(box, zoom) {
    const level = Math.max(0, Math.min(FURTHEST, Math.floor(zoom)));
    const tiles = wholeTiles(box, level);
    const key = tiles === null ? `${level} world` : `${level} ${tiles.join(" ")}`;
    if (!this.remembered.has(key)) this.remember(key, this.ask(tiles ?? [-180, -85, 180, 85], level));
    return this.remembered.get(key);
  }

  async ask(box, level) {
    const where = `box=${box.map((one) => one.toFixed(5)).join(",")}&zoom=${level}`;
    const answer = await fetchJson(`${this.address}?${this.query ? `${this.query}&` : ""}${where}`);
    return answer.clusters.map(fromServer);
  }

  remember(key, asked) {
    asked.catch(() => this.remembered.delete(key));
    if (this.remembered.size >= MOST_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value);
    this.remembered.set(key, asked);
  }

  extent() {
    return extent(this.first);
  }
}

// A box widened to tiles, [west, south, east, north] within ±180 (west > east across the antimeridian), or null for the
// whole world.
function wholeTiles([west, south, east, north], level) {
  const count = 2 ** level;
  const first = Math.floor(((west + 180) / 360) * count);
  const last = Math.ceil(((east + 180) / 360) * count);
  if (last - first >= count) return null;
  const row = (latitude) => {
    const sine = Math.sin((Math.max(-85.05, Math.min(85.05, latitude)) * Math.PI) / 180);
    return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * count;
  };
  const latitudeOf = (tile) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * tile) / count))) * 180) / Math.PI;
  const top = Math.max(0, Math.floor(row(north)));
  const bottom = Math.min(count, Math.ceil(row(south)));
  const wrapped = (tile) => (((tile % count) + count) % count) / count * 360 - 180;
  const eastern = wrapped(last);
  // A hair's breadth inside the tiles, so that rounding does not ask for their neighbours.
  const inside = 360 / count / 1000;
  return [
    wrapped(first) + inside,
    latitudeOf(bottom) + inside / 2,
    (eastern === -180 ? 180 : eastern) - inside,
    latitudeOf(top) - inside / 2,
  ];
}
