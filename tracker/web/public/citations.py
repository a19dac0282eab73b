"""Citations as files: BibTeX and CSL-JSON, of the dataset under a filter and of one incident.

Both name the version and an address that pins it, so that what is cited can be found again as it was.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Response, abort
from sqlalchemy.orm import Session

from tracker.dataset.counts import total
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import ExportMeta
from tracker.dataset.exports.meta import describe as meta_of_filter
from tracker.dataset.fields import Kind
from tracker.dataset.filter_words import filter_words
from tracker.dataset.filters import COLUMNS, PAGING, DatasetFilter
from tracker.dataset.flatten import first_language
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.queries import names
from tracker.dataset.selection import check_names
from tracker.db import canonical_json
from tracker.text import slugify
from tracker.web.headers import unless_known
from tracker.web.public.answers import describe, say_edition, say_hash
from tracker.web.public.asking import asked_filter, asked_version, refuse_parameters
from tracker.web.public.context import address, licence, reading, site_name, site_record
from tracker.web.public.records import found_or_gone
from tracker.web.translation import DEFAULT
from tracker.web.wording import Record

TAKEN = tuple(name for name in PARAMETERS if name not in PAGING | COLUMNS)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# What TeX reads as a command, in a field of a bibliography that is set as running text. BibTeX counts braces before TeX
# sees them, a backslash before one or not: they are written by their names.
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SPECIAL = re.compile("[" + re.escape("".join(_LATEX)) + "]")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says; `reference` and `container` are those of one incident."""

    key: str
    author: str
    title: str
    issued: date
    version: str
    url: str
    note: str
    language: str = DEFAULT
    reference: str | None = None
    container: str | None = None


def dataset_bib() -> Response:
    """The dataset under a filter, as BibTeX."""
    return _of_filter(_bib)


def dataset_csl() -> Response:
    """The dataset under a filter, as CSL-JSON."""
    return _of_filter(_csl)


def incident_bib(reference: str) -> Response:
    """One incident, as BibTeX."""
    citation, edition = _incident(reference)
    return _of_edition(_bib(citation), edition)


def incident_csl(reference: str) -> Response:
    """One incident, as CSL-JSON."""
    citation, edition = _incident(reference)
    return _of_edition(_csl(citation), edition)


def _of_filter(answer: Callable[[Citation], Response]) -> Response:
    refuse_parameters(allowed=TAKEN)
    wanted = asked_filter()
    with reading() as session:
        edition = dataset_version(session, wanted)
        check_names(session, wanted, edition)
        unless_known(edition)
        if edition.published_at is None:
            abort(404)
        citation, meta = citation_of(session, wanted, edition)
    response = answer(citation)
    describe(response, meta)
    say_hash(response)
    return response


def _of_edition(response: Response, edition: Edition) -> Response:
    say_edition(response, edition.version, edition.published_at)
    return response


def citation_of(session: Session, wanted: DatasetFilter, edition: Edition) -> tuple[Citation, ExportMeta]:
    """How an edition that was published is cited under a filter, and the metadata of that."""
    number = total(session, wanted, edition)
    meta = meta_of_filter(session, wanted, edition, number)
    return _of_dataset(session, wanted, edition, number), meta


def _of_dataset(session: Session, wanted: DatasetFilter, edition: Edition, number: int) -> Citation:
    # The version is pinned by its number, and stands in a field of its own.
    asked = replace(wanted, as_of=None, dataset=None)
    words = filter_words(asked, names=names(session, asked, edition))
    assert edition.published_at is not None
    digest = "" if asked.is_empty else f"-{asked.digest()}"
    return Citation(
        key=f"{_short_name()}-v{edition.version}{digest}",
        author=_author(),
        title=f"{_site_title()}: dataset version {edition.version}",
        issued=edition.published_at.date(),
        version=str(edition.version),
        url=_pinned("public.incidents", wanted.query_string(**_UNPAGED, as_of=None, dataset=edition.version)),
        note=_sentences(
            f"Filter: {'; '.join(words)}" if words else "All incidents",
            f"{number} {'incident' if number == 1 else 'incidents'}",
            _terms(),
        ),
        language=_site_language(),
    )


