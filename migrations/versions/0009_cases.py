"""What else there is to know of an act and its victim: of what kind the victim is, the kind of killing, a judgement."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = (
    ("kind", sa.String(length=16), "not_recorded"),
    ("killing_kind", sa.String(length=32), "not_recorded"),
    ("arbitrary", sa.String(length=16), "not_recorded"),
)


def upgrade() -> None:
    """Widen the facets; until they are made again from the stored JSON after the migration, they are silent here."""
    for name, kind, silence in COLUMNS:
        op.add_column("public_facet", sa.Column(name, kind, nullable=False, server_default=silence))


def downgrade() -> None:
    """Drop the columns, which hold nothing that the stored JSON does not say."""
    for name, _, _ in reversed(COLUMNS):
        op.drop_column("public_facet", name)
