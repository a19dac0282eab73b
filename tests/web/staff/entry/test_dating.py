"""Recorded dates as the form shows them."""

from datetime import date

from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates import DateProblem, IncidentDate
from tracker.dates.typed import TypedDate, read_typed
from tracker.web.staff.entry.dating import as_typed

TODAY = date(2026, 11, 22)
APP = Flask(__name__)
Babel(APP)


@given(st.dates(), st.dates(), st.sampled_from(["{}", "{}/{}", "[{}..{}]", "[..{}]", "[{}..]", "{}/.."]))
def test_a_recorded_date_is_shown_so_that_it_is_read_back_as_the_same(one: date, other: date, form: str) -> None:
    first, last = sorted((one, other))
    try:
        edtf = IncidentDate.from_edtf(form.format(first.isoformat(), last.isoformat())).edtf
    except DateProblem:
        return
    with APP.test_request_context():
        assert read_typed(as_typed(edtf), today=TODAY) == TypedDate(edtf)
