"""What can be read of releases, and whether their files may still be handed out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.dataset.fields import Kind
from tracker.dataset.models import PublicRelease, PublicVersion, public_at
from tracker.dataset.releases.contents import ReleaseFile


@dataclass(frozen=True, slots=True)
class Release:
    """A release as readers see it.

    Attributes:
        issue: 1 at first, one more each time that it was made anew without what a restriction took back.
        folder, manifest, files: of the present issue; without it (`is_ready` is false) while it is being made anew.
    """

    name: str
    dataset_version: int
    created_at: datetime
    notes: str | None
    issue: int
    issued_at: datetime
    folder: str | None
    manifest: dict[str, Any] | None
    manifest_text: str | None
    files: tuple[ReleaseFile, ...]

    @property
    def is_ready(self) -> bool:
        """Whether its files may be handed out."""
        return self.folder is not None

    def file(self, name: str) -> ReleaseFile | None:
        """One of its files, or None."""
        return next((file for file in self.files if file.name == name), None)


def all_releases(session: Session) -> list[Release]:
    """All releases, the newest first."""
    newest_first = select(PublicRelease).order_by(PublicRelease.dataset_version.desc())
    return [_read(session, row) for row in session.scalars(newest_first)]


def release(session: Session, name: str) -> Release | None:
    """The release of this name, or None."""
    row = session.get(PublicRelease, name) if name.isascii() and name.isprintable() else None
    return _read(session, row) if row else None


def is_whole(session: Session, name: str, folder: str) -> bool:
    """Whether an issue may still be handed out: it is the present one, and nothing in it was taken back since.

    It is asked of the database at each request, and again while a file is being sent, so that no restriction has to
    reach the files before it holds.
    """
    row = session.get(PublicRelease, name, populate_existing=True)
    return row is not None and row.folder == folder and not is_stale(session, row)


def is_stale(session: Session, row: PublicRelease) -> bool:
    """Whether a restriction took something back that was public at the release's version, since it was issued."""
    return emptied(session, row.dataset_version) != row.purged


def emptied(session: Session, version: int) -> int:
    """How many records were public at a dataset version with content that was taken back since; it only grows."""
    gone = select(func.count()).where(
        PublicVersion.kind.in_(tuple(Kind)), PublicVersion.json.is_(None), public_at(version)
    )
    return session.scalar(gone.select_from(PublicVersion)) or 0


def _read(session: Session, row: PublicRelease) -> Release:
    ready = row.folder is not None and not is_stale(session, row)
    files = json.loads(row.files) if ready and row.files else []
    return Release(
        name=row.name,
        dataset_version=row.dataset_version,
        created_at=row.created_at,
        notes=row.notes,
        issue=row.issue,
        issued_at=row.issued_at,
        folder=row.folder if ready else None,
        manifest=json.loads(row.manifest) if ready and row.manifest else None,
        manifest_text=row.manifest if ready else None,
        files=tuple(ReleaseFile(**file) for file in files),
    )
