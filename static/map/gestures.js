// Keys, wheel and fingers. One finger and the plain wheel scroll the page; two fingers, or the wheel with a key held,
// move the map, and whoever tries the other way is told so.

const STEP = 120;
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const ZOOMS = { "+": 1, "=": 1, "-": -1, _: -1 };
const SHOWN_FOR = 1600;

export function behave(map, words) {
  const element = map.getContainer();
  const hint = document.createElement("p");
  hint.className = "map-hint";
  hint.hidden = true;
  element.append(hint);
  let timer = 0;
  const tell = (text) => {
    hint.textContent = text;
    hint.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => { hint.hidden = true; }, SHOWN_FOR);
  };
  keys(map, element);
  wheel(map, element, () => tell(words.say("scroll_hint", { key: heldKey() })));
  fingers(map, element, () => tell(words.say("two_fingers")));
}

function keys(map, element) {
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in MOVES) map.panBy(MOVES[event.key], { animate: false });
    else if (event.key in ZOOMS) map.setZoom(map.getZoom() + ZOOMS[event.key]);
    else return;
    event.preventDefault();
  });
}

function heldKey() {
  return /Mac|iP(hone|ad|od)/.test(navigator.platform) ? "⌘" : "Ctrl";
}

function wheel(map, element, tell) {
  let turned = 0;
  element.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return tell();
      event.preventDefault();
      turned -= event.deltaY * (event.deltaMode === 1 ? 20 : 1);
      // A notch of a wheel is about a hundred; a pinch on a touch pad comes in small pieces.
      const steps = Math.trunc(turned / 40) * 0.5;
      if (!steps) return undefined;
      turned = 0;
      map.setZoomAround(map.mouseEventToContainerPoint(event), map.getZoom() + Math.sign(steps) * Math.min(1, Math.abs(steps)));
      return undefined;
    },
    { passive: false },
  );
}

function fingers(map, element, tell) {
  // Leaflet's own drag takes one finger away from the page; a mouse or a pen has no page to scroll with it.
  if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
  element.addEventListener("touchmove", (event) => event.touches.length === 1 && tell(), { passive: true });
}
