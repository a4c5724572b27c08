"""Carries cases through their processes with given answers and a clock of its own, by the real commands."""

from engine.simulation.driver import Driver, FormRefusedError, NotOpenError
from engine.simulation.laboratory import carry_through, laboratory
from engine.simulation.samples import sample_answers
from engine.simulation.scenario import Scenario, ScenarioError, Step, perform, read

__all__ = [
    "Driver",
    "FormRefusedError",
    "NotOpenError",
    "Scenario",
    "ScenarioError",
    "Step",
    "carry_through",
    "laboratory",
    "perform",
    "read",
    "sample_answers",
]
