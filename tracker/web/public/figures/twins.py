"""The files of a summary: CSV, JSON, XLSX and its chart as a picture, under the query of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, render_template

from tracker.dataset import statistics
from tracker.dataset.editions import dataset_version
from tracker.dataset.exports import ExportMeta
from tracker.dataset.statistics.labels import Names, names_in
from tracker.web.headers import unless_known
from tracker.web.public.answers import describe, svg_answer
from tracker.web.public.asking import pairs
from tracker.web.public.context import reading

if TYPE_CHECKING:
    from tracker.dataset.statistics.table import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked() -> tuple[Table, Names, ExportMeta]:
    """The table that is asked for, the names in it, and where it comes from."""
    from tracker.dataset.statistics.writing import table_meta

    question, wanted = statistics.parse(pairs())
    with reading() as session:
        unless_known(dataset_version(session, wanted))
        table = statistics.summary(session, wanted, question)
        return table, names_in(session, table), table_meta(session, table)


def summary_csv() -> Response:
    """The cells in long form, one to a line."""
    from tracker.dataset.statistics.writing import csv_text

    table, names, meta = _asked()
    response = Response(csv_text(table, names), content_type="text/csv; charset=utf-8; header=present")
    return _file(response, meta, "csv")


def summary_json() -> Response:
    """The same with totals, overlaps and notes."""
    from tracker.dataset.statistics.writing import json_text

    table, names, meta = _asked()
    response = Response(json_text(table, names, meta), mimetype="application/json")
    describe(response, meta)
    return response


def summary_xlsx() -> Response:
    """The same as a workbook."""
    from tracker.dataset.statistics.writing import xlsx_bytes

    table, names, meta = _asked()
    return _file(Response(xlsx_bytes(table, names, meta), mimetype=XLSX), meta, "xlsx")


def summary_svg() -> Response:
    """The chart as a picture that stands alone, with its title and its source."""
    from tracker.web.public.figures.shown import chart_of

    table, names, meta = _asked()
    chart = chart_of(table, names, meta.filter, headed=True)
    return svg_answer(render_template("public/figures/chart.svg", chart=chart), meta)


def _file(response: Response, meta: ExportMeta, ending: str) -> Response:
    describe(response, meta)
    filename = f"summary-{meta.unit}-v{meta.dataset_version}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
