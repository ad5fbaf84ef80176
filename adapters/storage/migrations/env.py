"""What alembic runs: on the connection that it is handed, never on one of its own."""

from __future__ import annotations

from alembic import context

from adapters.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
