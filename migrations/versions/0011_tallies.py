"""How many incidents hold each value: counts that are kept, so that nobody has to count a million rows."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table; what is public is counted after the migration."""
    op.create_table(
        "public_tally",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("value", ASCII, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "value", name="pk_public_tally"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the table; it holds nothing that the renderings do not say."""
    op.drop_table("public_tally")
