"""cases moved to other versions of their process, so that a move can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

_JSON = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "case_migration",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("rename", _JSON, nullable=False),
        sa.Column("before", _JSON, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["process_definition.id"],
            name=op.f("fk_case_migration_definition_id_process_definition"),
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_case_migration_instance_id_instance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_migration")),
    )
    op.create_index(op.f("ix_case_migration_instance_id"), "case_migration", ["instance_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_case_migration_instance_id"), table_name="case_migration")
    op.drop_table("case_migration")
