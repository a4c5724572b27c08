"""The worker: fires timers, delivers messages and does jobs, each in its own transaction."""

from engine.worker.loop import WorkDone, Worker

__all__ = ["WorkDone", "Worker"]
