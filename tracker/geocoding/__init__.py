"""From the words for a place to candidates with coordinates: an offline gazetteer first, remote services by choice.

Nothing here knows an incident or a database session of the registry. What is found says how precise it is; where two
places are close, the answer is ambiguous and a person chooses, because a wrong pin is worse than none.
"""

from tracker.geocoding.answers import Answer, Candidate, Outcome, Wanted
from tracker.geocoding.gazetteer import Gazetteer, GazetteerProblem
from tracker.geocoding.locate import locate

__all__ = ["Answer", "Candidate", "Gazetteer", "GazetteerProblem", "Outcome", "Wanted", "locate"]
