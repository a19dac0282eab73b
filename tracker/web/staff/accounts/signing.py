"""What a browser and the server say to each other about a session: cookie, address, and proofs of who one is."""

import re
from functools import partial
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf

from tracker.registry.accounts import sessions
from tracker.registry.accounts.keys import Keys
from tracker.registry.accounts.passwords import Passwords
from tracker.registry.accounts.proof import Prover
from tracker.registry.models import StaffMember, StaffSession
from tracker.web.staff.context import database, settings
from tracker.web.translation import LANGUAGES

# No more is told of a browser than its family; the first that its name for itself holds is the one.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrom": "Chrome", "Safari": "Safari"}
# What a browser clears away when somebody signs out (OWASP ASVS 5.0, 14.3.1).
CLEARED = '"cache", "cookies", "storage"'
_LOCAL = re.compile(r"/staff(?:/[A-Za-z0-9._~%&=:+,;@-]+)*/?(?:\?[A-Za-z0-9._~%&=:+,;@/?-]*)?")


def cookie_name() -> str:
    """The name of the session's cookie: bound to host and HTTPS by its prefix, except in development."""
    return "staff" if settings().development else "__Host-staff"


def prover() -> Prover:
    """What judges proofs in this application."""
    found: Prover = current_app.extensions["tracker_prover"]
    return found


def keys() -> Keys:
    """The keys of this application."""
    return prover().keys


def browser_family() -> str:
    """The family of the browser, or nothing."""
    told = request.user_agent.string
    return next((family for mark, family in BROWSERS.items() if mark in told), "")


def local(address: str | None) -> str | None:
    """An address of the desk to go on to, or None for any other (OWASP ASVS 5.0, 3.7.2).

    It has to begin with the path of the desk itself, in plain characters, so that no spelling leads elsewhere.
    """
    if address is None or not _LOCAL.fullmatch(address):
        return None
    steps = address.partition("?")[0].lower().replace("%2e", ".").split("/")
    return None if {".", ".."} & set(steps) else address


def preferred_language() -> str:
    """The language of the interface that a browser asks for, while nobody is signed in."""
    return request.accept_languages.best_match(list(LANGUAGES)) or next(iter(LANGUAGES))


def open_session() -> None:
    """Find out who is there: `g.staff_session` for somebody signed in, `g.half_session` for somebody half-way."""
    token = request.cookies.get(cookie_name())
    g.language = preferred_language()
    if token:
        with database().read() as reading:
            found = sessions.find(reading, token)
            reading.expunge_all()
        if found is not None:
            _hold(found)
            sessions.touch(database(), found)


def begin(staff: StaffMember, stage: str) -> None:
    """Open a session of this browser in place of the one it had; the answer hands over its token."""
    earlier: StaffSession | None = g.get("staff_session") or g.get("half_session")
    g.new_token = prover().open(staff, stage, browser=browser_family() or None, ends=earlier.id if earlier else None)
    forget_forms()
    with database().read() as reading:
        found = sessions.find(reading, g.new_token)
        reading.expunge_all()
    if found is not None:
        _hold(found)


def leave() -> None:
    """Let the answer take the session's cookie away and clear what the browser keeps."""
    g.leaving = True
    g.pop("staff_session", None)
    g.pop("half_session", None)
    forget_forms()


def forget_forms() -> None:
    """Void the secret of forms: whoever was there before may know it."""
    session.clear()
    for kept in ("csrf_token", "wtf_csrf_token"):
        g.pop(kept, None)


def fresh_token() -> str:
    """A token for forms of the present session."""
    return str(generate_csrf())


def note_confirmed() -> None:
    """Note that whoever is signed in has just proved once more who they are."""
    with database().write() as writing:
        sessions.confirm(writing, g.staff_session)


def public_host() -> str | None:
    """The host and port under which readers and staff reach the site, where the settings say so."""
    address = settings().base_url
    return urlsplit(address).netloc if address else None


def needs_second_factor(staff: StaffMember) -> bool:
    """Whether somebody has to set up a second factor before anything else."""
    return staff.totp_confirmed_at is None and not settings().development


def seal(response: Response) -> None:
    """Hand over or take away the session's cookie."""
    put = partial(
        response.set_cookie,
        cookie_name(),
        path="/",
        secure=not settings().development,
        httponly=True,
        samesite="Lax",
    )
    if g.get("leaving"):
        put("", max_age=0)
        response.headers["Clear-Site-Data"] = CLEARED
    elif token := g.get("new_token"):
        put(token)


def _hold(found: StaffSession) -> None:
    for kept in ("staff_session", "half_session"):
        g.pop(kept, None)
    setattr(g, "staff_session" if found.stage == "full" else "half_session", found)
    g.language = found.staff.language


def init_app(app: Flask) -> None:
    """Make what judges proofs."""
    found = app.extensions["tracker_settings"]
    app.extensions["tracker_prover"] = Prover(
        app.extensions["tracker_database"],
        Keys(found.secret_key, found.secret_key_fallbacks),
        Passwords(found.password_cost),
    )
