"""Stories by process; a module's `STORIES` are told to the driver one after another."""

from collections.abc import Callable

from engine.simulation import Driver
from engine.worker.handlers import Tools

Story = Callable[[Driver, Tools], None]
