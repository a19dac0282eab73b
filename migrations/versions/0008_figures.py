"""What figures are made of: which victims are the same, custody, official responses, and which fields are known."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FACET = "public_facet"
ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SPAN = ["version_id", "valid_from", "valid_to"]
INDEX = "ix_public_facet_custody_version_id_valid_from_valid_to"


def upgrade() -> None:
    """Add the columns; the renderings are made again from the stored JSON after the migration."""
    _add(FACET, sa.Column("custody", sa.String(length=16), nullable=False, server_default="not_recorded"))
    _add(FACET, sa.Column("person", sa.SmallInteger(), nullable=False, server_default="0"))
    _add(FACET, sa.Column("counts_as", sa.String(length=8), nullable=False, server_default="other"))
    _add("public_incident", sa.Column("response", sa.String(length=16), nullable=False, server_default="not_recorded"))
    op.create_index(INDEX, FACET, ["custody", *SPAN])
    op.create_table(
        "public_known",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bits", ASCII, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["public_version.id"], name="fk_public_known_version_id_public_version"
        ),
        sa.PrimaryKeyConstraint("version_id", name="pk_public_known"),
    )


def _add(table: str, column: sa.Column[object]) -> None:
    # SQLite adds no column without a default to a table that holds rows; nothing else ever uses it.
    op.add_column(table, column)


def downgrade() -> None:
    """Drop the columns; they hold nothing that the stored JSON does not say."""
    op.drop_table("public_known")
    op.drop_index(INDEX, FACET)
    for name in ("custody", "person", "counts_as"):
        op.drop_column(FACET, name)
    op.drop_column("public_incident", "response")
