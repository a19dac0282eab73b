"""Whose place data a public point is: a column of the map's rendering, so that pages know whom to name."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WHERE = sa.text("credit IS NOT NULL")


def upgrade() -> None:
    """Add the column; the renderings are made again from the stored JSON after the migration."""
    op.add_column("public_point", sa.Column("credit", sa.String(length=16)))
    op.create_index(
        "ix_public_point_credit",
        "public_point",
        ["credit", "valid_from", "valid_to"],
        sqlite_where=WHERE,
        postgresql_where=WHERE,
    )


def downgrade() -> None:
    """Take the column away; it holds nothing that the stored JSON does not say."""
    op.drop_index("ix_public_point_credit", table_name="public_point")
    op.drop_column("public_point", "credit")
