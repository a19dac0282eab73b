// The colours of the map are those of the style sheet, light or dark; a canvas has to be told them.

const NAMES = {
  land: "--map-land",
  border: "--map-border",
  name: "--map-name",
  halo: "--map-land",
  ink: "--ink",
  paper: "--paper",
};
const SHADES = 4;

export function coloursOf(element, groups) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const colours = { font: read("--sans") || "sans-serif" };
  for (const [key, name] of Object.entries(NAMES)) colours[key] = read(name);
  colours.shades = Array.from({ length: SHADES }, (_, number) => read(`--choro-${number + 1}`));
  colours.groups = groups.map((group) => read(`--g-${group}`));
  return colours;
}

// Calls back whenever the reader's light turns to dark or back.
export function onChangeOfLight(callback) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
}
