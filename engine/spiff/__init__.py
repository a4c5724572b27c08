"""Runs processes on SpiffWorkflow; the only package that imports it."""

from engine.spiff.definition import Definition, compile
from engine.spiff.execution import Execution, NotOpenError
from engine.spiff.facts import (
    DecisionEvaluated,
    ElementCancelled,
    ElementCompleted,
    ElementEntered,
    Fact,
    FlowTaken,
    IncidentRaised,
    IncidentResolved,
    MessageThrown,
    SignalThrown,
    VariablesSet,
)
from engine.spiff.host import Host
from engine.spiff.incidents import IncidentError
from engine.spiff.migration import MigrationError
from engine.spiff.migration import Target as MigrationTarget
from engine.spiff.moving import MoveError
from engine.spiff.records import IncidentNote, Job, Subscription, Timer, UserTask
from engine.spiff.state import DefinitionKey, Scope, ScopeKind, State, Token, TokenState

__all__ = [
    "DecisionEvaluated",
    "Definition",
    "DefinitionKey",
    "ElementCancelled",
    "ElementCompleted",
    "ElementEntered",
    "Execution",
    "Fact",
    "FlowTaken",
    "Host",
    "IncidentError",
    "IncidentNote",
    "IncidentRaised",
    "IncidentResolved",
    "Job",
    "MessageThrown",
    "MigrationError",
    "MigrationTarget",
    "MoveError",
    "NotOpenError",
    "Scope",
    "ScopeKind",
    "SignalThrown",
    "State",
    "Subscription",
    "Timer",
    "Token",
    "TokenState",
    "UserTask",
    "VariablesSet",
    "compile",
]
