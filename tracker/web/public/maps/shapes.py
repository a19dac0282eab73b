"""The shapes of the marks, which tell the groups of violations apart without any colour."""

from __future__ import annotations

import math

SHAPES = {
    "violence": "circle",
    "detention": "square",
    "threats": "triangle",
    "property": "diamond",
    "obstruction": "cross",
    "other": "hexagon",
}
"""The shape of each group of violations: colour never stands alone."""


def shape_path(shape: str, x: float, y: float, size: float) -> str:
    """A shape around a point, about as large as a circle of the same size."""
    if shape == "cross":
        a, b = size * 1.05, size * 0.38
        corners = [
            (-b, -a),
            (b, -a),
            (b, -b),
            (a, -b),
            (a, b),
            (b, b),
            (b, a),
            (-b, a),
            (-b, b),
            (-a, b),
            (-a, -b),
            (-b, -b),
        ]
    else:
        sides, turn, wide = {"square": (4, 45, 1.25), "triangle": (3, 0, 1.3), "diamond": (4, 0, 1.25)}.get(
            shape, (6, 30, 1.1)
        )
        turns = [math.radians(turn + 360 * corner / sides) for corner in range(sides)]
        corners = [(math.sin(angle) * size * wide, -math.cos(angle) * size * wide) for angle in turns]
    return "M" + "L".join(f"{x + dx:.1f} {y + dy:.1f}" for dx, dy in corners) + "Z"
