"""A table as files: CSV and XLSX in long form, one cell of the table to a line, and JSON with everything beside it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import xlsxwriter
from sqlalchemy.orm import Session

from tracker.dataset.exports.meta import ExportMeta, describe
from tracker.dataset.flatten import to_line
from tracker.dataset.statistics.labels import UNDATED, Names, label
from tracker.dataset.statistics.notes import notes
from tracker.dataset.statistics.question import Level
from tracker.db import canonical_json
from tracker.text import guard

if TYPE_CHECKING:
    from tracker.dataset.statistics.table import Count, Table

COLUMNS = (
    "unit",
    "measure",
    "by",
    "row",
    "row_label",
    "then",
    "column",
    "column_label",
    "possible",
    "certain",
)
"""The columns of the long form; `docs/figures.md` says what each of them holds."""

_TEXTS = frozenset({"row", "row_label", "column", "column_label"})
Line = dict[str, Any]


def lines(table: Table, names: Names) -> Iterator[Line]:
    """The cells of a table in long form, those without a date under the key `undated`."""
    by, then = table.question.by, table.question.then
    labels = {key: label(by, key, names) for key in (*table.rows, UNDATED)}
    others = {key: label(then, key, names) for key in (*table.columns, UNDATED)} if then else {}
    for row, column, counts in _cells(table):
        for measure, counted in zip(table.measures, counts, strict=True):
            yield {
                "unit": table.question.unit.value,
                "measure": measure or table.question.unit.value,
                "by": by.name,
                "row": row,
                "row_label": labels[row],
                "then": then.name if then else "",
                "column": column or "",
                "column_label": others[column] if column else "",
                "possible": counted.possible,
                "certain": counted.certain,
            }


def _cells(table: Table) -> Iterator[tuple[str, str | None, tuple[Count, ...]]]:
    for cell in table.iterate():
        yield cell.row, cell.column, cell.counts
    if table.undated is None:
        return
    if table.undated_cells is None:
        yield UNDATED, UNDATED if table.question.then else None, table.at(table.undated)
    elif table.question.by.level is Level.PERIOD:
        for place, key in enumerate(table.columns):
            yield UNDATED, key, table.at(table.undated_cells, place)
    else:
        for place, key in enumerate(table.rows):
            yield key, UNDATED, table.at(table.undated_cells, place)


def table_meta(session: Session, table: Table) -> ExportMeta:
    """Where a table comes from, as every file says it; the rows are the lines of its long form."""
    count = sum(1 for _ in _cells(table)) * len(table.measures)
    meta = describe(session, table.wanted, table.edition, count)
    return replace(meta, unit=table.question.unit.value, query=table.question.query_string(table.wanted))


def csv_text(table: Table, names: Names) -> str:
    """The long form as CSV; texts are guarded as in every CSV file."""
    made = [to_line(COLUMNS)]
    for line in lines(table, names):
        made.append(to_line([guard(line[name]) if name in _TEXTS else str(line[name]) for name in COLUMNS]))
    return "".join(made)


def json_text(table: Table, names: Names, meta: ExportMeta) -> str:
    """The long form as JSON, with totals, overlaps and notes."""
    question = table.question
    content = {
        "meta": meta.as_dict() | {"by": question.by.name, "then": question.then.name if question.then else None},
        "total": _measured(table, table.at(table.total)),
        "sum_of_rows": _measured(table, table.sums()),
        "overlapping": table.overlaps(),
        "undated": _measured(table, table.at(table.undated)) if table.undated is not None else None,
        "without_act": table.without_act,
        "row_totals": [
            {"row": key, **_measured(table, table.at(table.of_rows, place))} for place, key in enumerate(table.rows)
        ],
        "column_totals": [
            {"column": key, **_measured(table, table.at(table.of_columns, place))}
            for place, key in enumerate(table.columns)
            if table.of_columns is not None
        ],
        "notes": [str(note) for note in notes(table)],
        "cells": [
            {name: line[name] for name in COLUMNS if name not in ("unit", "by", "then")} for line in lines(table, names)
        ],
    }
    return canonical_json(content) + "\n"


def _measured(table: Table, counts: tuple[Count, ...]) -> dict[str, dict[str, int]]:
    return {
        measure or table.question.unit.value: {"possible": counted.possible, "certain": counted.certain}
        for measure, counted in zip(table.measures, counts, strict=True)
    }


def xlsx_bytes(table: Table, names: Names, meta: ExportMeta) -> bytes:
    """The long form as a workbook, with a second sheet that says where it comes from."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("summary")
        sheet.write_row(0, 0, COLUMNS, bold)
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(lines(table, names), start=1):
            for column, name in enumerate(COLUMNS):
                write = sheet.write_number if isinstance(line[name], int) else sheet.write_string
                write(number, column, line[name])
        sheet.autofilter(0, 0, max(number_of_rows(table), 1), len(COLUMNS) - 1)
        about = book.add_worksheet("about")
        about.set_column(0, 0, 20)
        about.set_column(1, 1, 100)
        for number, (name, value) in enumerate(_about(table, meta)):
            about.write_string(number, 0, name, bold)
            about.write_string(number, 1, value)
        # Without it the file would differ with each second in which it is made.
        if table.edition.published_at is not None:
            book.set_properties({"created": table.edition.published_at.replace(tzinfo=None)})
    return buffer.getvalue()


def number_of_rows(table: Table) -> int:
    """How many lines the long form has."""
    return sum(1 for _ in _cells(table)) * len(table.measures)


def _about(table: Table, meta: ExportMeta) -> Iterator[tuple[str, str]]:
    for name, value in meta.as_dict().items():
        if value is not None and name != "next":
            yield name, "; ".join(value) if isinstance(value, list) else str(value)
    for note in notes(table):
        yield "note", str(note)
