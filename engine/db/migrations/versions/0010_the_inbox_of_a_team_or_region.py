"""the inbox of a team or region: the index in the inbox's order tells them without a look at the task."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_ORDER: Sequence[str | sa.TextClause] = ["due_date", sa.text("priority DESC"), "id"]
_OPEN = "state IN ('open', 'claimed')"


def upgrade() -> None:
    op.drop_index("ix_user_task_inbox", table_name="user_task")
    op.create_index("ix_user_task_inbox", "user_task", [*_ORDER, "team", "region"], postgresql_where=_OPEN)
    op.drop_index("ix_user_task_completed_by", table_name="user_task")
    op.create_index(
        "ix_user_task_completed_by",
        "user_task",
        ["completed_by", "completed_at"],
        postgresql_where="completed_by IS NOT NULL",
    )


def downgrade() -> None:
    op.drop_index("ix_user_task_completed_by", table_name="user_task")
    op.create_index("ix_user_task_completed_by", "user_task", ["completed_by", "completed_at"])
    op.drop_index("ix_user_task_inbox", table_name="user_task")
    op.create_index("ix_user_task_inbox", "user_task", _ORDER, postgresql_where=_OPEN)
