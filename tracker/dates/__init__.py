"""Dates as sources give them: read, printed, said in words, and compared with periods."""

from tracker.dates.edtf import DateProblem
from tracker.dates.incident_date import BASES, PARTS_OF_DAY, IncidentDate
from tracker.dates.words import date_words, period_words

__all__ = ["BASES", "PARTS_OF_DAY", "DateProblem", "IncidentDate", "date_words", "period_words"]
