"""Pages that ask for something first, and carry along all that was posted, so that nothing typed is lost.

Three things can stand before a form that somebody sends: their session has run out (401), the step is grave and they
have to prove once more who they are (403), or the form is of an earlier session (400). Each page holds every posted
field in hidden ones and goes to the same address, where the guard takes the answer and lets the rest through.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from flask import Response, g, jsonify, make_response, request, url_for
from werkzeug.datastructures import ImmutableMultiDict

from tracker.registry.accounts.proof import Verdict
from tracker.web.clients import client_address
from tracker.web.staff.accounts import signing
from tracker.web.staff.accounts.asking import wants_json
from tracker.web.staff.accounts.forms import CarriedSignIn, ConfirmForm, fault, summary
from tracker.web.staff.context import me, page
from tracker.web.translation import gettext, ngettext

SIGN_IN = ("sign_in_email", "sign_in_password", "sign_in_code")
CONFIRM = ("confirm_password", "confirm_code")
# What is asked for by these pages themselves is never carried, and no password is.
OWN = frozenset({*SIGN_IN, *CONFIRM, "csrf_token"})

Pairs = list[tuple[str, str]]


def keep_body() -> None:
    """Keep the body of a form as it came, since its order is lost once it has been read as a form."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.get_data(cache=True)


def posted() -> Pairs:
    """All fields that were posted, in their order."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return list(request.form.items(multi=True))
    body = request.get_data(cache=True).decode("utf-8", "replace")
    return parse_qsl(body, keep_blank_values=True, errors="replace")


def carried() -> Pairs:
    """The posted fields that go along: all but those that these pages ask for, and passwords."""
    return [(name, value) for name, value in posted() if name not in OWN and "password" not in name]


def strip() -> None:
    """Take the fields of these pages out of the form, which the views then see as it was sent first."""
    if OWN & set(request.form):
        pairs = [(name, value) for name, value in posted() if name not in OWN - {"csrf_token"}]
        vars(request)["form"] = ImmutableMultiDict(pairs)
        vars(request).pop("values", None)


def ask_sign_in(problems: Mapping[str, str] | None = None, *, wait: int = 0) -> Response:
    """401: the session is over; sign in here, and go on with what was sent. 429 where it was tried too often."""
    status = 429 if wait else 401
    if wants_json():
        return _json({"sign_in": url_for("staff.sign_in")}, status, wait)
    form = CarriedSignIn(data={"sign_in_email": request.form.get("sign_in_email", "")})
    _mark(form, problems, wait)
    fields = carried()
    shown = page("staff/carry.html", form=form, carried=fields, problems=summary(form))
    return _answer(shown, status, wait)


def sign_in_here() -> Response | None:
    """Take the answer to `ask_sign_in`; None where it was right, and the request goes on signed in."""
    email, password, code = (request.form.get(name, "") for name in SIGN_IN)
    address = client_address()
    proved = signing.prover().password(email, password, address=address, code=code or None)
    if proved.staff is None:
        wrong = {"sign_in_password": gettext("E-mail address or password is wrong.")}
        return ask_sign_in(wrong, wait=proved.wait)
    staff = proved.staff
    if signing.needs_second_factor(staff):
        later = gettext("Sign in in another window and set up your code generator; then send this once more.")
        return ask_sign_in({"sign_in_code": later})
    if staff.totp_confirmed_at is not None:
        proved = signing.prover().code(staff.id, code, address=address)
        if proved.staff is None:
            return ask_sign_in({"sign_in_code": gettext("The code is wrong, or was used before.")}, wait=proved.wait)
    signing.begin(staff, "full")
    return None


def ask_confirmation(problems: Mapping[str, str] | None = None, *, wait: int = 0) -> Response:
    """403: prove once more who you are, and go on with what was sent. 429 where it was tried too often."""
    status = 429 if wait else 403
    if wants_json():
        return _json({"confirm": True}, status, wait)
    form = ConfirmForm()
    if me().totp_confirmed_at is None:
        del form.confirm_code
    _mark(form, problems, wait)
    safe = request.method in {"GET", "HEAD"}
    # A page that was only asked for takes no POST, so that another address takes the answer and leads back.
    fields = [("next", request.full_path.rstrip("?"))] if safe else carried()
    action = url_for("staff.confirm") if safe else None
    shown = page("staff/confirm.html", form=form, carried=fields, action=action, problems=summary(form))
    return _answer(shown, status, wait)


def confirm_here() -> Response | None:
    """Take the answer to `ask_confirmation`; None where it was right, and the request goes on."""
    staff, address = me(), client_address()
    code = request.form.get("confirm_code", "")
    prover = signing.prover()
    needs_code = staff.totp_confirmed_at is not None
    proved = prover.password(
        staff.email, request.form.get("confirm_password", ""), address=address, code=code if needs_code else None
    )
    if proved.staff is None:
        return ask_confirmation({"confirm_password": gettext("The password is wrong.")}, wait=proved.wait)
    if needs_code:
        proved = prover.code(staff.id, code, address=address)
        if proved.staff is None:
            return ask_confirmation(
                {"confirm_code": gettext("The code is wrong, or was used before.")}, wait=proved.wait
            )
    signing.note_confirmed()
    return None


def ask_again() -> Response:
    """400: the form is of an earlier session; its fields are still here and one button sends them."""
    if wants_json():
        return _json({"csrf_token": signing.fresh_token()}, 400)
    return _answer(page("staff/again.html", carried=carried()), 400)


def open_anew() -> Response:
    """400: a form of the pages that lead in is too old; nothing is carried, since it holds a password."""
    if wants_json():
        return _json({"csrf_token": signing.fresh_token()}, 400)
    return _answer(page("staff/anew.html"), 400)


def is_foreign() -> bool:
    """Whether another site made the browser send this.

    Browsers say `null` for the origin where a page tells no referrer, as ours do; they then say by `Sec-Fetch-Site`
    where the request comes from, and the form's own token stands behind both.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin", "null")
    own = {request.host, signing.public_host()}
    return origin != "null" and origin.partition("://")[2] not in own


def wait_sentence(seconds: int) -> str:
    """How long to wait, in words."""
    return ngettext(
        "There were too many tries. Try again in %(num)s second.",
        "There were too many tries. Try again in %(num)s seconds.",
        seconds,
    )


def refused(proved: Verdict, sentence: str) -> str:
    """Why a proof was not taken."""
    return wait_sentence(proved.wait) if proved.wait else sentence


def _mark(form: CarriedSignIn | ConfirmForm, problems: Mapping[str, str] | None, wait: int) -> None:
    for name, sentence in (problems or {}).items():
        fault(form[name], wait_sentence(wait) if wait else sentence)


def _json(content: Mapping[str, object], status: int, wait: int = 0) -> Response:
    told = dict(content) | ({"problem": wait_sentence(wait)} if wait else {})
    response = jsonify(told)
    response.status_code = status
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _answer(shown: str, status: int, wait: int = 0) -> Response:
    response = make_response(shown, status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    g.pop("etag", None)
    return response


def answer(shown: str, wait: int = 0, problems: Sequence[object] = (), *, status: int = 200) -> Response:
    """A page of a form: 429 where it came too early, 422 where something is wrong in it."""
    return _answer(shown, 429 if wait else 422 if problems else status, wait)
