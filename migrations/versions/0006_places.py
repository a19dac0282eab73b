"""Where pins come from, and what outside services answered: provenance of places, cache and turns of geocoding."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = ("entry", "matched", "placed_by_whom", "placed_at")
PIN = ("latitude", "longitude", "placed_by")
INCIDENTS_AT_ONCE = 500

revisions = sa.table(
    "revision",
    sa.column("entity_id", sa.String),
    sa.column("number", sa.Integer),
    sa.column("actor", sa.String),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("snapshot", sa.Text),
)
places = sa.table(
    "place",
    sa.column("incident_id", sa.String),
    sa.column("latitude", sa.Float),
    sa.column("placed_by_whom", sa.String),
    sa.column("placed_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Make room for it, and sign each pin that there is with whoever set it, as the revisions tell."""
    op.add_column("place", sa.Column("entry", sa.String(length=64)))
    op.add_column("place", sa.Column("matched", sa.Text()))
    op.add_column("place", sa.Column("placed_by_whom", sa.String(length=200)))
    op.add_column("place", sa.Column("placed_at", sa.DateTime(timezone=True)))
    op.create_table(
        "geocoder_turn",
        sa.Column("service", sa.String(length=300), nullable=False),
        sa.Column("holder", sa.String(length=26)),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("service", name="pk_geocoder_turn"),
    )
    op.create_table(
        "geocoder_answer",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=300), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text()),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_geocoder_answer"),
    )
    op.create_index("ix_geocoder_answer_expires_at", "geocoder_answer", ["expires_at"])
    _sign_pins()


def downgrade() -> None:
    """Drop the tables and columns."""
    op.drop_index("ix_geocoder_answer_expires_at", table_name="geocoder_answer")
    op.drop_table("geocoder_answer")
    op.drop_table("geocoder_turn")
    for column in COLUMNS:
        op.drop_column("place", column)


def _sign_pins() -> None:
    connection = op.get_bind()
    pinned = connection.scalars(sa.select(places.c.incident_id).where(places.c.latitude.is_not(None))).all()
    for start in range(0, len(pinned), INCIDENTS_AT_ONCE):
        chunk = revisions.c.entity_id.in_(pinned[start : start + INCIDENTS_AT_ONCE])
        history = sa.select(revisions).where(chunk).order_by(revisions.c.entity_id, revisions.c.number)
        signed: dict[str, tuple[Any, str, Any]] = {}
        for row in connection.execute(history):
            place = json.loads(row.snapshot).get("place", {})
            pin = tuple(place.get(name) for name in PIN)
            if row.entity_id not in signed or signed[row.entity_id][0] != pin:
                signed[row.entity_id] = pin, row.actor, row.at
        for incident_id, (_pin, whom, at) in signed.items():
            mine = places.c.incident_id == incident_id
            connection.execute(sa.update(places).where(mine).values(placed_by_whom=whom, placed_at=at))
