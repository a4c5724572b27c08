"""A worker in a thread of a process that does other things, such as serving pages."""

import logging
import os
import signal
import threading

from engine.worker.loop import Worker

log = logging.getLogger(__name__)


class Beside(threading.Thread):
    """Works until `stop` is set. When it ends before, it asks the whole process to end; `error` says why."""

    def __init__(self, worker: Worker) -> None:
        super().__init__(name="worker")
        self._worker, self.stop = worker, threading.Event()
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self._worker.run(self.stop)
        except Exception as error:  # told by the main thread, which alone can end the process
            log.critical("the worker has ended; so does this process", exc_info=error)
            self.error = error
            os.kill(os.getpid(), signal.SIGTERM)
