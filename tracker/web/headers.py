"""What every answer says about itself to browsers and caches, errors and 304 included.

The policy allows nothing but this site's own files: no inline script or style, no frame, no other host, no cookie. The
map for embedding alone may stand in the frames of other sites.
A public answer may be kept but must be asked about again each time, so that nothing outlives a quarantine; its
ETag is made of the dataset version, the build of the program and the representation asked for.
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from tracker.dataset.editions import NOTHING_PUBLISHED, Edition
from tracker.settings import PACKAGE, STATIC
from tracker.web import allowances
from tracker.web.translation import page_locale

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
REFUSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "web-share",
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in REFUSED_FEATURES),
}
# Where a page that embeds the map asks all its frames to be as careful, this one says that it is.
FOR_FRAMES = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *"),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
TWO_YEARS_OF_HTTPS = "max-age=63072000; includeSubDomains"
EXPOSED = ", ".join(
    (
        "ETag",
        "Content-Disposition",
        "Link",
        "Repr-Digest",
        "X-Dataset-Version",
        "X-As-Of",
        "X-Row-Count",
        "X-Unit",
        "X-Unavailable",
        "X-Filter",
        "X-Licence",
        "X-Next",
        "X-Place-Credits",
        "X-SHA256",
        *allowances.HEADERS,
        "Retry-After",
    )
)


def init_app(app: Flask, *, hsts: bool) -> None:
    """Add the headers to every answer of the application."""

    @app.after_request
    def _complete(response: Response) -> Response:
        may_be_framed = FOR_FRAMES if g.get("may_be_framed") else {}
        for name, value in (HEADERS | may_be_framed).items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-cache")
        _share(response)
        allowances.say(response)
        if hsts:
            response.headers.setdefault("Strict-Transport-Security", TWO_YEARS_OF_HTTPS)
        if response.status_code == 200 and (etag := g.get("etag")):
            response.set_etag(etag)
        return response


def _share(response: Response) -> None:
    """Let other sites' pages read public data and the program's own files, and nothing else.

    The files are needed where the map is embedded in a frame without rights of its own (`sandbox`).
    """
    if g.get("is_public_data") or request.endpoint == "static":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    else:
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")


@cache
def build() -> str:
    """A mark of this build: it changes with any file that can change a page."""
    digest = hashlib.sha256()
    for folder, patterns in ((PACKAGE, ("*.py", "*.html", "*.svg", "*.txt", "*.mo")), (STATIC, ("*",))):
        for path in sorted(path for pattern in patterns for path in folder.rglob(pattern)):
            if path.is_file():
                digest.update(_fingerprint(folder, path))
    return digest.hexdigest()[:16]


def _fingerprint(folder: Path, path: Path) -> bytes:
    return path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest()


def etag_of(edition: Edition, also: str = "") -> str:
    """The ETag of what is asked for, at an edition of the dataset; `also` is what else the answer hangs on.

    The stamp of an edition changes with every publication and tells apart versions of the same number before and after
    a backup was restored.
    """
    query = sorted(request.args.items(multi=True))
    drawn_with = current_app.extensions.get("tracker_representation", "")
    asked = repr((request.host, request.path, query, str(page_locale()), drawn_with, also))
    representation = hashlib.sha256(asked.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return f"{edition.version}-{edition.stamp}-{build()}-{representation}"


def unless_known(edition: Edition | None = None, also: str = "") -> None:
    """Stop with 304 where the reader already holds this representation at this version; remember its ETag.

    Without an edition it is something that the program itself says, the same at each of them. `also` is what else the
    answer hangs on. What the reader does not hold has to be made, and is counted where that is costly: stop with 429
    where it was too much. `g.newest` is left for those who keep something until the next publication.
    """
    g.etag = etag_of(edition or NOTHING_PUBLISHED, also)
    if edition is not None:
        g.newest = edition
        # What hangs on anything else may change while the dataset does not.
        g.edition_stamp = "" if also else edition.stamp
    held = request.if_none_match
    # A star stands for any answer; whether there is one is known only when the whole query has been judged.
    if not held.star_tag and held.contains_weak(g.etag):
        response = Response(status=304)
        response.set_etag(g.etag)
        raise HTTPException(response=response)
    allowances.charge()
