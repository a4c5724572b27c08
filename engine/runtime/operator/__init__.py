"""What those in charge do to a case when something stopped or must stop; each command has its right."""

from engine.runtime.operator.corrections import set_variable
from engine.runtime.operator.incidents import resolve_incident, retry_incident
from engine.runtime.operator.life import cancel, resume, suspend
from engine.runtime.operator.moves import move_targets, move_token, restart
from engine.runtime.operator.people import change_lead, release_claim
from engine.runtime.operator.rights import RIGHTS, Command, OperatorRefusedError, allowed, permit

__all__ = [
    "RIGHTS",
    "Command",
    "OperatorRefusedError",
    "allowed",
    "cancel",
    "change_lead",
    "move_targets",
    "move_token",
    "permit",
    "release_claim",
    "resolve_incident",
    "restart",
    "resume",
    "retry_incident",
    "set_variable",
    "suspend",
]
