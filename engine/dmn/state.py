"""One evaluation of a model: FEEL's run, the inputs given, the decisions already made, and the trace."""

from collections.abc import Mapping

from engine.dmn.explain import Explanation, TableTrace
from engine.feel import Environment, Value
from engine.feel.run import Place, Run


class State:
    """What the decisions of one evaluation share.

    A decision service called inside gets a state of its own, over the same run, so that its inputs
    never leak into the caller (DMN 10.4).
    """

    __slots__ = ("inputs", "made", "run")

    def __init__(self, run: "DecisionRun", inputs: Mapping[str, Value]) -> None:
        self.run = run
        self.inputs = inputs
        self.made: dict[str, Value] = {}


class DecisionRun(Run):
    """FEEL's run, which also carries the trace when somebody asked for an explanation."""

    __slots__ = ("refused", "trace")

    def __init__(self, environment: Environment, trace: "Trace | None") -> None:
        super().__init__(environment)
        self.trace = trace
        self.refused: list[str] = []


class Trace:
    """Collects what each decision did, innermost last."""

    def __init__(self) -> None:
        self._open: list[Frame] = [Frame()]

    @property
    def current(self) -> "Frame":
        return self._open[-1]

    def enter(self) -> "Frame":
        self._open.append(Frame())
        return self._open[-1]

    def leave(self, explanation: Explanation) -> None:
        """Close the innermost decision and hand its explanation to the one that required it."""
        self._open.pop()
        self.current.required.append(explanation)


class Frame:
    """What one decision has done so far."""

    __slots__ = ("required", "tables")

    def __init__(self) -> None:
        self.required: list[Explanation] = []
        self.tables: list[TableTrace] = []


def fail(run: Run, message: str, text: str = "") -> None:
    """Note why a value is null."""
    run.fail(message, Place(text, 0))
