"""Which incidents are in a file, whatever kind of file it is."""

import csv
import io
import json
from collections.abc import Callable, Mapping

from tests.dataset.reading_tables import workbook_tables, zip_tables


def references(name: str, content: bytes) -> list[str]:
    """The references in a file of a kind, in its order; an incident with several acts is there several times."""
    return _READERS[name](content)


def _of_csv(content: bytes) -> list[str]:
    return [row["reference"] for row in csv.DictReader(io.StringIO(content.decode(), newline=""))]


def _of_json_lines(content: bytes) -> list[str]:
    return [json.loads(line)["reference"] for line in content.decode().split("\n")[:-1]]


_READERS: Mapping[str, Callable[[bytes], list[str]]] = {
    "csv": _of_csv,
    "acts-csv": _of_csv,
    "json": lambda content: [record["reference"] for record in json.loads(content)["incidents"]],
    "jsonl": _of_json_lines,
    "geojson": lambda content: [feature["id"] for feature in json.loads(content)["features"]],
    "xlsx": lambda content: [row["reference"] for row in workbook_tables(content)["incidents"]],
    "zip": lambda content: [row["reference"] for row in zip_tables(content)["incidents"]],
}
