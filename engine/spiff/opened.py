"""Reads from the live tokens what is open: tasks, jobs, timers, subscriptions, incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from SpiffWorkflow.util.task import TaskState as S

from engine.spiff import arming
from engine.spiff.live import LiveTask
from engine.spiff.records import IncidentNote, Job, Subscription, Timer, UserTask
from engine.spiff.workflows import Instance


def user_tasks(instance: Instance) -> tuple[UserTask, ...]:
    return tuple(
        UserTask(task.id, task.task_spec.bpmn_id, task.workflow.definition.key)
        for task in instance.tokens.values()
        if is_open_user_task(task)
    )


def is_open_user_task(task: LiveTask) -> bool:
    """Whether a person may complete it now."""
    return bool(task.task_spec.manual and task.state == S.READY)


def jobs(instance: Instance) -> tuple[Job, ...]:
    return tuple(
        Job(
            token_id=task.id,
            element=task.task_spec.bpmn_id,
            definition=task.workflow.definition.key,
            **task.internal_data["job"],  # type: ignore[arg-type]  # written by the job's spec
        )
        for task in instance.tokens.values()
        if is_open_job(task)
    )


def is_open_job(task: LiveTask) -> bool:
    """Whether a worker may finish it now."""
    return "job" in task.internal_data and task.incident is None


def timers(instance: Instance) -> tuple[Timer, ...]:
    return tuple(
        Timer(
            token_id=task.id,
            key=key,
            element=key,
            definition=task.workflow.definition.key,
            due_at=None if record["due"] is None else datetime.fromisoformat(record["due"]),
        )
        for task, key, record in _armed(instance)
        if record["kind"] == "timer"
    )


def subscriptions(instance: Instance) -> tuple[Subscription, ...]:
    return tuple(
        Subscription(
            token_id=task.id,
            key=key,
            element=key,
            definition=task.workflow.definition.key,
            kind=record["kind"],
            name=record["name"],
            correlation_key=record.get("key"),
        )
        for task, key, record in _armed(instance)
        if record["kind"] in {"message", "signal"}
    )


def incidents(instance: Instance) -> tuple[IncidentNote, ...]:
    return tuple(
        IncidentNote(
            token_id=task.id,
            element=task.task_spec.bpmn_id,
            definition=task.workflow.definition.key,
            kind=task.incident["kind"],
            message=task.incident["message"],
            remedy=task.incident["remedy"],
        )
        for task in instance.tokens.values()
        if task.incident is not None
    )


def _armed(instance: Instance) -> Iterator[tuple[LiveTask, str, arming.Record]]:
    for task in instance.tokens.values():
        for key, record in arming.open_records(task).items():
            yield task, key, record
