"""deadlines that are rights of their owner: said by the model, where the provider's were taken for such."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "deadline", sa.Column("is_right", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.execute("UPDATE deadline SET is_right = true WHERE owner = 'provider'")


def downgrade() -> None:
    op.drop_column("deadline", "is_right")
