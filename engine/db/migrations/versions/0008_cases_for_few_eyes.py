"""cases for few eyes: the roles that see a restricted case."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column(
        "instance",
        sa.Column(
            "restricted_to", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
    )
    op.create_index("ix_instance_started_by_instance_id", "instance", ["started_by_instance_id"])


def downgrade() -> None:
    op.drop_index("ix_instance_started_by_instance_id", "instance")
    op.drop_column("instance", "restricted_to")
