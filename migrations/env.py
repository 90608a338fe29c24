"""How alembic reaches the database: one connection as the owner, given by whoever migrates."""

from alembic import context
from sqlmodel import SQLModel

import models  # noqa: F401 - fills the metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.execute("SET LOCAL lock_timeout = '5s'")
    context.run_migrations()
