"""Carries cases through their processes with given answers and a clock of its own, by the real commands."""

from engine.simulation.driver import Driver, FormRefusedError, NotOpenError
from engine.simulation.samples import sample_answers

__all__ = ["Driver", "FormRefusedError", "NotOpenError", "sample_answers"]
