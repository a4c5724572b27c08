"""The typed tables: what is deployed, what runs, what waits, what happened.

Times are aware and stored in UTC; dates are London days. `data`, `fields` and `value` columns hold FEEL
values in the encoding of `engine.feel.to_json`.
"""

from engine.db.tables.base import Base, DeadlineState, InstanceState, JobState, Json, UserTaskState
from engine.db.tables.cases import CaseMigration, Instance, Scope, Token, Variable
from engine.db.tables.deployed import (
    DecisionDefinition,
    Deployment,
    DeploymentResource,
    FormDefinition,
    ProcessDefinition,
    Resource,
    StartEvent,
)
from engine.db.tables.people import CalendarFeed, Service, User, UserRole
from engine.db.tables.record import (
    CASE_NUMBER,
    AccessLog,
    CalendarRevision,
    Document,
    Evidence,
    History,
    OutgoingMail,
    ProviderLink,
    Publication,
    SentForm,
)
from engine.db.tables.requirements import Requirement, RequirementState
from engine.db.tables.waiting import (
    Deadline,
    Delivery,
    Draft,
    Incident,
    Job,
    Message,
    Subscription,
    Timer,
    UserTask,
)

__all__ = [
    "CASE_NUMBER",
    "AccessLog",
    "Base",
    "CalendarFeed",
    "CalendarRevision",
    "CaseMigration",
    "Deadline",
    "DeadlineState",
    "DecisionDefinition",
    "Delivery",
    "Deployment",
    "DeploymentResource",
    "Document",
    "Draft",
    "Evidence",
    "FormDefinition",
    "History",
    "Incident",
    "Instance",
    "InstanceState",
    "Job",
    "JobState",
    "Json",
    "Message",
    "OutgoingMail",
    "ProcessDefinition",
    "ProviderLink",
    "Publication",
    "Requirement",
    "RequirementState",
    "Resource",
    "Scope",
    "SentForm",
    "Service",
    "StartEvent",
    "Subscription",
    "Timer",
    "Token",
    "User",
    "UserRole",
    "UserTask",
    "UserTaskState",
    "Variable",
]
