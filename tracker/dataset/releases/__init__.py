"""Releases: dataset versions that were frozen under a name as files, to be cited and checked years later.

`naming` says what a release may be called, `folder` keeps the files, `contents` writes them, `manifest` says what they
are, `issuing` makes releases and makes them anew where a restriction reached them, and `reading` is what pages read.
"""

from tracker.dataset.releases.contents import ReleaseFile
from tracker.dataset.releases.issuing import create, reissue, verify, withhold
from tracker.dataset.releases.naming import ReleaseProblem, read_name
from tracker.dataset.releases.reading import Release, all_releases, is_whole, release

__all__ = [
    "Release",
    "ReleaseFile",
    "ReleaseProblem",
    "all_releases",
    "create",
    "is_whole",
    "read_name",
    "reissue",
    "release",
    "verify",
    "withhold",
]
