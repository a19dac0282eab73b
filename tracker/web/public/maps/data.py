"""The map as data and as a picture: `/map.json`, `/map.svg`, and an operator's base map."""

from flask import Response, abort, render_template, request

from tracker.dataset.editions import dataset_version
from tracker.dataset.map.answer import answer_meta, map_answer, refuse_pages
from tracker.db import canonical_json
from tracker.web.headers import unless_known
from tracker.web.public.answers import describe, svg_answer
from tracker.web.public.asking import asked_filter, refuse_parameters
from tracker.web.public.context import reading
from tracker.web.public.maps import basemap
from tracker.web.public.maps.asking import asked_map
from tracker.web.public.maps.drawing import drawing

A_YEAR = "public, max-age=31536000, immutable"


def map_json() -> Response:
    """Counts, countries and months of a filter, and its public points or clusters of them."""
    wanted, view = asked_map()
    refuse_pages(wanted)
    with reading() as session:
        unless_known(dataset_version(session, wanted))
        answer = map_answer(session, wanted, view)
        meta = answer_meta(session, wanted, answer)
    response = Response(canonical_json(answer.as_dict(meta)) + "\n", mimetype="application/json")
    describe(response, meta)
    return response


def map_svg() -> Response:
    """The map of a filter as a picture, for reports, previews and print."""
    wanted = asked_filter()
    refuse_pages(wanted)
    with reading() as session:
        unless_known(dataset_version(session, wanted))
        answer = map_answer(session, wanted)
        picture = drawing(session, wanted, answer, path="svg")
        meta = answer_meta(session, wanted, answer)
    return svg_answer(render_template("public/map/picture.svg", picture=picture, credits=meta.credits), meta)


def base_map() -> Response:
    """The operator's base map as browsers read it; an address that names its content may be kept for long."""
    refuse_parameters(allowed=("v",))
    found = basemap.own()
    if found is None:
        abort(404)
    response = Response(found.text, mimetype="application/json")
    response.set_etag(found.mark)
    if request.args.get("v") == found.mark:
        response.headers["Cache-Control"] = A_YEAR
    response.make_conditional(request)
    return response
