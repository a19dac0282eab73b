"""Every address of the desk, feature by feature."""

from tracker.web.staff import entry, history, home, incidents, log, references, review, settings
from tracker.web.staff.accounts import admin, joining, my_account, sign_in
from tracker.web.staff.places import views as places
from tracker.web.staff.routing import make_blueprint

blueprint, DECLARED = make_blueprint(
    [
        *home.ROUTES,
        *incidents.ROUTES,
        *history.ROUTES,
        *log.ROUTES,
        *entry.ROUTES,
        *places.ROUTES,
        *sign_in.ROUTES,
        *joining.ROUTES,
        *my_account.ROUTES,
        *admin.ROUTES,
        *references.ROUTES,
        *settings.ROUTES,
        *review.ROUTES,
    ]
)
"""`DECLARED` holds each route by its endpoint; what is not in it is answered to nobody."""
