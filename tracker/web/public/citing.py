"""How a record or the dataset is cited: so that the figure or the sentence can be found again as it was."""

from datetime import datetime

from tracker.dataset.editions import Edition
from tracker.dataset.releases import Release
from tracker.web.public.context import address, site_name
from tracker.web.translation import gettext
from tracker.web.wording import Record, day, instant


def cite_record(title: str, record: Record, edition: Edition, endpoint: str, **key: str) -> str:
    """A citation of one record, with its revision, the dataset version and an address that pins that version."""
    named = gettext("“%(title)s”", title=title)
    if "reference" in record:
        named = f"{named}, {record['reference']}"
    return gettext(
        "%(site)s, %(record)s, revision %(revision)s of %(day)s, dataset version %(version)s. %(address)s",
        site=site_name(),
        record=named,
        revision=record["revision"],
        day=day(record["revised_on"]),
        version=edition.version,
        address=address(endpoint, dataset=edition.version, **key),
    )


def cite_dataset(edition: Edition) -> str | None:
    """A citation of the dataset as it is now, or None before anything was published."""
    if edition.published_at is None:
        return None
    return gettext(
        "%(site)s, dataset version %(version)s of %(instant)s. %(address)s",
        site=site_name(),
        version=edition.version,
        instant=instant(edition.published_at),
        address=address("public.incidents", dataset=edition.version),
    )


def cite_release(release: Release, as_of: datetime) -> str:
    """A citation of a release, with the address at which its files and hashes stand."""
    named = gettext("release %(name)s", name=release.name)
    if release.issue > 1:
        named = gettext("%(release)s, issue %(issue)s", release=named, issue=release.issue)
    return gettext(
        "%(site)s, %(release)s, dataset version %(version)s of %(instant)s. %(address)s",
        site=site_name(),
        release=named,
        version=release.dataset_version,
        instant=instant(as_of),
        address=address("public.release", name=release.name),
    )
