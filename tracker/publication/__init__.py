"""THE GATE: the only way from the registry to the dataset, and the only package that knows both.

What goes through is built from the table of public fields (`tracker.dataset.fields`); what may be told of people and
places is decided here, once. A record that says less than before takes its own past with it.

`gate` is one sitting of it and `verbs` what is done with one incident; `steps` takes the steps of the workflow,
`restricting` makes a public record say less, `published` knows the text behind a public record, and `clearing` clears
what was taken back from the files of the database. `mentions` finds the texts that name what is not on the site.
"""

from tracker.publication.clearing import purge
from tracker.publication.gate import Gate, Outcome, take_turn
from tracker.publication.published import affected, refresh
from tracker.publication.verbs import forget_left_behind, preview, problems, publish, quarantine, restrict, withdraw

__all__ = [
    "Gate",
    "Outcome",
    "affected",
    "forget_left_behind",
    "preview",
    "problems",
    "publish",
    "purge",
    "quarantine",
    "refresh",
    "restrict",
    "take_turn",
    "withdraw",
]
