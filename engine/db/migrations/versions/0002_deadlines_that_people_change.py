"""deadlines that people change, the days people work, calendar feeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

_JSON = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())


def upgrade() -> None:
    op.add_column("deadline", sa.Column("counted", _JSON, nullable=True))
    op.add_column(
        "deadline",
        sa.Column("adjustments", _JSON, server_default=sa.text("'[]'::jsonb"), nullable=False),
    )
    op.add_column("deadline", sa.Column("miss_reason", sa.Text(), nullable=True))
    op.create_index(
        "ix_deadline_counted",
        "deadline",
        ["calendar_revision", "instance_id"],
        unique=False,
        postgresql_where="ended_on IS NULL",
    )
    op.add_column(
        "app_user",
        sa.Column(
            "works_on",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{Monday,Tuesday,Wednesday,Thursday,Friday}'"),
            nullable=False,
        ),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_calendar_feed_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
    )
    op.create_index(op.f("ix_calendar_feed_user_id"), "calendar_feed", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_calendar_feed_user_id"), table_name="calendar_feed")
    op.drop_table("calendar_feed")
    op.drop_column("app_user", "works_on")
    op.drop_index("ix_deadline_counted", table_name="deadline", postgresql_where="ended_on IS NULL")
    op.drop_column("deadline", "miss_reason")
    op.drop_column("deadline", "adjustments")
    op.drop_column("deadline", "counted")
