"""processes that messages start."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "start_event",
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["process_definition.id"],
            name=op.f("fk_start_event_definition_id_process_definition"),
        ),
        sa.PrimaryKeyConstraint("definition_id", "element", name=op.f("pk_start_event")),
    )
    op.create_index("ix_start_event_name", "start_event", ["kind", "name"], unique=False)
    op.add_column("delivery", sa.Column("process_id", sa.Text(), nullable=True))
    op.create_index(
        "ix_delivery_started",
        "delivery",
        ["message_id", "process_id"],
        unique=True,
        postgresql_where="process_id IS NOT NULL",
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_started", table_name="delivery", postgresql_where="process_id IS NOT NULL")
    op.drop_column("delivery", "process_id")
    op.drop_index("ix_start_event_name", table_name="start_event")
    op.drop_table("start_event")
