"""The worker: fires timers, delivers messages and does jobs, each in its own transaction."""

from engine.worker.beside import Beside
from engine.worker.doing import StuckError
from engine.worker.loop import WorkDone, Worker

__all__ = ["Beside", "StuckError", "WorkDone", "Worker"]
