"""What all tables share: names of constraints, column types, and the states of things."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Date,
    LargeBinary,
    MetaData,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase

Json = Any
"""A JSON-able structure, as `engine.feel.to_json` makes it."""


class Base(DeclarativeBase):
    """Names every constraint, so that a violated one can be told by name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: TIMESTAMP(timezone=True),
        date: Date(),
        str: Text(),
        bytes: LargeBinary(),
        Json: JSONB(none_as_null=True),
        list[str]: ARRAY(Text()),
        int: BigInteger(),
    }


class InstanceState(StrEnum):
    """Where a process instance stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


class UserTaskState(StrEnum):
    """Where a user task stands; `OPEN` may be claimed, `CLAIMED` has an assignee."""

    OPEN = "open"
    CLAIMED = "claimed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class JobState(StrEnum):
    """Where a job stands; `FAILED` means its retries ran out and an incident is open."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DeadlineState(StrEnum):
    """Where a deadline stands; `WAITING` does not know its start yet."""

    WAITING = "waiting"
    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    PAUSED = "paused"
    EXTENDED = "extended"
    VOID = "void"
