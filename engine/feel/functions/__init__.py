"""The built-in functions, one module a family; importing this package registers them all."""

from engine.feel.functions import (
    contexts,
    conversion,
    intervals,
    lists,
    numeric,
    statistics,
    strings,
    temporal,
    visits,
    working_days,
)
from engine.feel.registry import FUNCTIONS

__all__ = ["FUNCTIONS"]
