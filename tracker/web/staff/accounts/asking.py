"""Who asks: a person with a page before them, or a script that cannot show one."""

from flask import request


def wants_json() -> bool:
    """Whether a script asked, by what it accepts or by saying so."""
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), default="text/html")
    return best == "application/json" or "X-Requested-With" in request.headers
