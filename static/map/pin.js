// A small map with one pin, for a form: the pin is dragged, or moved by the arrow keys once it has the focus, and beside
// it stands the area that the public will be shown.
//
//   import { pinMap } from "/static/map/pin.js";
//   const pin = pinMap(element, {
//     latitude, longitude,              // degrees, or null where there is no pin yet
//     circle: { latitude, longitude, metres },  // what the public is shown, or null
//     texts: { pin, map, zoom_in, zoom_out, scroll_hint, two_fingers, countries },  // words of the page's language
//     language: "en",
//     onMove: ({ latitude, longitude }) => {},  // after a person has moved or set the pin; five decimals
//     onChoose: (number) => {},         // a person has chosen one of the candidates
//   });
//   pin.move(latitude, longitude)       // sets the pin and looks at it; nulls take it away; calls nothing back
//   pin.show({ latitude, longitude, metres })  // the area of the public, or null
//   pin.offer([{ latitude, longitude, label }, …])  // candidates, numbered from 1; [] takes them away
//   pin.look()                          // looks at all that there is; call it when the element has come into view
//   pin.remove()
//
// The element has the addresses of the base map: data-base, data-base-near and, if there are names, data-cities.

import { fetchJson } from "./geography.js";
import { Marks } from "./marks.js";
import { makeMap, L } from "./view.js";
import { Words } from "./words.js";

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SMALL_STEP = 2;
const LARGE_STEP = 20;
const NEAR = 11;
const WORLD_BOX = [[-50, -160], [75, 175]];

function rounded(place) {
  const { lat, lng } = place.wrap();
  return { latitude: Number(lat.toFixed(5)), longitude: Number(lng.toFixed(5)) };
}

class PinMap {
  constructor(element, { latitude, longitude, circle, texts, language, onMove, onChoose }) {
    this.words = new Words(texts ?? {}, language ?? document.documentElement.lang);
    this.onMove = onMove ?? (() => {});
    this.onChoose = onChoose ?? (() => {});
    this.offered = [];
    element.classList.add("map-drawing", "map-pinning");
    const label = this.words.say("map");
    Object.assign(this, makeMap(element, { data: element.dataset, words: this.words, label }));
    this.map.fitBounds(WORLD_BOX, { animate: false });
    this.public = new Marks({ words: this.words, colours: this.colours, groups: [] });
    this.ground.addTo(this.map);
    this.public.addTo(this.map);
    this.names.addTo(this.map);
    this.map.on("click", (event) => this.set(event.latlng));
    this.ground.prepare();
    if (element.dataset.cities) fetchJson(element.dataset.cities).then((cities) => this.names.write(cities), () => {});
    this.show(circle ?? null);
    this.move(latitude ?? null, longitude ?? null);
  }

  // Puts the pin where a person wants it, and tells.
  set(place) {
    this.place(place);
    this.onMove(rounded(place));
  }

  place(place) {
    if (this.pin) this.pin.setLatLng(place);
    else this.makePin(place);
  }

  makePin(place) {
    const icon = L.divIcon({ className: "map-pin", iconSize: [26, 34], iconAnchor: [13, 34] });
    const named = this.words.say("pin");
    this.pin = L.marker(place, { icon, draggable: true, keyboard: true, title: named, alt: named, autoPan: true });
    this.pin.addTo(this.map);
    const element = this.pin.getElement();
    element.setAttribute("aria-label", named);
    element.addEventListener("keydown", (event) => this.pressed(event));
    this.pin.on("dragend", () => this.onMove(rounded(this.pin.getLatLng())));
  }

  pressed(event) {
    if (!(event.key in MOVES)) return;
    event.preventDefault();
    event.stopPropagation();
    const step = L.point(MOVES[event.key]).multiplyBy(event.shiftKey ? LARGE_STEP : SMALL_STEP);
    const there = this.map.latLngToContainerPoint(this.pin.getLatLng()).add(step);
    this.set(this.map.containerPointToLatLng(there));
    this.map.panInside(this.pin.getLatLng(), { padding: [40, 40], animate: false });
  }

  move(latitude, longitude) {
    if (latitude === null || longitude === null) {
      this.pin?.remove();
      this.pin = null;
    } else {
      this.place(L.latLng(latitude, longitude));
    }
    this.look();
  }

  show(circle) {
    this.circle = circle;
    this.public.show(circle ? [{ ...circle, count: 1, group: -1, box: [] }] : []);
  }

  offer(candidates) {
    for (const marker of this.offered) marker.remove();
    this.offered = candidates
      .map(({ latitude, longitude, label }, number) => latitude !== null && this.candidate(latitude, longitude, label, number))
      .filter(Boolean);
    this.look();
  }

  candidate(latitude, longitude, label, number) {
    const icon = L.divIcon({ className: "map-candidate", html: String(number + 1), iconSize: [28, 28] });
    const marker = L.marker([latitude, longitude], { icon, title: label, alt: label, zIndexOffset: -1000 });
    marker.addTo(this.map).on("click", () => this.onChoose(number));
    marker.getElement().setAttribute("aria-label", `${number + 1}. ${label}`);
    return marker;
  }

  look() {
    this.map.invalidateSize({ animate: false, pan: false });
    const bounds = L.latLngBounds([]);
    if (this.pin) bounds.extend(this.pin.getLatLng());
    for (const marker of this.offered) bounds.extend(marker.getLatLng());
    if (this.circle?.metres > 0) {
      bounds.extend(L.latLng(this.circle.latitude, this.circle.longitude).toBounds(this.circle.metres * 2));
    }
    if (bounds.isValid()) this.map.fitBounds(bounds, { animate: false, maxZoom: NEAR, padding: [30, 40] });
  }

  remove() {
    this.map.remove();
  }
}

export function pinMap(element, options) {
  return new PinMap(element, options);
}
