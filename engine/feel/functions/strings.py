"""String functions (DMN 10.3.4.3); positions count Unicode characters from 1."""

from decimal import Decimal
from typing import Any

from engine.feel.regex import pattern
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values.functions import FunctionError
from engine.feel.values.kinds import type_name


@builtin("substring(string: string, start position: number, length?: number)")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> str:
    """Part of a string; a negative position counts from the end, fractions are cut off."""
    if not 1 <= abs(start) < len(string) + 1:
        raise FunctionError(f"`start position` {start} lies outside the string")
    first = int(start)
    begin = first - 1 if first > 0 else len(string) + first
    if length is None:
        return string[begin:]
    if length < 1:
        raise FunctionError("`length` must be 1 or more")
    return string[begin : begin + int(min(length, Decimal(len(string))))]


@builtin("string length(string: string)")
def string_length(run: Run, string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case(string: string)")
def upper_case(run: Run, string: str) -> str:
    return string.upper()


@builtin("lower case(string: string)")
def lower_case(run: Run, string: str) -> str:
    return string.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(run: Run, string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(run: Run, string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string)")
def contains(run: Run, string: str, match: str) -> bool:
    return match in string


@builtin("starts with(string: string, match: string)")
def starts_with(run: Run, string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(run: Run, string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string|null)")
def matches(run: Run, text: str, expression: str, flags: str | None = None) -> bool:
    return pattern(expression, flags).found_in(text, run)


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string|null)")
def replace(run: Run, text: str, expression: str, replacement: str, flags: str | None = None) -> str:
    return pattern(expression, flags).replace(text, replacement, run)


@builtin("split(string: string, delimiter: string)")
def split(run: Run, string: str, delimiter: str) -> list[str]:
    return pattern(delimiter, None).split(string, run)


@builtin("string join(list: list, delimiter?: string|null)")
def string_join(run: Run, items: list[Any], delimiter: str | None = None) -> str:
    """Join strings, leaving out nulls."""
    for item in items:
        if item is not None and item.__class__ is not str:
            raise FunctionError(f"the list must hold strings only, but holds {type_name(item)}")
    present = [item for item in items if item is not None]
    run.check_length(sum(map(len, present)) + len(delimiter or "") * len(present))
    return (delimiter or "").join(present)
