"""The pages of the entry form: a new incident, a form to carry on with, an incident to change, another like it.

Every post keeps what was typed before anything else happens to it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import abort, g, jsonify, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response

from tracker.db import utc_now
from tracker.registry import operations, unfinished
from tracker.registry.models import Incident
from tracker.vocabulary.staff import Action
from tracker.web.staff import reading_log
from tracker.web.staff.context import me, reading
from tracker.web.staff.context import writing as transaction
from tracker.web.staff.entry import conflict, saving
from tracker.web.staff.entry.filling import form_from
from tracker.web.staff.entry.judging import judge
from tracker.web.staff.entry.likeness import likely_of, rulings_in, unruled
from tracker.web.staff.entry.posted import Posted, posted, tree_or_413
from tracker.web.staff.entry.registry import RegistryNames
from tracker.web.staff.entry.repeating import repeated
from tracker.web.staff.entry.rows import Row, after_step, blank, tree_of
from tracker.web.staff.entry.showing import Shown, default_precision, form_page, site_languages
from tracker.web.staff.objects import incident_for
from tracker.web.staff.places import buttons


@contextmanager
def writing() -> Iterator[Session]:
    """One writing transaction; after it, who asks is again who it was when the request began, for the page to come."""
    try:
        with transaction() as session:
            yield session
    finally:
        g.pop("staff_now", None)


def new_incident() -> Response:
    """A blank form."""
    with reading() as session:
        return form_page(session, blank(), Shown(unfinished.new_id()))


def repeat_incident(incident_id: str) -> Response:
    """A new form with what another incident of the same event, or only from the same source, has in common with this.

    `same` is `event` or `source`; 400 for anything else.
    """
    with reading() as session:
        incident = incident_for(session, incident_id, Action.READ)
        same = request.args.get("same", "source")
        if same not in ("event", "source"):
            abort(400)
        pairs = repeated(session, incident, same_event=same == "event")
        return form_page(session, tree_of(pairs), Shown(unfinished.new_id()))


def edit_incident(incident_id: str) -> Response:
    """The form filled from an incident; whoever has begun to change it carries on with that."""
    with reading() as session:
        incident = incident_for(session, incident_id, Action.WRITE)
        begun = unfinished.of_incident(session, me().id, incident_id)
        if begun is not None:
            return redirect(url_for("staff.form", form_id=begun.id, done="carry_on"), 303)
        groups = reading_log.groups_of(incident)
        pairs = form_from(conflict.draft_of_incident(incident), RegistryNames(session, incident))
        shown = Shown(unfinished.new_id(), incident, incident.version)
        response = form_page(session, tree_or_413(pairs), shown)
    reading_log.note(incident, groups)
    return response


def any_form(form_id: str) -> Response:
    """A form that was begun: shown, or posted."""
    return post_form(form_id) if request.method == "POST" else show_form(form_id)


def show_form(form_id: str) -> Response:
    """A form to carry on with, exactly as it was left; `check` also says what is wrong with it."""
    with reading() as session:
        found = unfinished.find(session, me().id, form_id)
        if found is None:
            made = saving.made_from(session, form_id)
            return _to_incident(made.id, "submitted") if made else abort(404)
        incident = incident_for(session, found.incident_id, Action.WRITE) if found.incident_id else None
        groups = reading_log.groups_of(incident) if incident else set()
        pairs = [(str(name), str(value)) for name, value in found.fields]
        shown = Shown(form_id, incident, found.base_version, found.sequence, saved_at=found.saved_at)
        checking = "check" in request.args
        response = _checked(session, pairs, shown) if checking else form_page(session, tree_or_413(pairs), shown)
    if incident is not None:
        reading_log.note(incident, groups)
    return response


def _checked(session: Session, pairs: list[tuple[str, str]], shown: Shown, *, status: int = 200) -> Response:
    """The form with everything that stands against handing it in."""
    tree = tree_or_413(pairs)
    key = shown.incident.key if shown.incident else saving.key_of(shown.form_id)
    default = None if shown.incident else default_precision(session)
    languages = site_languages(session)
    found = judge(session, tree, key=key, languages=languages, public_precision=default, of=shown.incident)
    likely = [] if shown.incident else likely_of(session, found.reading)
    rulings = rulings_in(pairs, likely)
    found.wrong.extend(unruled(likely, rulings))
    seen = Shown(
        shown.form_id, shown.incident, shown.version, shown.sequence, found, likely, rulings, saved_at=shown.saved_at
    )
    return form_page(session, tree, seen, status=status)


def post_form(form_id: str) -> Response:
    """Whatever a button of the form asks for: hand in, save, check, add or take away a row."""
    given = posted()
    if given.do == "submit":
        return _hand_in(form_id, given)
    return buttons.pressed(given, lambda found: _keep(form_id, found))


def _keep(form_id: str, given: Posted) -> Response:
    """Keep a form, after the step that its button asked for, and show it again."""
    pairs, place = after_step(given.pairs, given.do)
    kept = Posted(pairs, given.do, given.incident_id, given.version, given.sequence)
    try:
        with writing() as session:
            _may_write(session, given)
            saving.keep(session, form_id, kept, kept.tree())
    except (unfinished.NotYours, unfinished.OpenElsewhere, unfinished.TooMany) as refused:
        return _not_kept(refused)
    if buttons.is_shown_at_once(given.do):
        return show_form(form_id)
    place = place or buttons.where(given.do)
    more: dict[str, Any] = {"check": "1"} if given.do == "check" else {"done": "saved"} if given.do == "save" else {}
    return redirect(url_for("staff.form", form_id=form_id, _anchor=place or None, **more), 303)


def save_form(form_id: str) -> Any:
    """Keep a form while somebody types; answers with the count of saves, or says why it was not kept."""
    given = posted()
    try:
        with writing() as session:
            _may_write(session, given)
            if given.incident_id is None and saving.made_from(session, form_id):
                return jsonify({"saved": False, "why": "handed_in"}), 409
            count = saving.keep(session, form_id, given, given.tree(), sequence=given.sequence)
    except unfinished.Outrun as newer:
        return jsonify({"saved": False, "why": "outrun", "sequence": newer.sequence}), 409
    except unfinished.OpenElsewhere:
        return jsonify({"saved": False, "why": "open_elsewhere"}), 409
    except unfinished.TooMany:
        return jsonify({"saved": False, "why": "full"}), 409
    except unfinished.NotYours:
        abort(404)
    return jsonify({"saved": True, "sequence": count})


def discard_form(form_id: str) -> Response:
    """Throw an unfinished form away."""
    with writing() as session:
        found = unfinished.find(session, me().id, form_id) or abort(404)
        incident_id = found.incident_id
        unfinished.discard(session, me().id, form_id)
    if incident_id:
        return _to_incident(incident_id, "discarded")
    return redirect(url_for("staff.desk", done="discarded"), 303)


def resolve_conflict(incident_id: str) -> Response:
    """Save what was chosen between one's own changes and those of others; it can have been outrun again."""
    given = posted()
    if given.incident_id != incident_id or given.version is None:
        abort(400)
    return _amending(conflict.form_id_of(given), given, lambda session, incident, tree: conflict.settle(
        session, incident, tree, given))  # fmt: skip


