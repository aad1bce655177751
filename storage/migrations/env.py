"""Runs revisions on the connection, and in the transaction, that `storage.migrate` opened."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a column by rebuilding its table
    transactional_ddl=True,
)
context.run_migrations()
