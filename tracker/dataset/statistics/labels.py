"""What the rows and columns of a table are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.dates import format_skeleton
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dataset.fields import Kind
from tracker.dataset.filter_words import unchanged
from tracker.dataset.flatten import first_text
from tracker.dataset.models import PublicVersion, public_at
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.queries import records
from tracker.dataset.records import COLUMNS, PublicRecord
from tracker.dataset.renderings import batches
from tracker.dataset.statistics.question import Dimension, Level
from tracker.phrases import Translate
from tracker.vocabulary import NOT_RECORDED, UNKNOWN, country_name

if TYPE_CHECKING:
    from tracker.dataset.statistics.table import Table

Names = Mapping[str, Mapping[str, Any]]
"""By dimension and key, what records are called: a name, or a title in several languages."""

UNDATED = "undated"
"""The key under which files list what has no date."""


def names_in(session: Session, table: Table) -> Names:
    """The names of the outlets, topics and regions of a table."""
    found: dict[str, Mapping[str, Any]] = {}
    for dimension, keys in _sides(table):
        if dimension.name in (Kind.OUTLET, Kind.TOPIC):
            found[dimension.name] = _names_of(session, Kind(dimension.name), keys, table.edition.version)
        elif dimension.name == "admin1":
            found[dimension.name] = _regions(session, table.examples)
    return found


def _sides(table: Table) -> list[tuple[Dimension, Sequence[str]]]:
    sides: list[tuple[Dimension, Sequence[str]]] = [(table.question.by, table.rows)]
    return sides if table.question.then is None else [*sides, (table.question.then, table.columns)]


def _names_of(session: Session, kind: Kind, keys: Iterable[str], version: int) -> dict[str, Any]:
    found = {}
    for batch in batches(keys):
        statement = select(*COLUMNS).where(
            PublicVersion.kind == kind,
            PublicVersion.key.in_(batch),
            PublicVersion.json.is_not(None),
            public_at(version),
        )
        for row in session.execute(statement):
            record = PublicRecord.of(row).record
            found[str(row.key)] = record.get("name") or record.get("title")
    return found


def _regions(session: Session, examples: Mapping[str, int]) -> dict[str, str]:
    """The names of regions as a record of each has them; two spellings of one name are one region."""
    by_version = {version_id: key for key, version_id in examples.items()}
    found = {}
    for batch in batches(by_version):
        for record in records(session, batch):
            name = (record.record.get("place") or {}).get("admin1")
            if name:
                found[by_version[record.version_id]] = str(name)
    return found


def label(dimension: Dimension, key: str, names: Names, *, locale: str = "en", translate: Translate = unchanged) -> str:
    """What a row or column is called in the reader's language; records by their own names."""
    if key == UNDATED:
        return translate("No date recorded")
    if dimension.level is Level.PERIOD:
        return _period(dimension, key, locale)
    if dimension.name == "admin1":
        return _region(key, names, locale, translate)
    if key == NOT_RECORDED:
        return translate("Not recorded")
    vocabulary = PARAMETERS[dimension.parameter].vocabulary
    if vocabulary is not None and key in vocabulary.codes():
        return translate(vocabulary(key).label)
    if key == UNKNOWN:
        return translate("Unknown")
    if dimension.name == "country":
        return country_name(key, _locale(locale))
    named = names.get(dimension.name, {}).get(key, key)
    return str(named) if isinstance(named, str) else (named.get(locale) or first_text(named) or key)


def _period(dimension: Dimension, key: str, locale: str) -> str:
    from tracker.dataset.statistics.periods import period_days

    if dimension.months == 12:
        return str(int(key))
    skeleton = "yMMMM" if dimension.months == 1 else "yQQQ"
    return str(format_skeleton(skeleton, period_days(key)[0], locale=_locale(locale)))


def _region(key: str, names: Names, locale: str, translate: Translate) -> str:
    code, _, folded = key.partition(":")
    place = label(_COUNTRY, code, names, locale=locale, translate=translate)
    if folded == NOT_RECORDED:
        return translate("{country}: region not recorded").format(country=place)
    return f"{names.get('admin1', {}).get(key, folded)}, {place}"


def _locale(locale: str) -> Locale:
    return Locale.parse(locale.replace("-", "_"))


_COUNTRY = Dimension("country", Level.INCIDENT, "country", "country")
