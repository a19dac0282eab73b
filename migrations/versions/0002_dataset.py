"""The dataset: what is public, with its renderings and the text search."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Sorted and compared byte by byte on both databases.
ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the public tables, the row of the counter, and the search index."""
    _create_versions()
    _create_incidents()
    _create_facets()
    _create_tombstones()
    if op.get_bind().dialect.name == "sqlite":
        # The words come folded and split; this tokenizer leaves them as they are. `detail=none` keeps no positions.
        op.execute(
            "CREATE VIRTUAL TABLE public_search USING fts5"
            "(words, tokenize='ascii', detail=none, columnsize=0, prefix='1 2 3')"
        )
    else:
        op.execute("CREATE TABLE public_search (version_id INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX public_search_words ON public_search USING gin (words)")


def downgrade() -> None:
    """Drop the public tables; publishing again makes their content anew."""
    op.execute("DROP TABLE public_search")
    for name in (
        "public_tombstone",
        "public_incident_topic",
        "public_facet",
        "public_line",
        "public_incident",
        "public_version",
        "public_dataset_version",
        "public_dataset",
    ):
        op.drop_table(name)


def _create_versions() -> None:
    counter = op.create_table(
        "public_dataset",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_public_dataset_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_public_dataset"),
    )
    op.bulk_insert(counter, [{"id": 1, "version": 0}])
    op.create_table(
        "public_dataset_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamp", sa.String(length=16), nullable=False),
        sa.Column("additions", sa.Integer(), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("restrictions", sa.Integer(), nullable=False),
        sa.Column("withdrawals", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_public_dataset_version"),
    )
    op.create_index("ix_public_dataset_version_published_at", "public_dataset_version", ["published_at"])
    op.create_table(
        "public_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("key", ASCII),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Integer()),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nature", sa.String(length=16), nullable=False),
        sa.Column("schema_version", sa.SmallInteger(), nullable=False),
        sa.Column("json", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_public_version"),
    )
    for column in ("record_id", "key"):
        op.create_index(f"ix_public_version_kind_{column}", "public_version", ["kind", column])
        op.create_index(
            f"uq_public_version_open_{column}",
            "public_version",
            ["kind", column],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )
    op.create_index(
        "ix_public_version_purged",
        "public_version",
        ["kind", "valid_from", "valid_to"],
        sqlite_where=sa.text("json IS NULL"),
        postgresql_where=sa.text("json IS NULL"),
    )


def _of_version(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["public_version.id"], name=f"fk_{table}_version_id_public_version"),
    )


def _create_incidents() -> None:
    op.create_table(
        "public_incident",
        *_of_version("public_incident"),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=False),
        sa.Column("earliest", sa.Integer(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("sort_key", ASCII, nullable=False),
        sa.Column("country", sa.String(length=16), nullable=False),
        sa.Column("verification", sa.String(length=16), nullable=False),
        sa.Column("admin1_key", sa.Text(), nullable=False),
        sa.Column("place_key", sa.Text(), nullable=False),
        sa.Column("rendered_with", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("version_id", name="pk_public_incident"),
    )
    for columns in (
        ["sort_key", "valid_from", "valid_to"],
        ["latest", "earliest", "valid_from", "valid_to"],
        ["country", "latest", "earliest", "valid_from", "valid_to"],
        ["place_key"],
        ["admin1_key"],
    ):
        op.create_index(f"ix_public_incident_{'_'.join(columns)}", "public_incident", columns)
    op.create_table(
        "public_line",
        *_of_version("public_line"),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=False),
        sa.Column("csv", sa.Text(), nullable=False),
        sa.Column("feature", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", name="pk_public_line"),
    )


def _create_facets() -> None:
    op.create_table(
        "public_facet",
        *_of_version("public_facet"),
        sa.Column("act", sa.SmallInteger(), nullable=False),
        sa.Column("victim", sa.SmallInteger(), nullable=False),
        sa.Column("involvement", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Integer(), nullable=False),
        sa.Column("violation", sa.String(length=32), nullable=False),
        sa.Column("completion", sa.String(length=16), nullable=False),
        sa.Column("perpetrator", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("harm", sa.String(length=16), nullable=False),
        sa.Column("outlet", ASCII, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "act", "victim", "involvement", name="pk_public_facet"),
        sqlite_with_rowid=False,
    )
    span = ["version_id", "valid_from", "valid_to"]
    for column in ("violation", "completion", "perpetrator", "side", "role", "harm", "outlet"):
        op.create_index(f"ix_public_facet_{column}_{'_'.join(span)}", "public_facet", [column, *span])
    op.create_index("ix_public_facet_act", "public_facet", ["violation", "perpetrator", *span])
    op.create_table(
        "public_incident_topic",
        *_of_version("public_incident_topic"),
        sa.Column("topic", ASCII, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "topic", name="pk_public_incident_topic"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_public_incident_topic_topic_version_id", "public_incident_topic", ["topic", "version_id"])


def _create_tombstones() -> None:
    op.create_table(
        "public_tombstone",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", ASCII, nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("successor", ASCII),
        sa.Column("dataset_version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_public_tombstone"),
    )
