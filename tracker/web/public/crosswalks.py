"""The crosswalks: where the incidents of a filter stand in the lists of others, as pages and as data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from flask import Response, g, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from tracker.dataset.counts import unavailable
from tracker.dataset.crosswalks import acts, files
from tracker.dataset.crosswalks.results import RELATIONS, Counts, InListing, Tally
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports.meta import ExportMeta, describe, prepare
from tracker.dataset.filters import COLUMNS, PAGING, DatasetFilter
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.problems import FilterError, Problem
from tracker.dataset.selection import check_names
from tracker.db import canonical_json
from tracker.phrases import Phrase, phrase
from tracker.vocabulary import NOT_RECORDED, Certainty, Relation
from tracker.vocabulary.crosswalks import FIELDS, SCHEMES, Condition, Listing, Origin, Rule, Scheme, SchemeClass
from tracker.web.errors import error_response, wants_json
from tracker.web.headers import unless_known
from tracker.web.public import answers
from tracker.web.public.asking import asked_filter, refuse_parameters
from tracker.web.public.choosing import PRESENTATION, chosen, with_query
from tracker.web.public.context import address, database, page, reading
from tracker.web.public.incidents import refused
from tracker.web.public.reference import NAMES, heading
from tracker.web.translation import gettext
from tracker.web.wording import inside, label

TAKEN = tuple(name for name in PARAMETERS if name not in PAGING | COLUMNS)
FILTERED = ("csv", "json", "acts_csv")
FEW = 6
"""Up to how many codes a condition names them; beyond, it says which are left out."""


@dataclass(frozen=True, slots=True)
class ClassRows:
    """A class with what stands in it, a row for each relation in which anything does."""

    one: SchemeClass
    depth: int
    rows: list[tuple[Relation, Tally]]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in words: the code if it is the first of it, when it holds, where it leads, how surely."""

    code: str
    words: str
    conditions: list[str]
    targets: list[tuple[Relation, SchemeClass]]
    note: Phrase
    certainty: Certainty
    marks: list[int]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two lists of a scheme, as the page shows it."""

    name: str
    heading: str
    listing: Listing
    found: InListing
    classes: list[ClassRows]
    nowhere: list[tuple[str, Tally]]
    rules: list[RuleRow]


def index() -> str:
    """All schemes."""
    refuse_parameters()
    with reading() as session:
        edition = dataset_version(session)
        unless_known(edition)
    g.version = edition
    return page("public/crosswalks.html", canonical=address("public.crosswalks"), schemes=SCHEMES.values())


def scheme(scheme: str) -> str | tuple[str, int]:
    """The counts of a filter under a scheme, and its mapping."""
    found = _scheme(scheme)
    try:
        wanted = _asked()
        with reading() as session:
            edition = dataset_version(session, wanted)
            check_names(session, wanted, edition)
            unless_known(edition)
            return _page(session, found, wanted, edition)
    except FilterError as error:
        # A program gets the problems as data; a reader gets them beside the fields of the form.
        if wants_json():
            raise
        return refused(error.problems, "public.crosswalk", scheme=scheme)


def _scheme(code: str) -> Scheme:
    """The scheme of an address; else stop with 404 and the list of all that there are."""
    if code not in SCHEMES:
        problem = Problem.of("scheme", code, phrase("There is no crosswalk to this list."), SCHEMES)
        raise HTTPException(response=error_response(404, [problem]))
    return SCHEMES[code]


def _asked() -> DatasetFilter:
    """The filter of this request; counts have no pages and no columns to choose."""
    refuse_parameters(allowed=TAKEN)
    return asked_filter()


def _page(session: Session, found: Scheme, wanted: DatasetFilter, edition: Edition) -> str:
    counts = _count(session, found, wanted, edition)
    g.version = edition
    asked = chosen(session, wanted, edition, "public.crosswalk", scheme=found.code)
    query = wanted.query_string(**dict.fromkeys(PRESENTATION))
    origins = _origins(found)
    return page(
        "public/crosswalk.html",
        scheme=found,
        others=[one for one in SCHEMES.values() if one is not found],
        chosen=asked,
        canonical=asked.canonical,
        counts=counts,
        matching=counts.total.incidents + counts.without_acts,
        unavailable=unavailable(session, edition),
        parts=[
            _part("acts", gettext("Acts"), found.acts, counts.acts, origins),
            _part("perpetrators", gettext("Perpetrators"), found.actors, counts.actors, origins),
        ],
        origins=origins,
        nowhere=Relation.NONE,
        files=_files(found, query),
        incidents=with_query("public.incidents", query),
        query=query,
    )


def _count(session: Session, found: Scheme, wanted: DatasetFilter, edition: Edition) -> Counts:
    # What counts needs a library that whoever serves lists and files alone has no use for.
    from tracker.dataset.crosswalks.counting import count

    return count(session, found, wanted, edition)


def _files(found: Scheme, query: str) -> dict[str, str]:
    """The addresses of the same as data."""
    asked = {name: with_query(f"public.crosswalk_{name}", query, scheme=found.code) for name in FILTERED}
    return asked | {"mapping_csv": url_for("public.crosswalk_mapping_csv", scheme=found.code)}


def _origins(found: Scheme) -> list[Origin]:
    """Where everything about a scheme was read, each place once."""
    rules = [(one.listing, one.rule) for one in files.mapping(found)]
    return list(dict.fromkeys(origin for listing, rule in rules for origin in listing.origins(rule)))


def _part(name: str, words: str, listing: Listing, found: InListing, origins: list[Origin]) -> Part:
    return Part(
        name=name,
        heading=words,
        listing=listing,
        found=found,
        classes=list(_class_rows(listing, found)),
        nowhere=[(_code_words(listing, code), tally) for code, tally in found.by_code.items()],
        rules=list(_rule_rows(listing, origins)),
    )


def _class_rows(listing: Listing, found: InListing) -> Iterator[ClassRows]:
    for one in found.classes:
        by_relation: list[tuple[Relation, Tally]] = [(each, getattr(one, each.value)) for each in RELATIONS]
        rows = [row for row in by_relation if row[1].acts]
        yield ClassRows(listing.by_code[one.code], listing.depth(one.code), rows)


def _code_words(listing: Listing, code: str) -> str:
    return gettext("Not recorded") if code == NOT_RECORDED else label(code, listing.column)


def _rule_rows(listing: Listing, origins: list[Origin]) -> Iterator[RuleRow]:
    for rule in listing.first:
        yield _rule_row(listing, "", gettext("Any"), rule, origins)
    for code in listing.codes():
        for rule in listing.rules[code]:
            yield _rule_row(listing, code, _code_words(listing, code), rule, origins)


def _rule_row(listing: Listing, code: str, words: str, rule: Rule, origins: list[Origin]) -> RuleRow:
    return RuleRow(
        code=code,
        words=words,
        conditions=[_condition_words(condition) for condition in rule.conditions],
        targets=[(match.relation, listing.by_code[match.target]) for match in rule.matches],
        note=rule.note,
        certainty=listing.certainty(rule),
        marks=[origins.index(origin) + 1 for origin in listing.origins(rule)],
    )


def _condition_words(condition: Condition) -> str:
    """A condition such as "Completion: attempted or threatened"."""
    vocabulary = FIELDS[condition.name]
    name = heading(NAMES[vocabulary])
    if len(condition.codes) <= FEW:
        return f"{name}: {_either(condition.name, condition.codes)}"
    others = [code for code in vocabulary.codes() if code not in condition.codes]
    return gettext("%(field)s: all but %(codes)s", field=name, codes=_either(condition.name, others))


def _either(name: str, codes: Iterable[str]) -> str:
    vocabulary = NAMES[FIELDS[name]]
    words = [gettext("not recorded") if code == NOT_RECORDED else inside(label(code, vocabulary)) for code in codes]
    return gettext(" or ").join(words)


def counts_csv(scheme: str) -> Response:
    """The counts, a line for each class and relation."""
    found, meta, counts = _data(scheme)
    response = Response(files.counts_csv(found, counts), content_type="text/csv; charset=utf-8; header=present")
    return _described(response, meta, f"crosswalk-{found.code}-v{meta.dataset_version}.csv", "attachment")


def counts_json(scheme: str) -> Response:
    """The counts and the mapping."""
    found, meta, counts = _data(scheme)
    content = {"meta": meta.as_dict(), **files.counts_as_json(found, counts)}
    response = Response(canonical_json(content) + "\n", mimetype="application/json")
    return _described(response, meta, f"crosswalk-{found.code}-v{meta.dataset_version}.json", "inline")


def _data(code: str) -> tuple[Scheme, ExportMeta, Counts]:
    found, wanted = _scheme(code), _asked()
    with reading() as session:
        edition = dataset_version(session, wanted)
        check_names(session, wanted, edition)
        unless_known(edition)
        counts = _count(session, found, wanted, edition)
        rows = counts.total.incidents + counts.without_acts
        return found, describe(session, wanted, edition, rows), counts


def acts_csv(scheme: str) -> Response:
    """Every act that matches with the classes it stands in, a line for each act and victim."""
    found, wanted = _scheme(scheme), _asked()
    with reading() as session:
        edition = dataset_version(session, wanted)
        unless_known(edition)
        export = prepare(session, wanted)
        rows = _count(session, found, wanted, edition).total.acts
    meta = replace(export.meta, rows=rows, unit="acts")
    pieces = acts.acts_csv(database().public, found, wanted, export)
    response = Response(pieces, content_type="text/csv; charset=utf-8; header=present")
    return _described(response, meta, f"crosswalk-{found.code}-acts-v{meta.dataset_version}.csv", "attachment")


def mapping_csv(scheme: str) -> Response:
    """The mapping itself, which no filter changes."""
    found = _scheme(scheme)
    refuse_parameters()
    with reading() as session:
        edition = dataset_version(session)
        unless_known(edition)
    response = Response(files.mapping_csv(found), content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = f'attachment; filename="crosswalk-{found.code}-mapping.csv"'
    return response


def _described(response: Response, meta: ExportMeta, filename: str, disposition: str) -> Response:
    answers.describe(response, meta)
    response.headers["Content-Disposition"] = f'{disposition}; filename="{filename}"'
    return response
