"""Alembic's entry: runs the migrations on the address given by `engine.db.migrate`."""

from alembic import context

from engine.db.migrate import engine_of
from engine.db.tables import Base

with engine_of(context.config).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        # One migration at a time, however many processes start together.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7234001)")
        context.run_migrations()
