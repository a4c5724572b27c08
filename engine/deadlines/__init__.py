"""Deadlines: policy dates people are held to, authored in the model, with their arithmetic in words."""

from engine.deadlines.adjustments import Adjustment, Extension, Pause, days_left
from engine.deadlines.counting import Numbers, Schedule, count
from engine.deadlines.picturing import Marks, as_text, months_between, weeks_of
from engine.deadlines.policy import Force, Policy, PolicyError, Start, StartKind, read_policies
from engine.deadlines.schedule import DeadlineValueError, as_date, schedule, start_of

__all__ = [
    "Adjustment",
    "DeadlineValueError",
    "Extension",
    "Force",
    "Marks",
    "Numbers",
    "Pause",
    "Policy",
    "PolicyError",
    "Schedule",
    "Start",
    "StartKind",
    "as_date",
    "as_text",
    "count",
    "days_left",
    "months_between",
    "read_policies",
    "schedule",
    "start_of",
    "weeks_of",
]
