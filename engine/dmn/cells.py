"""Unary tests compiled with their syntax tree, which the index and the proof read."""

from collections.abc import Collection, Mapping

from engine.dmn.columns import Cell
from engine.dmn.cuts import cuts_of
from engine.feel.compiler import compile_tests
from engine.feel.functions import FUNCTIONS
from engine.feel.parser import parse_unary_tests
from engine.feel.types import FeelType

ANYTHING = "-"


def compile_cell(
    text: str,
    names: Collection[str] = (),
    types: Mapping[str, FeelType] | None = None,
    *,
    domain: bool = False,
) -> Cell:
    """One cell, or allowed values (`domain`); empty text holds always. Raises FeelSyntaxError."""
    tree = parse_unary_tests(text or ANYTHING, names, FUNCTIONS, types or {})
    return Cell(text, compile_tests(text or ANYTHING, tree), cuts_of(tree, domain=domain))
