"""The map: how each incident stands on it, as a rendering of its public JSON beside the others."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SPAN = ["valid_from", "valid_to"]
INDEXES = {
    "placing": ["placing", "country", *SPAN],
    "first_month": ["first_month", "last_month", *SPAN],
    "cell": ["cell", *SPAN, "latitude", "longitude", "metres", "violation_group"],
    "longitude": ["longitude", "latitude", *SPAN],
}


def upgrade() -> None:
    """Make the table; the renderings are made again from the stored JSON after the migration."""
    op.create_table(
        "public_point",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=False),
        sa.Column("placing", sa.String(length=8), nullable=False),
        sa.Column("country", sa.String(length=16), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("violation_group", sa.SmallInteger(), nullable=False),
        sa.Column("latitude", sa.Integer()),
        sa.Column("longitude", sa.Integer()),
        sa.Column("metres", sa.Integer()),
        sa.Column("x", sa.Integer()),
        sa.Column("y", sa.Integer()),
        sa.Column("cell", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["version_id"], ["public_version.id"], name="fk_public_point_version_id_public_version"
        ),
        sa.PrimaryKeyConstraint("version_id", name="pk_public_point"),
    )
    for name, columns in INDEXES.items():
        op.create_index(f"ix_public_point_{name}", "public_point", columns)


def downgrade() -> None:
    """Drop the table; it holds nothing that the stored JSON does not say."""
    op.drop_table("public_point")
