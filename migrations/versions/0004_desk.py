"""The work at the desk: unfinished forms, safety reviews, names to look up, merges, and what incidents remember."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "upkeep",
    "searched_incident",
    "saved_filter",
    "merge",
    "duplicate_ruling",
    "name_key",
    "safety_review",
    "unfinished_form",
)
INDEXES = (
    ("act", "ix_act_violation_incident_id"),
    ("incident", "ix_incident_amendment"),
    ("incident", "ix_incident_created_by"),
    ("incident", "ix_incident_date_earliest_date_latest"),
    ("incident", "ix_incident_embargo_until"),
    ("incident", "ix_incident_look_again_on"),
    ("incident", "ix_incident_status_updated_at"),
    ("incident", "ix_incident_updated_at"),
    ("outlet", "ix_outlet_merged_into"),
    ("person", "ix_person_merged_into"),
    ("place", "ix_place_country_incident_id"),
    ("reference_source", "ix_reference_source_merged_into"),
)
COLUMNS = (
    ("incident", "look_again_on"),
    ("incident", "look_again_for"),
    ("incident", "created_by"),
    ("incident", "amendment"),
    ("incident", "embargo_until"),
    ("incident", "first_published_on"),
    ("incident", "public_revision"),
    ("outlet", "merged_into"),
    ("person", "merged_into"),
    ("reference_source", "merged_into"),
    ("site", "languages"),
    ("site", "default_public_precision"),
    ("site", "one_person"),
)


def upgrade() -> None:
    """Make the tables of the desk, and tell incidents what the dataset and the revisions know of them."""
    _create_tables()
    _create_search()
    _add_columns()
    _fill_authors()
    _fill_history()


def downgrade() -> None:
    """Drop the tables and columns of the desk."""
    for table, index in INDEXES:
        op.drop_index(index, table_name=table)
    for table, column in COLUMNS:
        op.drop_column(table, column)
    op.execute("DROP TABLE staff_search")
    for name in TABLES:
        op.drop_table(name)


def _create_tables() -> None:
    op.create_table(
        "unfinished_form",
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("incident_id", sa.String(length=26)),
        sa.Column("base_version", sa.Integer()),
        sa.Column("title", sa.Text()),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_unfinished_form_incident_id_incident", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name="fk_unfinished_form_staff_id_staff_member", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unfinished_form"),
        sa.UniqueConstraint("staff_id", "incident_id", name="uq_unfinished_form_staff_id_incident_id"),
    )
    op.create_index("ix_unfinished_form_incident_id", "unfinished_form", ["incident_id"])
    op.create_index("ix_unfinished_form_staff_id", "unfinished_form", ["staff_id"])
    op.create_table(
        "safety_review",
        sa.Column("incident_id", sa.String(length=26), nullable=False),
        sa.Column("incident_version", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("by_author", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("record_digest", sa.String(length=64), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("residual_risk", sa.Text()),
        sa.Column("review_again_on", sa.Date()),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_safety_review_incident_id_incident", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_safety_review"),
    )
    op.create_index("ix_safety_review_incident_id", "safety_review", ["incident_id"])
    op.create_table(
        "name_key",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entity_kind", sa.String(length=20), nullable=False),
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        sa.Column(
            "words",
            sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_name_key"),
    )
    op.create_index("ix_name_key_entity_id", "name_key", ["entity_id"])
    op.create_index("ix_name_key_entity_kind_words", "name_key", ["entity_kind", "words"])
    op.create_table(
        "duplicate_ruling",
        sa.Column("first_id", sa.String(length=26), nullable=False),
        sa.Column("second_id", sa.String(length=26), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id"], ["incident.id"], name="fk_duplicate_ruling_first_id_incident", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["incident.id"], name="fk_duplicate_ruling_second_id_incident", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_ruling"),
        sa.UniqueConstraint("first_id", "second_id", name="uq_duplicate_ruling_first_id_second_id"),
    )
    op.create_index("ix_duplicate_ruling_second_id", "duplicate_ruling", ["second_id"])
    op.create_table(
        "merge",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("kept_id", sa.String(length=26), nullable=False),
        sa.Column("merged_id", sa.String(length=26), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(length=200)),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_merge"),
    )
    op.create_index("ix_merge_kept_id", "merge", ["kept_id"])
    op.create_index("ix_merge_merged_id", "merge", ["merged_id"])
    op.create_table(
        "saved_filter",
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name="fk_saved_filter_staff_id_staff_member", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filter"),
        sa.UniqueConstraint("staff_id", "name", name="uq_saved_filter_staff_id_name"),
    )
    op.create_index("ix_saved_filter_staff_id", "saved_filter", ["staff_id"])
    op.create_table(
        "upkeep",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("name", name="pk_upkeep"),
    )


def _create_search() -> None:
    op.create_table(
        "searched_incident",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("incident_id", sa.String(length=26), nullable=False),
        sa.Column("made_with", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_searched_incident_incident_id_incident", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_searched_incident"),
        sa.UniqueConstraint("incident_id", name="uq_searched_incident_incident_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        # The words come folded and split; this tokenizer leaves them as they are. `detail=none` keeps no positions.
        op.execute(
            "CREATE VIRTUAL TABLE staff_search USING fts5"
            "(words, tokenize='ascii', detail=none, columnsize=0, prefix='1 2 3')"
        )
    else:
        op.execute("CREATE TABLE staff_search (searched_id INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX staff_search_words ON staff_search USING gin (words)")


def _add_columns() -> None:
    op.add_column("incident", sa.Column("look_again_on", sa.Date()))
    op.add_column("incident", sa.Column("look_again_for", sa.Text()))
    op.add_column("incident", sa.Column("created_by", sa.String(length=200)))
    op.add_column("incident", sa.Column("amendment", sa.String(length=20)))
    op.add_column("incident", sa.Column("embargo_until", sa.DateTime(timezone=True)))
    op.add_column("incident", sa.Column("first_published_on", sa.Date()))
    op.add_column("incident", sa.Column("public_revision", sa.Integer()))
    op.create_index("ix_incident_created_by", "incident", ["created_by"])
    op.create_index("ix_incident_date_earliest_date_latest", "incident", ["date_earliest", "date_latest"])
    op.create_index("ix_incident_embargo_until", "incident", ["embargo_until"])
    op.create_index("ix_incident_look_again_on", "incident", ["look_again_on"])
    op.create_index("ix_incident_status_updated_at", "incident", ["status", "updated_at"])
    op.create_index("ix_incident_updated_at", "incident", ["updated_at"])
    op.create_index("ix_incident_amendment", "incident", ["amendment"])
    op.create_index("ix_act_violation_incident_id", "act", ["violation", "incident_id"])
    op.create_index("ix_place_country_incident_id", "place", ["country", "incident_id"])
    op.add_column("outlet", sa.Column("merged_into", sa.String(length=26)))
    op.create_index("ix_outlet_merged_into", "outlet", ["merged_into"])
    op.add_column("person", sa.Column("merged_into", sa.String(length=26)))
    op.create_index("ix_person_merged_into", "person", ["merged_into"])
    op.add_column("reference_source", sa.Column("merged_into", sa.String(length=26)))
    op.create_index("ix_reference_source_merged_into", "reference_source", ["merged_into"])
    op.add_column("site", sa.Column("languages", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("site", sa.Column("default_public_precision", sa.String(length=20)))
    op.add_column("site", sa.Column("one_person", sa.Boolean(), nullable=False, server_default=sa.false()))


def _fill_authors() -> None:
    """Who recorded each incident, as its first revision says."""
    op.execute(
        "UPDATE incident SET created_by = (SELECT actor FROM revision WHERE revision.entity_id = incident.id "
        "AND revision.number = 1)"
    )


def _fill_history() -> None:
    """When each public incident was first published, and how often since, as its public record says."""
    connection = op.get_bind()
    public = sa.text(
        "SELECT record_id, json FROM public_version WHERE kind = 'incident' AND valid_to IS NULL AND json IS NOT NULL"
    )
    keep = sa.text(
        "UPDATE incident SET first_published_on = :first, public_revision = :revision WHERE id = :id"
    ).bindparams(sa.bindparam("first", type_=sa.Date()))
    for record_id, text in connection.execute(public).all():
        record = json.loads(text)
        connection.execute(
            keep, {"first": date.fromisoformat(record["published_on"]), "revision": record["revision"], "id": record_id}
        )
