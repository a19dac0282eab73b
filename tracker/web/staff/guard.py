"""The door of the desk: nobody gets past it but with a session, a declared right, and a form of this site.

In order: who is there; whether the request comes from here; whether they are signed in, or sign in with what they
send; whether the form is of their session; whether their roles allow it; whether they have proved lately who they are,
where the step is grave. What stands against a form asks for it on a page that loses nothing (`accounts.carrying`).
"""

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect, validate_csrf
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import ValidationError

from tracker.registry import audit
from tracker.registry.accounts import sessions
from tracker.registry.permissions import RULES, actor_of, may
from tracker.settings import Settings
from tracker.vocabulary.staff import AuditEvent, Outcome
from tracker.web.staff import errors
from tracker.web.staff.accounts import carrying, signing
from tracker.web.staff.accounts.asking import wants_json
from tracker.web.staff.accounts.signing import cookie_name
from tracker.web.staff.context import database, me
from tracker.web.staff.routing import Route

SAFE_METHODS = frozenset({"GET", "HEAD"})
csrf = CSRFProtect()


def ensure_confirmed() -> None:
    """Stop a grave step until whoever is signed in has proved once more who they are.

    Call it before anything is written. The page that asks carries the form along and brings it back here.
    """
    if not sessions.is_confirmed(g.staff_session) and not g.get("confirmed_now"):
        abort(carrying.ask_confirmation())


def _admit() -> AnyResponse | None:
    from tracker.web.staff.routes import DECLARED

    if not errors.is_of_the_desk():
        return None
    signing.open_session()
    unsafe = request.method not in SAFE_METHODS
    if unsafe:
        carrying.keep_body()
        if carrying.is_foreign():
            abort(403)
    route = DECLARED.get(request.endpoint or "")
    if route is None and request.routing_exception is None:
        abort(404)
    if route is not None and route.action is None:
        if unsafe and not _is_ours():
            return carrying.open_anew()
        return _take_proof() if unsafe and "staff_session" in g else None
    return _ask_who(unsafe) or _judge(route, unsafe)


def _ask_who(unsafe: bool) -> AnyResponse | None:
    """Ask whoever is not signed in to do so, or take what they sign in with; None where somebody is there."""
    if "staff_session" in g:
        return None
    if not unsafe and not wants_json():
        half = g.get("half_session")
        page = {None: "staff.sign_in", "password": "staff.sign_in_code"}.get(half and half.stage, "staff.second_factor")
        return redirect(url_for(page, next=signing.local(request.full_path.rstrip("?"))))
    if unsafe and "sign_in_password" in request.form and _is_ours():
        return carrying.sign_in_here()
    return carrying.ask_sign_in()


def _judge(route: Route | None, unsafe: bool) -> AnyResponse | None:
    """Whether whoever is signed in may have this answered; None where they may."""
    if unsafe and "new_token" not in g and not _is_ours():
        return carrying.ask_again()
    if route is None or route.action is None:
        return None
    if not may(me(), route.action):
        _log_refusal(route)
        abort(404)
    if unsafe and (asked := _take_proof()) is not None:
        return asked
    if route.grave or RULES[route.action].grave:
        ensure_confirmed()
    return None


def _take_proof() -> AnyResponse | None:
    """Take the answer of whoever was asked to prove who they are; the form then goes on without it."""
    if "confirm_password" in request.form:
        if (asked := carrying.confirm_here()) is not None:
            return asked
        g.confirmed_now = True
    carrying.strip()
    return None


def _is_ours() -> bool:
    """Whether a form, or the script that sends it, holds a token of this session."""
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return True
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except ValidationError:
        return False
    return True


def _log_refusal(route: Route) -> None:
    with database().write() as session:
        audit.write(
            session, AuditEvent.REFUSED, by=actor_of(me()), outcome=Outcome.REFUSED, detail={"page": route.name}
        )


def _seal(response: Response) -> Response:
    if errors.is_of_the_desk():
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers.pop("ETag", None)
        signing.seal(response)
    return response


def init_app(app: Flask) -> None:
    """Guard every route of the desk."""
    settings: Settings = app.extensions["tracker_settings"]
    app.config.update(
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        # The guard itself asks for the token, after it knows who is there, and where the request comes from.
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_NAME="form" if settings.development else "__Host-form",
        SESSION_COOKIE_SECURE=not settings.development,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    signing.init_app(app)
    errors.init_app(app)
    csrf.init_app(app)
    app.before_request(_admit)
    app.after_request(_seal)


__all__ = ["cookie_name", "csrf", "ensure_confirmed", "init_app"]
