// Where a mark is, in words: its country and the nearest city that the map knows, or its coordinates.

import { cityName } from "./names.js";

const NEAR_ENOUGH = 150;
const KILOMETRES = 111.2;
// Clusters wider than this many degrees are told by their middle, and that they reach beyond it.
const WIDE = 1.5;

function kilometres(mark, [latitude, longitude]) {
  const wide = Math.abs(mark.longitude - longitude);
  const east = Math.min(wide, 360 - wide) * Math.cos((mark.latitude * Math.PI) / 180);
  return Math.hypot(mark.latitude - latitude, east) * KILOMETRES;
}

function nearest(mark, cities) {
  let found = null;
  let least = NEAR_ENOUGH;
  for (const city of cities) {
    if (Math.abs(city[0] - mark.latitude) > NEAR_ENOUGH / KILOMETRES) continue;
    const away = kilometres(mark, city);
    if (away < least) [found, least] = [city, away];
  }
  return found;
}

export function whereabouts(mark, { geography, cities, words }) {
  const place = middle(mark, { geography, cities, words });
  const [west, south, east, north] = mark.box;
  return Math.max(north - south, Math.abs(east - west)) > WIDE ? words.say("around", { place }) : place;
}

function middle(mark, { geography, cities, words }) {
  const iso = geography?.at(mark.latitude, mark.longitude);
  const country = iso ? words.country(iso) : "";
  const city = nearest(mark, cities);
  if (city) return country ? words.say("near", { country, city: cityName(city[3], words.language) }) : cityName(city[3], words.language);
  const [latitude, longitude] = [words.degrees(mark.latitude), words.degrees(mark.longitude)];
  return country ? words.say("at", { country, latitude, longitude }) : `${latitude}, ${longitude}`;
}
