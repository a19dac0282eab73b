"""A QR code as the path of a drawing, made here, so that the key of a generator reaches nobody else."""

from dataclasses import dataclass

import segno

QUIET = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A square drawing: its side in squares, and the path of the dark ones."""

    side: int
    path: str


def draw(text: str) -> Picture:
    """The QR code of a text, with the quiet border that readers need."""
    rows = [bytearray(row) for row in segno.make(text, error="m", micro=False).matrix]
    path = "".join(
        f"M{column + QUIET} {line + QUIET}h1v1h-1z"
        for line, row in enumerate(rows)
        for column, dark in enumerate(row)
        if dark
    )
    return Picture(len(rows) + 2 * QUIET, path)
