"""the inbox in its order: its first page is read from the index, however many tasks are open."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_OPEN = "state IN ('open', 'claimed')"


def upgrade() -> None:
    op.drop_index("ix_user_task_open", table_name="user_task")
    op.create_index(
        "ix_user_task_inbox",
        "user_task",
        ["due_date", sa.text("priority DESC"), "id"],
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_user_task_inbox", table_name="user_task")
    op.create_index("ix_user_task_open", "user_task", ["due_date", "id"], postgresql_where="state='open'")
