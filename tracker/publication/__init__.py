"""THE GATE: the only way from the registry to the dataset, and the only package that knows both.

What goes through is built from the table of public fields (`tracker.dataset.fields`); what may be told of people and
places is decided here, once. A record that says less than before takes its own past with it.
"""

from tracker.publication.gate import Gate, Outcome, preview, problems, publish, quarantine, restrict, withdraw

__all__ = ["Gate", "Outcome", "preview", "problems", "publish", "quarantine", "restrict", "withdraw"]
