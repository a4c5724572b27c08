"""Parts of a deployment that start at once: forked from a process that has everything imported.

What a killed part leaves behind is the same; a round of the plug-pulling test no longer waits seconds for
imports, so that there can be more rounds.
"""

import os
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path

_IMPORTED = (
    "web.cli",
    "web.app",
    "web.running",
    "web.metrics",
    "web.settings",
    "engine.worker",
    "engine.runtime.library",
    "engine.simulation",
)
_context = get_context("forkserver")
_context.set_forkserver_preload(list(_IMPORTED))


class ForkedPart:
    """A process of the deployment: an `sccif` command, or the load program."""

    def __init__(self, arguments: list[str], settings: Mapping[str, str], log: Path) -> None:
        """`arguments` begin with `sccif` or `load`; `log` holds what the process says."""
        self._given = (arguments, dict(settings), str(log))
        self.start()

    def start(self) -> None:
        """Start it, also anew."""
        self._process = _context.Process(target=_be, args=self._given, daemon=True)
        self._process.start()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.join()

    @property
    def is_running(self) -> bool:
        return self._process.is_alive()


def _be(arguments: list[str], settings: dict[str, str], log: str) -> None:
    os.environ.update(settings)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, sys.stdout.fileno())
    os.dup2(said, sys.stderr.fileno())
    program, *rest = arguments
    if program == "sccif":
        from web.cli import main  # imported by the process this one was forked from

        main(rest)
    else:
        import faultload

        faultload.work_for_ever(*rest)
