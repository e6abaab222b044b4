"""Alembic's environment: runs the migrations on the connection passed by `bot.store.database`."""

from alembic import context

from bot.store import layer_tables, tables
from bot.store.metadata import metadata

# Importing these modules defines their tables.
assert tables  # noqa: S101
assert layer_tables  # noqa: S101

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
