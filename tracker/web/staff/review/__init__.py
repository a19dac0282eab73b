"""The way to the public: the safety review with the exact public record, the steps, and what takes a record back.

`page` is the review page and `preview` the public page in full; `record` makes the exact public bytes and `hints`
what a reviewer should look at; `steps` takes the plain steps, `leaving` takes records off the site, `embargo` and
`restricting` have forms of their own, and `answers` says what stood against a step.
"""

from tracker.web.staff.review import embargo, leaving, page, restricting, steps
from tracker.web.staff.review.steps import NOTICES

ROUTES = [*page.ROUTES, *steps.ROUTES, *embargo.ROUTES, *leaving.ROUTES, *restricting.ROUTES]

__all__ = ["NOTICES", "ROUTES"]
