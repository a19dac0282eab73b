// How incidents are drawn: a shape and a colour for each group of violations, so that neither has to be told by colour
// alone. The order and the shapes are those of the map that the server draws.

const TURN = Math.PI * 2;

function polygon(corners, start) {
  return (context, x, y, radius) => {
    for (let corner = 0; corner < corners; corner += 1) {
      const angle = start + (corner / corners) * TURN;
      context.lineTo(x + Math.cos(angle) * radius, y + Math.sin(angle) * radius);
    }
  };
}

function circle(context, x, y, radius) {
  context.arc(x, y, radius * 0.92, 0, TURN);
}

function square(context, x, y, radius) {
  const half = radius * 0.82;
  context.rect(x - half, y - half, half * 2, half * 2);
}

function cross(context, x, y, radius) {
  const arm = radius * 0.4;
  const points = [[-arm, -radius], [arm, -radius], [arm, -arm], [radius, -arm], [radius, arm], [arm, arm], [arm, radius],
    [-arm, radius], [-arm, arm], [-radius, arm], [-radius, -arm], [-arm, -arm]];
  for (const [right, below] of points) context.lineTo(x + right, y + below);
}

const triangle = (context, x, y, radius) => polygon(3, -TURN / 4)(context, x, y + radius * 0.18, radius * 1.14);
const diamond = (context, x, y, radius) => polygon(4, 0)(context, x, y, radius * 1.1);
const hexagon = polygon(6, 0);

const SHAPES = {
  violence: circle,
  detention: square,
  threats: triangle,
  property: diamond,
  obstruction: cross,
  other: hexagon,
};

// The outline of a group's shape, ready to be filled; several groups together, and unknown ones, are circles.
export function outline(context, group, x, y, radius) {
  context.beginPath();
  (SHAPES[group] ?? circle)(context, x, y, radius);
  context.closePath();
}
