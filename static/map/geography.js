// The base map as it is stored: countries, each with its code, the place of its label and its polygons, in steps of a
// fraction of a degree from point to point. Here they become paths on a square world of 256 by 256 (Web Mercator).

export const WORLD = 256;
const LIMIT = 85.0511287798;

export function across(longitude) {
  return ((longitude + 180) / 360) * WORLD;
}

export function down(latitude) {
  const sine = Math.sin((Math.max(-LIMIT, Math.min(LIMIT, latitude)) * Math.PI) / 180);
  return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
}

// Adds one closed line to a path, widens the box by it, and says nothing.
function trace(ring, step, path, box) {
  let longitude = 0;
  let latitude = 0;
  for (let at = 0; at < ring.length; at += 2) {
    longitude += ring[at];
    latitude += ring[at + 1];
    const x = across(longitude * step);
    const y = down(latitude * step);
    if (at) path.lineTo(x, y);
    else path.moveTo(x, y);
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  path.closePath();
}

function partOf(polygon, step) {
  const part = { path: new Path2D(), box: [Infinity, Infinity, -Infinity, -Infinity] };
  for (const ring of polygon) trace(ring, step, part.path, part.box);
  return part;
}

function countryOf([iso, [longitude, latitude], polygons], step) {
  const parts = polygons.map((polygon) => partOf(polygon, step));
  // The polygons are sorted by size, and a name may be as wide as the first.
  return { iso, x: across(longitude), y: down(latitude), width: parts[0].box[2] - parts[0].box[0], parts };
}

export function overlap(one, other) {
  return one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1];
}

// For so long at a time paths are made, in milliseconds: keys and fingers need not wait for the rest, and go first.
const TURN = 8;
const PATIENCE = 60;

function pause() {
  return new Promise((goOn) => {
    if (window.requestIdleCallback) requestIdleCallback(goOn, { timeout: PATIENCE });
    else setTimeout(goOn);
  });
}

export class Geography {
  // The base map as it was stored, made into paths bit by bit.
  static async of({ step, countries }) {
    const made = [];
    let began = performance.now();
    for (const stored of countries) {
      if (performance.now() - began > TURN) {
        await pause();
        began = performance.now();
      }
      made.push(countryOf(stored, step));
    }
    return new Geography(made);
  }

  constructor(countries) {
    this.countries = countries;
    this.byWidth = [...this.countries].sort((one, other) => other.width - one.width);
    this.paper = document.createElement("canvas").getContext("2d");
  }

  // The code of the country at a place, or nothing at sea.
  at(latitude, longitude) {
    const x = across(longitude);
    const y = down(latitude);
    const point = [x, y, x, y];
    const holds = ({ box, path }) =>
      box[0] <= point[0] && box[2] >= point[0] && box[1] <= point[1] && box[3] >= point[1] &&
      this.paper.isPointInPath(path, x, y, "evenodd");
    return this.countries.find((country) => country.parts.some(holds))?.iso ?? null;
  }
}

const loaded = new Map();

// The base map at an address, read once. What fails is forgotten, so that it is asked for again.
export function load(address) {
  if (!loaded.has(address)) {
    const asked = fetchJson(address).then(Geography.of);
    asked.catch(() => loaded.delete(address));
    loaded.set(address, asked);
  }
  return loaded.get(address);
}

export async function fetchJson(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}
