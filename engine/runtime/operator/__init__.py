"""What those in charge do to a case when something stopped or must stop; each command has its right."""

from engine.runtime.operator.choices import Choices, Held, Movable, Named, choices
from engine.runtime.operator.corrections import correcting, set_variable
from engine.runtime.operator.foresight import (
    Act,
    Foreseen,
    Place,
    Stop,
    WentOnError,
    What,
    foresee,
    standing,
    unchanged,
)
from engine.runtime.operator.incidents import MESSAGE, resolve_incident, retry_incident, retrying
from engine.runtime.operator.life import cancel, cancelling, resume, suspend
from engine.runtime.operator.moves import move_token, moving, restart, restarting
from engine.runtime.operator.people import change_lead, release_claim
from engine.runtime.operator.rights import RIGHTS, Command, OperatorRefusedError, allowed, permit

__all__ = [
    "MESSAGE",
    "RIGHTS",
    "Act",
    "Choices",
    "Command",
    "Foreseen",
    "Held",
    "Movable",
    "Named",
    "OperatorRefusedError",
    "Place",
    "Stop",
    "WentOnError",
    "What",
    "allowed",
    "cancel",
    "cancelling",
    "change_lead",
    "choices",
    "correcting",
    "foresee",
    "move_token",
    "moving",
    "permit",
    "release_claim",
    "resolve_incident",
    "restart",
    "restarting",
    "resume",
    "retry_incident",
    "retrying",
    "set_variable",
    "standing",
    "suspend",
    "unchanged",
]
