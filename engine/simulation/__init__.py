"""Carries cases through their processes with given answers and a clock of its own, by the real commands."""

from engine.simulation.driver import Driver, FormRefusedError, NotOpenError
from engine.simulation.samples import sample_answers
from engine.simulation.scenario import Scenario, ScenarioError, Step, read, value_of

__all__ = [
    "Driver",
    "FormRefusedError",
    "NotOpenError",
    "Scenario",
    "ScenarioError",
    "Step",
    "read",
    "sample_answers",
    "value_of",
]
