"""The settings of the organisation: how it presents itself, and the rules that it sets itself."""

from typing import Any, cast

from flask import abort, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.publication import Gate, purge
from tracker.registry import audit, operations
from tracker.registry.drafts import Problem
from tracker.registry.mapping import snapshot
from tracker.registry.merging import Undecided, apply, three_way
from tracker.registry.models import Site
from tracker.registry.operations import Stale
from tracker.vocabulary import Licence
from tracker.vocabulary.staff import Action, AuditEvent
from tracker.web.staff.context import actor, database, page, reading, writing
from tracker.web.staff.references.conflicts import choices_posted, plain_snapshot, side_lines, typed_again
from tracker.web.staff.references.forms import Raw, filled, form_of, languages_of, raw_of
from tracker.web.staff.references.judging import judged, put_to_fields
from tracker.web.staff.references.posted import base_of, number_posted
from tracker.web.staff.references.showing import public_side
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext, gettext_noop

Answer = str | Response | tuple[str, int]
NOTICES = {
    "saved": gettext_noop("Saved. What is public of it is published."),
    "unchanged": gettext_noop("Nothing was changed."),
}


def settings() -> str:
    """The settings as they stand."""
    with reading() as session:
        site = _site(session)
        raw = _shown(snapshot(site)) if site else {}
        return _page(session, site, raw, site.version if site else 0, [])


def save_settings() -> Answer:
    """Keep the settings as posted, and publish what is public of them at once; 409 where somebody else was quicker."""
    version = number_posted("version")
    try:
        with writing() as session:
            site = _site(session)
            raw = _typed(session)
            draft, problems = judged(session, "site", {**_meant(raw), "key": "site"})
            if problems:
                return _page(session, site, raw, version, problems), 422
            if site is None:
                made = cast(Site, operations.record(session, draft, by=actor()))
                _tell(session, made, sorted(plain_snapshot(draft)))
                return _done("saved")
            if version != site.version:
                return _stale_page(session, site, plain_snapshot(draft), base_of(session, site, version), version), 409
            return _done(_amended(session, site, plain_snapshot(draft), version))
    except Stale:
        abort(409)
    finally:
        purge(database())


def settle_settings() -> Answer:
    """Put both sides together as chosen; 409 again where the settings changed once more, or nothing was chosen."""
    try:
        with writing() as session:
            site = _site(session)
            base_version = number_posted("base_version")
            draft, problems = judged(session, "site", {**_meant(_typed(session)), "key": "site"})
            if site is None or problems:
                abort(400)
            base, mine = base_of(session, site, base_version), plain_snapshot(draft)
            differences = three_way(base, snapshot(site), mine)
            if number_posted("version") != site.version:
                return _stale_page(session, site, mine, base, base_version), 409
            try:
                merged = apply(snapshot(site), differences, choices_posted(differences))
            except Undecided:
                return _stale_page(session, site, mine, base, base_version), 409
            return _done(_amended(session, site, merged, site.version))
    except Stale:
        abort(409)
    finally:
        purge(database())


def _amended(session: Session, site: Site, raw: Raw, version: int) -> str:
    before = snapshot(site)
    draft, _problems = judged(session, "site", {**raw, "key": "site"})
    if not operations.amend(session, site, draft, by=actor(), expected_version=version):
        return "unchanged"
    changed = operations.changes_between(before, snapshot(site))
    _tell(session, site, sorted({change["path"].partition(".")[0].partition("[")[0] for change in changed}))
    return "saved"


def _tell(session: Session, site: Site, fields: list[str]) -> None:
    """Write down which settings changed, never what they say; and publish what readers see of them."""
    detail: audit.Detail = {"fields": fields}
    audit.write(session, AuditEvent.SETTINGS_CHANGED, by=actor(), kind="site", id=site.id, detail=detail)
    Gate(session, by=actor()).publish_entities([site])


def _done(code: str) -> Response:
    return redirect(url_for("staff.settings", done=code), 303)


def _site(session: Session) -> Site | None:
    return session.scalars(select(Site).where(Site.key == "site")).one_or_none()


def _typed(session: Session) -> Raw:
    site = _site(session)
    also = [*(site.languages if site else []), *_languages_of_the_form()]
    return raw_of(form_of("site", languages_of(also=also))(request.form))


def _languages_of_the_form() -> list[str]:
    spoken = {name.rpartition("__")[2] for name in request.form if "__" in name}
    return sorted(language for language in spoken if language.isascii() and language.isalpha() and len(language) < 4)[
        :20
    ]


def _meant(raw: Raw) -> Raw:
    """The languages as codes, typed with commas or blanks between them."""
    codes = raw.get("languages", "").replace(",", " ").split()
    return {**raw, "languages": list(dict.fromkeys(code.lower() for code in codes))} if codes else raw


def _shown(raw: Raw) -> Raw:
    return {**raw, "languages": ", ".join(raw.get("languages", []))}


def _page(session: Session, site: Site | None, raw: Raw, version: int, problems: list[Problem]) -> str:
    languages = languages_of(raw, also=site.languages if site else [])
    form = filled("site", raw, languages)
    return page(
        "staff/settings.html",
        notices=NOTICES,
        form=form,
        languages=languages,
        problems=put_to_fields(form, problems, "site"),
        version=version,
        public=public_side(session, site) if site else None,
        licences=list(Licence),
    )


def _stale_page(session: Session, site: Site, mine: Raw, base: Raw, base_version: int) -> str:
    values: dict[str, Any] = {
        "record": site,
        "name": page_name(),
        "address": url_for("staff.settle_settings"),
        "lines": side_lines("site", three_way(base, snapshot(site), mine)),
        "fields": typed_again(),
        "base_version": base_version,
        "version": site.version,
    }
    return page("staff/references/stale.html", **values)


def page_name() -> str:
    """What the settings are called in a sentence."""
    return gettext("the settings")


ROUTES = [
    Route("/settings", "settings", settings, Action.SETTINGS),
    Route("/settings", "save_settings", save_settings, Action.SETTINGS, ("POST",)),
    Route("/settings/conflict", "settle_settings", settle_settings, Action.SETTINGS, ("POST",)),
]
