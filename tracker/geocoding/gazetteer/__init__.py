"""The offline gazetteer: places of the world by name, in a file that is built once and then only read."""

from tracker.geocoding.gazetteer.file import GazetteerProblem
from tracker.geocoding.gazetteer.geocoder import Gazetteer

__all__ = ["Gazetteer", "GazetteerProblem"]
