// The map of the front page, in place of the one that the server has drawn. It is an addition: whatever fails here is
// told beside the map, and the page goes on without it.

import { Filters } from "./filters.js";
import { find } from "./found.js";
import { fetchJson } from "./geography.js";
import { Marks, isCluster } from "./marks.js";
import { Months } from "./months.js";
import { Side } from "./side.js";
import { makeMap, L } from "./view.js";
import { wordsOf } from "./words.js";

// The order in which the server numbers the groups of violations.
const GROUPS = ["violence", "detention", "threats", "property", "obstruction", "other"];

const CLOSEST_FIT = 10;
const WORLD_BOX = [-170, -56, 180, 78];
// A cluster of no more than these opens as a list at once; so does one that no zoom takes apart.
const FEW = 12;
const SMALLEST_BOX = 0.002;

class MapPage {
  constructor(element) {
    this.element = element;
    this.data = element.dataset;
    this.words = wordsOf(element);
    this.cities = [];
    this.drawing = document.createElement("div");
    this.drawing.className = "map-drawing";
    this.status = document.createElement("div");
    this.status.className = "map-status";
    this.status.setAttribute("role", "status");
    this.told = document.createElement("p");
    this.told.className = "map-told";
    this.told.hidden = true;
    this.heard = document.createElement("p");
    this.heard.className = "unseen";
    this.heard.setAttribute("aria-live", "polite");
    element.append(this.drawing, this.told, this.status, this.heard);
  }

  async start() {
    this.query = this.data.query ?? "";
    const asked = find(this.data.json, this.query);
    asked.catch(() => {});
    const { words } = this;
    const label = words.say("map_label");
    Object.assign(this, makeMap(this.drawing, { data: this.data, words, groups: GROUPS, label }));
    this.marks = new Marks({ words, colours: this.colours, groups: GROUPS });
    this.ground.on("ready", () => this.list());
    this.ground.on("failed", () => this.fail(() => this.ground.prepare()));
    this.look(this.data.view);
    this.ground.addTo(this.map);
    this.marks.addTo(this.map);
    this.names.avoid(this.marks);
    this.names.addTo(this.map);
    this.side = new Side(this.sideElement(), words, this.actions(), this.data.embed ? "_blank" : "");
    if (document.getElementById("map-months")) {
      this.months = new Months(document.getElementById("map-months"), words, (from, to) => this.choosePeriod(from, to));
    }
    this.offerWhole();
    this.listen();
    await Promise.all([this.ground.prepare(), this.take(asked), this.write()]);
    this.isReady = true;
    this.list();
    this.element.classList.add("map-drawn");
  }

  // A third button beside those of the zoom, which shows all again that the filter finds.
  offerWhole() {
    const bar = this.drawing.querySelector(".leaflet-control-zoom");
    const button = L.DomUtil.create("a", "map-whole", bar);
    const named = this.words.say("whole");
    for (const [name, value] of Object.entries({ href: "#", role: "button", title: named, "aria-label": named })) {
      button.setAttribute(name, value);
    }
    L.DomEvent.disableClickPropagation(button);
    L.DomEvent.on(button, "click", (event) => {
      L.DomEvent.preventDefault(event);
      this.look(this.data.view);
    });
  }

  sideElement() {
    const there = document.getElementById("map-side");
    if (there) return there;
    const side = document.createElement("div");
    this.element.after(side);
    return side;
  }

  actions() {
    return {
      open: (mark) => this.open(mark),
      zoom: (mark) => this.zoom(mark),
      point: (mark) => this.marks.point(mark),
    };
  }

  listen() {
    this.map.on("moveend", () => this.renew());
    this.map.on("click", (event) => {
      const mark = this.marks.at(event.layerPoint);
      if (mark) this.click(mark);
    });
    this.map.on("mousemove", (event) => {
      const mark = this.marks.at(event.layerPoint);
      this.drawing.classList.toggle("map-on-mark", mark !== null);
      this.tell(mark, event.latlng.wrap());
    });
    this.map.on("mouseout", () => this.tell(null));
    if (this.data.embed) return;
    this.filters = new Filters(this.element, {
      changed: (query, page) => this.change(query, page),
      failed: (_problem, again) => this.fail(again),
    });
  }

  // Says what is under the pointer: the incidents of a mark, or those of a shaded country.
  tell(mark, place) {
    const { words } = this;
    let text = mark ? words.incidents(mark.count) : "";
    if (!mark && place && this.ground.isShaded()) {
      const iso = this.ground.drawn()?.at(place.lat, place.lng);
      const count = this.byCountry?.get(iso);
      if (count) text = `${words.country(iso)}: ${words.incidents(count)}`;
    }
    this.told.textContent = text;
    this.told.hidden = !text;
  }

  // Looks at a box "west,south,east,north", or at the world.
  look(view) {
    const box = view ? view.split(",").map(Number) : WORLD_BOX;
    const [west, south, east, north] = box.length === 4 && box.every(Number.isFinite) ? box : WORLD_BOX;
    const beyond = west > east ? east + 360 : east;
    // The box of the server's drawing fits exactly; a later step of the zoom comes back to whole numbers.
    this.map.options.zoomSnap = view ? 0 : 0.5;
    this.map.fitBounds([[south, west], [north, beyond]], { animate: false, maxZoom: CLOSEST_FIT });
    this.map.options.zoomSnap = 0.5;
  }

