"""Who may change a deadline, and how far: asked of the deployed table `deadline_changes`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select

from engine import dialect, feel
from engine.db.tables import Instance
from engine.groups import Group, Relation
from engine.runtime.errors import NotPermittedError, RefusedCommandError
from engine.runtime.step import Step
from engine.runtime.user_tasks import Actor, Role

DECISION = "deadline_changes"
_NEWEST = dialect.Binding(dialect.BindingType.LATEST)


class Change(StrEnum):
    """What is asked for, in the words of the table."""

    PAUSE = "pause"
    EXTEND = "extend"
    DATE = "change date"


class DeadlineChangeRefusedError(RefusedCommandError):
    """A deadline cannot be changed in this way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A row of the table: role ids, working days an extension may add (None: no limit), reason."""

    roles: tuple[str, ...]
    furthest: int | None
    why: str


def limit(step: Step, change: Change, force: str) -> Limit:
    """The limits of a change of a deadline of this force.

    Raises `DeadlineChangeRefusedError` where the table has no answer, `DefinitionMissingError`.
    """
    setting = step.execution.variables(0).get("setting")
    decision = step.library.decision(step.connection, step.process, DECISION, _NEWEST)
    inputs: dict[str, feel.Value] = {"change": change.value, "force": force, "setting": setting}
    found = decision.model.explain(DECISION, inputs, step.environment)
    match found.value:
        case {"roles": str(roles), "furthest": Decimal() | None as furthest, "why": str(why)}:
            named = tuple(role.strip() for role in roles.split(",") if role.strip())
            return Limit(roles=named, furthest=None if furthest is None else int(furthest), why=why)
    raise DeadlineChangeRefusedError(
        f"The table '{DECISION}' has no answer for {change.value}, {force}, {setting}.",
        "An analyst can add the row; nothing was changed.",
    )


def permit(step: Step, by: Actor, change: Change, force: str) -> Limit:
    """The limits, for someone whom they allow. Raises the errors of `limit`, `NotPermittedError`."""
    found = limit(step, change, force)
    if not found.roles:
        raise DeadlineChangeRefusedError(found.why, "Nothing was changed.")
    if not holds_one(step, by, found.roles):
        groups = step.library.groups(step.connection, step.process.deployment_id)
        names = ", ".join(groups.by_id[each].name if each in groups.by_id else each for each in found.roles)
        raise NotPermittedError(f"{found.why} It takes the {names} of this case.")
    return found


def holds_one(step: Step, by: Actor, roles: Iterable[str]) -> bool:
    """Whether the person holds one of the roles for this case."""
    groups = step.library.groups(step.connection, step.process.deployment_id)
    return any(
        _holds(step, by, held, groups.by_id[role])
        for role in roles
        if role in groups.by_id
        for held in by.roles
        if held.role == role
    )


def _holds(step: Step, by: Actor, held: Role, group: Group) -> bool:
    if step.case.restricted and held.role not in _named_by(step):
        return False
    match group.relation:
        case Relation.ANY:
            return True
        case Relation.TEAM:
            return held.team == step.case.team
        case Relation.REGION:
            return held.region == step.case.region
        case Relation.VARIABLE:
            named = step.execution.variables(0).get(group.variable or "")
            return by.user_id == named or (isinstance(named, list) and by.user_id in named)
        case Relation.LINK:
            return False


def _named_by(step: Step) -> Sequence[str]:
    """The roles that a restricted case opens to."""
    query = select(Instance.restricted_to).where(Instance.id == step.case.id)
    return step.connection.execute(query).scalar_one()


def said(reason: str, what: str) -> str:
    """A reason or an authority, without blanks around it. Raises `DeadlineChangeRefusedError` if empty."""
    stripped = reason.strip()
    if not stripped:
        raise DeadlineChangeRefusedError(
            f"The {what} is missing.", f"Say the {what}; it stays in the history."
        )
    return stripped


def in_future(day: date, today: date) -> None:
    """Refuse a day that is over. Raises `DeadlineChangeRefusedError`."""
    if day < today:
        raise DeadlineChangeRefusedError("The new date is in the past.", "Choose today or a later day.")
