"""Deadlines: policy dates people are held to, authored in the model, with their arithmetic in words."""

from engine.deadlines.policy import Force, Policy, PolicyError, Start, StartKind, read_policies
from engine.deadlines.schedule import DeadlineValueError, Schedule, schedule

__all__ = [
    "DeadlineValueError",
    "Force",
    "Policy",
    "PolicyError",
    "Schedule",
    "Start",
    "StartKind",
    "read_policies",
    "schedule",
]