  async write() {
    if (!this.data.cities) return;
    try {
      this.cities = await fetchJson(this.data.cities);
      this.names.write(this.cities);
      this.list();
    } catch {
      // Without the names of cities the map is a map still.
    }
  }

  // Takes over what a filter finds.
  async take(asked) {
    // Of several filters in quick succession the last one counts, whichever answer comes last.
    this.taken = asked;
    try {
      const found = await asked;
      if (this.taken !== asked) return;
      this.found = found;
      this.status.replaceChildren();
      this.shadeCountries();
      this.months?.show(this.found.found, new URLSearchParams(this.query));
      await this.renew();
    } catch (problem) {
      if (this.taken !== asked) return;
      this.fail(() => this.take(find(this.data.json, this.query)));
    }
  }

  shadeCountries() {
    const { countries } = this.found.found;
    this.byCountry = new Map(countries);
    const most = Math.max(0, ...countries.map(([, count]) => count));
    // The same steps as in the drawing and the legend of the server: each about as many times as the last.
    const steps = [...new Set([0, 1, 2, 3].map((part) => Math.ceil(most ** (part / 4) - 1e-9)))];
    const shadeOf = (count) => steps.filter((least) => count >= least).length - 1;
    this.ground.shade(new Map(countries.map(([iso, count]) => [iso, shadeOf(count)])));
  }

  // The marks of the present view; what was drawn stays until they are there.
  async renew() {
    if (!this.found) return;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const bounds = this.map.getBounds().pad(0.25);
    const box = [bounds.getWest(), Math.max(-85, bounds.getSouth()), bounds.getEast(), Math.min(85, bounds.getNorth())];
    try {
      const marks = await this.found.marks(box, this.map.getZoom());
      if (turn !== this.turn) return;
      this.marks.show(marks);
      this.names.redraw();
      this.list();
    } catch {
      if (turn === this.turn) this.fail(() => this.renew());
    }
  }

  // The list beside the map follows when the map has been drawn; it is written once all that names places is there.
  list() {
    if (!this.isReady) return;
    clearTimeout(this.listing);
    this.listing = setTimeout(() => {
      const { geography, fine } = this.ground;
      this.side.show(this.inView(), { geography: geography ?? fine, cities: this.cities });
    }, 0);
  }

  inView() {
    const bounds = this.map.getBounds();
    const seen = ({ latitude, longitude }) =>
      [longitude - 360, longitude, longitude + 360].some((copy) => bounds.contains([latitude, copy]));
    return this.marks.marks.filter(seen);
  }

  click(mark) {
    const [west, south, east, north] = mark.box;
    const together = Math.max(east - west, north - south) < SMALLEST_BOX || this.map.getZoom() >= this.map.getMaxZoom();
    if (!isCluster(mark) || mark.count <= FEW || together) this.open(mark);
    else this.zoom(mark);
  }

  zoom(mark) {
    const [west, south, east, north] = mark.box;
    const before = this.map.getZoom();
    this.map.fitBounds([[south, west], [north, west > east ? east + 360 : east]], { animate: false, padding: [40, 40] });
    if (this.map.getZoom() <= before) this.map.setView([mark.latitude, mark.longitude], before + 1, { animate: false });
  }

  open(mark) {
    this.marks.point(mark);
    this.side.open(mark, this.addressOf(mark));
  }

  addressOf(mark) {
    const query = new URLSearchParams(this.query);
    query.set("part", "list");
    const [west, south, east, north] = mark.box;
    if (west === east && south === north) {
      query.set("lat", mark.latitude);
      query.set("lon", mark.longitude);
      return `${this.data.spot}?${query}`;
    }
    query.set("box", [west, south, east, north].join(","));
    return `${this.data.box}?${query}`;
  }

  choosePeriod(from, to) {
    const query = new URLSearchParams(this.query);
    for (const [name, value] of [["from", from], ["to", to]]) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    query.delete("after");
    if (this.filters) this.filters.go(query.toString());
    else this.change(query.toString());
  }

  // A new filter: the page around has changed already.
  async change(query, page) {
    const { words } = this;
    this.query = query;
    const there = page?.getElementById(this.element.id);
    const drawn = there?.querySelector("svg");
    if (drawn) this.element.querySelector(":scope > svg")?.replaceWith(document.adoptNode(drawn));
    if (this.side.opened) this.side.back();
    await this.take(find(this.data.json, query));
    if (this.query !== query || !this.found) return;
    this.heard.textContent = words.say("incidents_found", { incidents: words.incidents(this.found.found.counts.matching) });
    if (there?.dataset.view && !this.found.found.counts.shown) return;
    if (there?.dataset.view) this.look((this.data.view = there.dataset.view));
  }

  // Tells that something could not be had, and offers to try again.
  fail(again) {
    const told = document.createElement("p");
    told.textContent = this.words.say("failed");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.words.say("retry");
    button.addEventListener("click", () => {
      this.status.replaceChildren();
      again();
    });
    this.status.replaceChildren(told, button);
  }
}

const element = document.getElementById("map");
if (element) new MapPage(element).start();
