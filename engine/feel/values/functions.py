"""What can be called: built-in functions, functions written in FEEL, functions a host hands in."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.feel.run import Run
    from engine.feel.types import FeelType

Closure = Callable[[Any, "Run"], Any]
"""A compiled expression: takes the scope (a mapping) and the run, gives the value."""


class Function(ABC):
    """Anything FEEL can call; two functions are equal only when they are the same one."""

    __slots__ = ()

    @property
    @abstractmethod
    def name(self) -> str:
        """What messages call it."""

    @property
    @abstractmethod
    def parameter_names(self) -> tuple[str, ...]:
        """Its formal parameters in order."""


class FunctionError(Exception):
    """Raised by a native function to give null with this reason."""


@dataclass(frozen=True, slots=True, eq=False)
class NativeFunction(Function):
    """A Python function a host hands in as a context value: the only way to do so.

    `call` gets one FEEL value a parameter (null where the caller gave none) and gives a FEEL value;
    it may raise `FunctionError` for null with a reason. Any other exception is the host's and passes.
    """

    parameters: tuple[str, ...]
    call: Callable[..., Any]
    label: str = "function"

    @property
    def name(self) -> str:
        return self.label

    @property
    def parameter_names(self) -> tuple[str, ...]:
        return self.parameters


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter with its type, which arguments are converted to or refused by."""

    name: str
    type: "FeelType"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class UserFunction(Function):
    """A function written in FEEL: its body sees the scope it was written in, and its parameters."""

    parameters: tuple[Parameter, ...]
    body: Closure
    scope: Any
    result: "FeelType"
    label: str = "function"

    @property
    def name(self) -> str:
        return self.label

    @property
    def parameter_names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)
