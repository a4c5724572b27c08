"""less to keep up at each step: no locks on shared rows, no index twice, inbox indexes of open tasks."""

from alembic import op

revision = "0004"
down_revision = "0003"

_KEYS = (
    ("token", "definition_id", "process_definition"),
    ("user_task", "definition_id", "process_definition"),
    ("user_task", "form_definition_id", "form_definition"),
    ("history", "instance_id", "instance"),
)
_TWICE = ("user_task", "timer", "subscription", "deadline")
_INBOX = (("ix_user_task_groups", "candidate_groups"), ("ix_user_task_users", "candidate_users"))
_OPEN = "state IN ('open', 'claimed')"


def upgrade() -> None:
    for table, column, referred in _KEYS:
        op.drop_constraint(op.f(f"fk_{table}_{column}_{referred}"), table, type_="foreignkey")
    for table in _TWICE:
        op.drop_index(op.f(f"ix_{table}_instance_id"), table_name=table)
    op.create_index("ix_user_task_live", "user_task", ["instance_id"], postgresql_where=_OPEN)
    for name, column in _INBOX:
        op.drop_index(name, table_name="user_task")
        op.create_index(name, "user_task", [column], postgresql_using="gin", postgresql_where=_OPEN)


def downgrade() -> None:
    for name, column in _INBOX:
        op.drop_index(name, table_name="user_task")
        op.create_index(name, "user_task", [column], postgresql_using="gin")
    op.drop_index("ix_user_task_live", table_name="user_task")
    for table in _TWICE:
        op.create_index(op.f(f"ix_{table}_instance_id"), table, ["instance_id"])
    for table, column, referred in _KEYS:
        op.create_foreign_key(op.f(f"fk_{table}_{column}_{referred}"), table, referred, [column], ["id"])
