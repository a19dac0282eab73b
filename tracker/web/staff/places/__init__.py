"""The place in the entry form: what is looked up, what a person chooses, and what readers will be shown of it.

`asking` makes a question of the form and `looking` answers it; `choosing` says what a chosen place fills in, `typed`
reads coordinates, `shown` asks the gate what becomes public. `desk` puts it on the page, `buttons` works without a
script and `views` with one; `placed` tells of an incident how it came to its point.
"""

# The form and this room need each other; the form is always read in first, whoever is asked for.
import tracker.web.staff.entry  # noqa: F401