_UNPAGED = dict.fromkeys(PAGING | COLUMNS)


def _incident(reference: str) -> tuple[Citation, Edition]:
    wanted = asked_version()
    with reading() as session:
        edition = dataset_version(session, wanted)
        record: Record = found_or_gone(session, Kind.INCIDENT, reference, edition).record
        unless_known(edition)
    language = first_language(record["title"])
    return Citation(
        key=record["reference"],
        author=_author(),
        title=record["title"][language] if language else record["reference"],
        issued=date.fromisoformat(record["revised_on"]),
        version=f"revision {record['revision']}, dataset version {edition.version}",
        url=_pinned("public.incident", f"dataset={edition.version}", reference=record["reference"]),
        note=_sentences(f"Incident {record['reference']}", _terms()),
        language=language or DEFAULT,
        reference=record["reference"],
        container=_site_title(),
    ), edition


def _pinned(endpoint: str, query: str, **key: str) -> str:
    return f"{address(endpoint, language=DEFAULT, **key)}?{query}"


def _sentences(*parts: str) -> str:
    return ". ".join(part for part in parts if part) + "."


def _terms() -> str:
    terms = licence()
    return f"Licence: {terms.label}" if terms else ""


def _author() -> str:
    return str((site_record() or {}).get("organisation") or _site_title())


def _site_title() -> str:
    name = (site_record() or {}).get("name") or {}
    language = first_language(name)
    return str(name[language]) if language else site_name()


def _site_language() -> str:
    return first_language((site_record() or {}).get("name") or {}) or DEFAULT


def _short_name() -> str:
    return slugify(_site_title())[:40].strip("-") or "tracker"


def _bib(citation: Citation) -> Response:
    response = Response(bibtex(citation), content_type="application/x-bibtex; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{citation.key}.bib"'
    return response


def _csl(citation: Citation) -> Response:
    response = Response(csl_json(citation), content_type="application/vnd.citationstyles.csl+json")
    response.headers["Content-Disposition"] = f'inline; filename="{citation.key}.csl.json"'
    return response


def bibtex(citation: Citation) -> str:
    """The citation as an entry of BibTeX, in UTF-8: what TeX reads as a command is escaped, letters are not."""
    fields = {
        # Two pairs of braces keep the name whole and the capitals as they are.
        "author": "{" + latex(citation.author) + "}",
        "title": "{" + latex(citation.title) + "}",
        "howpublished": latex(citation.container) if citation.container else None,
        "number": latex(citation.reference) if citation.reference else None,
        "year": str(citation.issued.year),
        "month": MONTHS[citation.issued.month - 1],
        "version": latex(citation.version),
        "date": citation.issued.isoformat(),
        # An address is set as it stands; it is percent-encoded and holds no brace.
        "url": citation.url,
        "note": latex(citation.note),
        "language": citation.language,
    }
    # A month is one of the words that every style knows, and stands without braces.
    lines = [f"  {name} = " + (value if name == "month" else f"{{{value}}}") for name, value in fields.items() if value]
    return f"@misc{{{citation.key},\n" + ",\n".join(lines) + "\n}\n"


def latex(text: str) -> str:
    """A text as TeX sets it, in one line."""
    return _SPECIAL.sub(lambda special: _LATEX[special.group()], _BLANKS.sub(" ", text).strip())


def csl_json(citation: Citation) -> str:
    """The citation as a file of CSL-JSON."""
    return canonical_json([csl(citation)]) + "\n"


def csl(citation: Citation) -> dict[str, Any]:
    """The citation as an item of CSL-JSON."""
    item = {
        "id": citation.key,
        "type": "entry" if citation.reference else "dataset",
        "author": [{"literal": citation.author}],
        "title": citation.title,
        "container-title": citation.container,
        "number": citation.reference,
        "issued": {"date-parts": [[citation.issued.year, citation.issued.month, citation.issued.day]]},
        "version": citation.version,
        "publisher": citation.author,
        "URL": citation.url,
        "note": citation.note,
        "language": citation.language,
    }
    return {name: value for name, value in item.items() if value}
