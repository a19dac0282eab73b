"""The registry: what staff record, with its revisions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the private tables, those that others refer to first."""
    op.create_table(
        "import_origin",
        sa.Column("entity_kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entity_kind", "key", name="pk_import_origin"),
        sa.UniqueConstraint("entity_id", name="uq_import_origin_entity_id"),
    )
    op.create_table(
        "incident",
        sa.Column("reference", sa.String(length=20)),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("internal_notes", sa.Text()),
        sa.Column("covering", sa.Text(), nullable=False),
        sa.Column("work_related", sa.String(length=20)),
        sa.Column("verification", sa.String(length=20)),
        sa.Column("date_edtf", sa.String(length=60)),
        sa.Column("date_earliest", sa.Date()),
        sa.Column("date_latest", sa.Date()),
        sa.Column("date_as_reported", sa.Text()),
        sa.Column("date_part_of_day", sa.String(length=20)),
        sa.Column("date_basis", sa.String(length=20)),
        sa.Column("key", sa.String(length=80)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("key", name="uq_incident_key"),
        sa.UniqueConstraint("reference", name="uq_incident_reference"),
    )
    op.create_table(
        "outlet",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("other_names", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("ownership", sa.String(length=40)),
        sa.Column("country", sa.String(length=2)),
        sa.Column("website", sa.Text()),
        sa.Column("key", sa.String(length=80)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outlet"),
        sa.UniqueConstraint("key", name="uq_outlet_key"),
    )
    op.create_table(
        "person",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("other_names", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=80)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("key", name="uq_person_key"),
    )
    op.create_table(
        "reference_counter",
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name="pk_reference_counter"),
    )
    op.create_table(
        "reference_source",
        sa.Column("type", sa.String(length=40)),
        sa.Column("publisher", sa.Text()),
        sa.Column("title", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("language", sa.String(length=20)),
        sa.Column("published_on", sa.Date()),
        sa.Column("accessed_on", sa.Date()),
        sa.Column("archived_url", sa.Text()),
        sa.Column("archive_sha256", sa.String(length=64)),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("reliability", sa.String(length=1)),
        sa.Column("independence_group", sa.String(length=80)),
        sa.Column("note", sa.Text()),
        sa.Column("key", sa.String(length=80)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reference_source"),
        sa.UniqueConstraint("key", name="uq_reference_source_key"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entity_kind", sa.String(length=20), nullable=False),
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("entity_id", "number", name="uq_revision_entity_id_number"),
    )
    op.create_table(
        "site",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text()),
        sa.Column("contact", sa.Text()),
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=80)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
        sa.UniqueConstraint("key", name="uq_site_key"),
    )
    op.create_table(
        "topic",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=80)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_topic"),
        sa.UniqueConstraint("key", name="uq_topic_key"),
    )
    op.create_table(
        "act",
        sa.Column("incident_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("violation", sa.String(length=40), nullable=False),
        sa.Column("killing_kind", sa.String(length=40)),
        sa.Column("completion", sa.String(length=20)),
        sa.Column("method", sa.String(length=40)),
        sa.Column("ground", sa.String(length=40)),
        sa.Column("arbitrary", sa.String(length=20)),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_act_incident_id_incident", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_act"),
    )
    op.create_index("ix_act_incident_id", "act", ["incident_id"])
    op.create_table(
        "citation",
        sa.Column("incident_id", sa.String(length=26), nullable=False),
        sa.Column("source_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("supports", sa.Text(), nullable=False),
        sa.Column("credibility", sa.String(length=1)),
        sa.Column("locator", sa.Text()),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_citation_incident_id_incident", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["reference_source.id"], name="fk_citation_source_id_reference_source"),
        sa.PrimaryKeyConstraint("id", name="pk_citation"),
    )
    op.create_index("ix_citation_incident_id", "citation", ["incident_id"])
    op.create_index("ix_citation_source_id", "citation", ["source_id"])
    op.create_table(
        "follow_up",
        sa.Column("incident_id", sa.String(length=26)),
        sa.Column("topic_id", sa.String(length=26)),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("said_by", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("date_edtf", sa.String(length=60)),
        sa.Column("date_earliest", sa.Date()),
        sa.Column("date_latest", sa.Date()),
        sa.Column("date_as_reported", sa.Text()),
        sa.Column("date_part_of_day", sa.String(length=20)),
        sa.Column("date_basis", sa.String(length=20)),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_follow_up_incident_id_incident", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_follow_up_topic_id_topic", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
    )
    op.create_index("ix_follow_up_incident_id", "follow_up", ["incident_id"])
    op.create_index("ix_follow_up_topic_id", "follow_up", ["topic_id"])
    op.create_table(
        "incident_topic",
        sa.Column("incident_id", sa.String(length=26), nullable=False),
        sa.Column("topic_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_incident_topic_incident_id_incident", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_incident_topic_topic_id_topic"),
        sa.PrimaryKeyConstraint("incident_id", "topic_id", name="pk_incident_topic"),
    )
    op.create_index("ix_incident_topic_topic_id", "incident_topic", ["topic_id"])
    op.create_table(
        "place",
        sa.Column("incident_id", sa.String(length=26), nullable=False),
        sa.Column("as_reported", sa.Text()),
        sa.Column("venue", sa.Text()),
        sa.Column("locality", sa.Text()),
        sa.Column("admin2", sa.Text()),
        sa.Column("admin1", sa.Text()),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("latitude", sa.Double()),
        sa.Column("longitude", sa.Double()),
        sa.Column("precision", sa.String(length=20)),
        sa.Column("public_precision", sa.String(length=20)),
        sa.Column("placed_by", sa.String(length=20)),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_place_incident_id_incident", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_place"),
        sa.UniqueConstraint("incident_id", name="uq_place_incident_id"),
    )
    op.create_table(
        "related_incident",
        sa.Column("incident_id", sa.String(length=26), nullable=False),
        sa.Column("other_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_related_incident_incident_id_incident", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["incident.id"], name="fk_related_incident_other_id_incident", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("incident_id", "other_id", name="pk_related_incident"),
    )
    op.create_index("ix_related_incident_other_id", "related_incident", ["other_id"])
    op.create_table(
        "timeline_entry",
        sa.Column("topic_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("disagreement", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("date_edtf", sa.String(length=60)),
        sa.Column("date_earliest", sa.Date()),
        sa.Column("date_latest", sa.Date()),
        sa.Column("date_as_reported", sa.Text()),
        sa.Column("date_part_of_day", sa.String(length=20)),
        sa.Column("date_basis", sa.String(length=20)),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name="fk_timeline_entry_topic_id_topic", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_timeline_entry"),
    )
    op.create_index("ix_timeline_entry_topic_id", "timeline_entry", ["topic_id"])
    op.create_table(
        "follow_up_source",
        sa.Column("follow_up_id", sa.String(length=26), nullable=False),
        sa.Column("source_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name="fk_follow_up_source_follow_up_id_follow_up", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["reference_source.id"], name="fk_follow_up_source_source_id_reference_source"
        ),
        sa.PrimaryKeyConstraint("follow_up_id", "source_id", name="pk_follow_up_source"),
    )
    op.create_index("ix_follow_up_source_source_id", "follow_up_source", ["source_id"])
    op.create_table(
        "involvement",
        sa.Column("act_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("perpetrator", sa.String(length=40)),
        sa.Column("named_actor", sa.Text()),
        sa.Column("named_actor_is", sa.String(length=20)),
        sa.Column("affiliation", sa.Text()),
        sa.Column("description", sa.Text()),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("count_least", sa.Integer()),
        sa.Column("count_most", sa.Integer()),
        sa.Column("count_as_reported", sa.Text()),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name="fk_involvement_act_id_act", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_involvement"),
    )
    op.create_index("ix_involvement_act_id", "involvement", ["act_id"])
    op.create_table(
        "timeline_source",
        sa.Column("entry_id", sa.String(length=26), nullable=False),
        sa.Column("source_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["timeline_entry.id"], name="fk_timeline_source_entry_id_timeline_entry", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["reference_source.id"], name="fk_timeline_source_source_id_reference_source"
        ),
        sa.PrimaryKeyConstraint("entry_id", "source_id", name="pk_timeline_source"),
    )
    op.create_index("ix_timeline_source_source_id", "timeline_source", ["source_id"])
    op.create_table(
        "victim",
        sa.Column("act_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=26)),
        sa.Column("naming", sa.String(length=30)),
        sa.Column("name_published_in", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=40)),
        sa.Column("employment", sa.String(length=40)),
        sa.Column("gender", sa.String(length=20)),
        sa.Column("outlet_id", sa.String(length=26)),
        sa.Column("description", sa.Text()),
        sa.Column("harm", sa.String(length=20)),
        sa.Column("custody_from", sa.Date()),
        sa.Column("custody_until", sa.Date()),
        sa.Column("equipment", sa.Text(), nullable=False),
        sa.Column("followed", sa.Text(), nullable=False),
        sa.Column("minor", sa.Boolean()),
        sa.Column("consent_store", sa.String(length=20), nullable=False),
        sa.Column("consent_publish_identity", sa.String(length=20), nullable=False),
        sa.Column("consent_publish_account", sa.String(length=20), nullable=False),
        sa.Column("consent_share", sa.String(length=20), nullable=False),
        sa.Column("consent_legal", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("count_least", sa.Integer()),
        sa.Column("count_most", sa.Integer()),
        sa.Column("count_as_reported", sa.Text()),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name="fk_victim_act_id_act", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name="fk_victim_outlet_id_outlet"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_victim_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_victim"),
    )
    op.create_index("ix_victim_act_id", "victim", ["act_id"])
    op.create_index("ix_victim_outlet_id", "victim", ["outlet_id"])
    op.create_index("ix_victim_person_id", "victim", ["person_id"])


def downgrade() -> None:
    """Drop them in the opposite order; their indexes go with them."""
    op.drop_table("victim")
    op.drop_table("timeline_source")
    op.drop_table("involvement")
    op.drop_table("follow_up_source")
    op.drop_table("timeline_entry")
    op.drop_table("related_incident")
    op.drop_table("place")
    op.drop_table("incident_topic")
    op.drop_table("follow_up")
    op.drop_table("citation")
    op.drop_table("act")
    op.drop_table("topic")
    op.drop_table("site")
    op.drop_table("revision")
    op.drop_table("reference_source")
    op.drop_table("reference_counter")
    op.drop_table("person")
    op.drop_table("outlet")
    op.drop_table("incident")
    op.drop_table("import_origin")
