// The map that pages and forms have in common: Leaflet on canvas with our ground, told how to behave towards keyboards,
// wheels and fingers. It never keeps a reader who only wants to scroll past.

import "../vendor/leaflet/leaflet.js";
import { coloursOf, onChangeOfLight } from "./colours.js";
import { Ground } from "./ground.js";
import { behave } from "./gestures.js";
import { Names } from "./names.js";

const L = window.L;
const FURTHEST = 16;

// Makes a map in an element, and the sheets that its owner puts on it once it looks somewhere. `data` has the addresses
// of the base map (base, baseNear) as the page names them.
export function makeMap(element, { data, words, groups = [], label }) {
  const map = L.map(element, {
    attributionControl: false,
    fadeAnimation: false,
    inertia: false,
    keyboard: false,
    markerZoomAnimation: false,
    maxZoom: FURTHEST,
    minZoom: 0.5,
    scrollWheelZoom: false,
    worldCopyJump: true,
    zoomAnimation: false,
    zoomControl: false,
    zoomSnap: 0.5,
    maxBounds: [[-85, -Infinity], [85, Infinity]],
    maxBoundsViscosity: 1,
  });
  const zoom = L.control.zoom({ zoomInTitle: words.say("zoom_in"), zoomOutTitle: words.say("zoom_out") });
  zoom.addTo(map);
  map.scale = L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  element.tabIndex = 0;
  element.setAttribute("role", "application");
  element.setAttribute("aria-label", label);
  const colours = coloursOf(element, groups);
  const ground = new Ground({ base: data.base, near: data.baseNear ?? data.base, colours });
  const names = new Names({ words, colours, ground });
  onChangeOfLight(() => {
    Object.assign(colours, coloursOf(element, groups));
    map.eachLayer((layer) => layer.redraw?.());
  });
  // One finger scrolls past, and costs nobody a download; all else on the map may be the beginning of a zoom.
  const touched = ({ pointerType, touches }) => {
    if (pointerType !== "touch" && touches?.length !== 1) ground.foresee();
  };
  for (const sign of ["pointerenter", "focusin", "touchstart"]) {
    element.addEventListener(sign, touched, { passive: true });
  }
  behave(map, words);
  return { map, ground, names, colours };
}

export { L };
