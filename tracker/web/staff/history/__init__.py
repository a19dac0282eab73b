"""How a record became what it is: each revision in words, any two compared, and an old one restored as a new one.

The pages are the same for incidents (`incidents`) and for what they refer to (`tracker.web.staff.references.history`).
"""

from tracker.web.staff.history.incidents import ROUTES

__all__ = ["ROUTES"]
