"""The list of incidents. What is searched for is posted and kept with its owner, so that no address tells of it."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from tracker.registry import queries, saved_filters
from tracker.registry.accounts.people import staff_names
from tracker.registry.queries import FilterProblem
from tracker.text import text_problem
from tracker.vocabulary.desk import QueueName
from tracker.web.staff.context import me, page, reading, writing
from tracker.web.staff.incidents.filter_form import filter_form
from tracker.web.staff.incidents.rows import rows_of, withheld_words
from tracker.web.translation import gettext, gettext_noop, said

Pairs = Sequence[tuple[str, str]]
Answer = str | Response | tuple[str, int]

NOTICES = {
    "filter-saved": gettext_noop("The filter is saved."),
    "filter-deleted": gettext_noop("The filter is deleted."),
    "too-many-filters": gettext_noop("There are too many saved filters. Delete some first."),
}
# What a form carries besides the filter.
CARRIED = frozenset({"csrf_token"})
MOST_PAIRS = 300


def incidents() -> Answer:
    """The incidents under the filter that was used last, or in a queue of the desk; a posted filter is kept first."""
    if request.method == "POST":
        return _filter_anew()
    queue = request.args.get("queue")
    with reading() as session:
        if queue is None:
            return _shown(session, saved_filters.last_used(session, me().id))
        wanted = queries.queue_filter(me(), queue)
        if wanted is None:
            abort(404)
        return _shown(session, wanted.pairs(), queue=QueueName(queue))


def _filter_anew() -> Answer:
    pairs = [pair for pair in request.form.items(multi=True) if pair[0] not in CARRIED]
    if len(pairs) > MOST_PAIRS:
        abort(400)
    with reading() as session:
        wanted, problems = queries.parse(session, pairs)
        if problems:
            return _refused(session, pairs, problems)
    with writing() as session:
        saved_filters.keep(session, me().id, wanted.pairs())
    return redirect(url_for("staff.incidents"), 303)


def _shown(session: Any, pairs: Pairs, queue: QueueName | None = None) -> Answer:
    wanted, problems = queries.parse(session, pairs)
    if problems:
        # A kept filter can fall behind, as when its outlet is renamed; it is never applied in part.
        return _refused(session, pairs, problems)
    found = queries.list_incidents(session, me(), wanted, _page_number())
    names = staff_names(session)
    return page(
        "staff/desk/incidents.html",
        notices=NOTICES,
        form=filter_form(session, me(), pairs, [], names),
        rows=rows_of(found.incidents, names),
        found=found,
        queue=queue,
        saved=saved_filters.named(session, me().id),
        withheld_words=withheld_words,
        name_problem=None,
    )


def _refused(session: Any, pairs: Pairs, problems: Sequence[FilterProblem]) -> tuple[str, int]:
    form = filter_form(session, me(), pairs, problems, staff_names(session))
    saved = saved_filters.named(session, me().id)
    return page("staff/desk/incidents.html", form=form, rows=None, found=None, queue=None, saved=saved), 400


def _page_number() -> int:
    asked = request.args.get("page", "1")
    # Six digits are more pages than there will ever be; other forms of digits are not taken for numbers.
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 1


def save_filter() -> Answer:
    """Give the filter that was used last a name."""
    name = " ".join(request.form.get("name", "").split())
    problem = text_problem(name, limit=saved_filters.LONGEST_NAME)
    if not name or problem:
        return _name_refused(said(problem) if problem else gettext("Give the filter a name."))
    try:
        with writing() as session:
            saved_filters.keep(session, me().id, saved_filters.last_used(session, me().id), name)
    except saved_filters.TooMany:
        return redirect(url_for("staff.incidents", done="too-many-filters"), 303)
    return redirect(url_for("staff.incidents", done="filter-saved"), 303)


def _name_refused(sentence: str) -> tuple[str, int]:
    with reading() as session:
        pairs = saved_filters.last_used(session, me().id)
        form = filter_form(session, me(), pairs, [], staff_names(session))
        saved = saved_filters.named(session, me().id)
    form.summary.append(("filter-name", sentence))
    return page(
        "staff/desk/incidents.html", form=form, rows=None, found=None, queue=None, saved=saved, name_problem=sentence
    ), 400


def apply_filter(filter_id: str) -> Answer:
    """Use a saved filter."""
    with writing() as session:
        found = saved_filters.find(session, me().id, filter_id) or abort(404)
        saved_filters.keep(session, me().id, saved_filters.pairs_of(found.query))
    return redirect(url_for("staff.incidents"), 303)


def delete_filter(filter_id: str) -> Answer:
    """Throw a saved filter away."""
    with writing() as session:
        if saved_filters.find(session, me().id, filter_id) is None:
            abort(404)
        saved_filters.forget(session, me().id, filter_id)
    return redirect(url_for("staff.incidents", done="filter-deleted"), 303)
