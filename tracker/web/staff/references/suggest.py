"""Names to choose from while typing, as JSON."""

from dataclasses import replace

from flask import Response, abort, jsonify, request

from tracker.registry import names
from tracker.registry.names import KIND_OF_WORD, Suggestion
from tracker.vocabulary import country_name
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import me, reading
from tracker.web.staff.references.offering import only_for
from tracker.web.staff.routing import Route
from tracker.web.translation import page_locale, said_unless_code


def suggest(kind: str) -> Response:
    """At most eight records of a kind whose names fit what was typed (`q`): id, key, name and note of each."""
    if kind not in KIND_OF_WORD:
        abort(404)
    with reading() as session:
        found = names.suggest(session, kind, request.args.get("q", ""), only=only_for(me(), kind))
    shown = (in_words(each) for each in found)
    return jsonify([{"id": each.id, "key": each.key, "name": each.name, "note": each.note} for each in shown])


def in_words(suggestion: Suggestion) -> Suggestion:
    """A suggestion with its note in the language of the page, the country of an outlet among it."""
    country = country_name(suggestion.country, page_locale()) if suggestion.country else ""
    parts = (said_unless_code(suggestion.note), country)
    return replace(suggestion, note=" · ".join(part for part in parts if part))


ROUTES = [Route("/suggest/<kind>", "suggest", suggest, Action.SUGGEST)]
