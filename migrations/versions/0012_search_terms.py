"""The words of the text search as a table: which of them begin alike is looked up, not found out by each search."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the words that SQLite's index holds; the table has no content of its own. PostgreSQL needs none."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE public_search_terms USING fts5vocab('public_search', 'row')")


def downgrade() -> None:
    """Drop the table."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE public_search_terms")
