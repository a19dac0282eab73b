"""Reads the CSV files back exactly: what the data page and the ZIP file print as it stands, and the tests run."""

import csv
import re
from collections.abc import Iterator


def undo(cell: str) -> str:
    """The text of a cell without the apostrophe that guards it."""
    return cell.removeprefix("'")


def entries(cell: str) -> list[str]:
    r"""The entries of a list in such a text."""
    found = [""]
    for escaped, bar, plain in re.findall(r"\\(.)|(\|)|([^\\|]+)", cell, re.DOTALL):
        if bar:
            found.append("")
        else:
            found[-1] += escaped + plain
    return found if cell else []


def rows(path: str) -> Iterator[dict[str, str]]:
    """The rows of a file, each cell as it was before."""
    csv.field_size_limit(2**31 - 1)
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {name: undo(cell) for name, cell in row.items()}