def _hand_in(form_id: str, given: Posted) -> Response:
    if given.incident_id is not None:
        return _amending(
            form_id, given, lambda session, incident, tree: _amend(session, form_id, incident, tree, given)
        )
    try:
        return _submitting(form_id, given)
    except IntegrityError:
        # The same form was handed in twice at once; the other one came first, and this one finds what it made.
        return _submitting(form_id, given)
    except (unfinished.NotYours, unfinished.TooMany) as refused:
        return _not_kept(refused)


def _submitting(form_id: str, given: Posted) -> Response:
    tree = given.tree()
    outcome: saving.HandedIn | None = None
    with writing() as session:
        made = saving.made_from(session, form_id)
        if made is not None:
            unfinished.discard(session, me().id, form_id)
            return _to_incident(made.id, "submitted")
        count = saving.keep(session, form_id, given, tree)
        key, languages = saving.key_of(form_id), site_languages(session)
        found = judge(session, tree, key=key, languages=languages, public_precision=default_precision(session))
        likely = likely_of(session, found.reading)
        rulings = rulings_in(given.pairs, likely)
        found.wrong.extend(unruled(likely, rulings))
        if not found.wrong:
            outcome = saving.submit(session, form_id, found, rulings)
    if outcome is not None and outcome.incident_id is not None:
        return _to_incident(outcome.incident_id, outcome.done)
    with reading() as session:
        judged = outcome.judged if outcome and outcome.judged else found
        shown = Shown(form_id, None, None, count, judged, likely, rulings, saved_at=utc_now())
        return form_page(session, tree, shown, status=422)


Change = Callable[[Session, Incident, Row], saving.HandedIn | conflict.Open]


def _amending(form_id: str, given: Posted, change: Change) -> Response:
    """Change an incident in one transaction; where somebody else was quicker, show both sides."""
    tree = given.tree()
    try:
        with writing() as session:
            incident = incident_for(session, given.incident_id or "", Action.WRITE)
            count = _kept_if_possible(session, form_id, given, tree)
            outcome = change(session, incident, tree)
    except operations.Stale:
        outcome = conflict.Open()
    if isinstance(outcome, conflict.Open):
        with reading() as session:
            incident = incident_for(session, given.incident_id or "", Action.WRITE)
            response = conflict.conflict_page(session, incident, tree, given, form_id, outcome)
            groups = reading_log.groups_of(incident)
        reading_log.note(incident, groups)
        return response
    if outcome.incident_id is not None:
        return _to_incident(outcome.incident_id, outcome.done)
    with reading() as session:
        incident = incident_for(session, given.incident_id or "", Action.WRITE)
        shown = Shown(form_id, incident, given.version, count, outcome.judged, saved_at=utc_now())
        return form_page(session, tree, shown, status=422)


def _amend(
    session: Session, form_id: str, incident: Incident, tree: Row, given: Posted
) -> saving.HandedIn | conflict.Open:
    found = judge(session, tree, key=incident.key, languages=site_languages(session), of=incident)
    if found.wrong:
        return saving.HandedIn(judged=found)
    if incident.version != given.version:
        return conflict.Open()
    return saving.amend(session, form_id, incident, found, given)


def _kept_if_possible(session: Session, form_id: str, given: Posted, tree: Row) -> int:
    """Keep the text of changes; where they are open in another window too, this page alone holds them."""
    try:
        return saving.keep(session, form_id, given, tree)
    except unfinished.OpenElsewhere:
        return given.sequence


def _may_write(session: Session, given: Posted) -> None:
    if given.incident_id is not None:
        incident_for(session, given.incident_id, Action.WRITE)


def _not_kept(refused: Exception) -> Response:
    """A form that is not one's own is not there; one that cannot be kept says why, and stays in the browser."""
    if isinstance(refused, unfinished.NotYours):
        abort(404)
    raise Conflict


def _to_incident(incident_id: str, done: str) -> Response:
    return redirect(url_for("staff.incident", incident_id=incident_id, done=done), 303)
