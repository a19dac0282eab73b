"""Releases of the dataset, and indexes by which a copy of it can follow the changes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BEGUN, ENDED = sa.text("json IS NOT NULL"), sa.text("json IS NULL")


def upgrade() -> None:
    """Make the table and the indexes."""
    op.create_table(
        "public_release",
        sa.Column("name", ASCII, nullable=False),
        sa.Column("dataset_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notes", sa.Text()),
        sa.Column("issue", sa.SmallInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purged", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=64)),
        sa.Column("manifest", sa.Text()),
        sa.Column("files", sa.Text()),
        sa.PrimaryKeyConstraint("name", name="pk_public_release"),
        sa.UniqueConstraint("dataset_version", name="uq_public_release_dataset_version"),
    )
    op.create_index(
        "ix_public_version_begun",
        "public_version",
        ["valid_from", "id", "nature"],
        sqlite_where=BEGUN,
        postgresql_where=BEGUN,
    )
    op.create_index(
        "ix_public_version_ended", "public_version", ["valid_to", "id"], sqlite_where=ENDED, postgresql_where=ENDED
    )
    op.create_index(
        "ix_public_tombstone_dataset_version_record_id", "public_tombstone", ["dataset_version", "record_id"]
    )
    op.create_index("ix_public_tombstone_record_id", "public_tombstone", ["record_id"])


def downgrade() -> None:
    """Drop them; the files of releases stay in their folder, and are not listed any more."""
    op.drop_index("ix_public_tombstone_record_id", "public_tombstone")
    op.drop_index("ix_public_tombstone_dataset_version_record_id", "public_tombstone")
    op.drop_index("ix_public_version_ended", "public_version")
    op.drop_index("ix_public_version_begun", "public_version")
    op.drop_table("public_release")
