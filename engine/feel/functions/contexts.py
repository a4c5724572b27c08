"""Context functions (DMN 10.3.4.9)."""

from typing import Any

from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values.functions import FunctionError
from engine.feel.values.kinds import type_name


@builtin("get value(m: context, key: string)")
def get_value(run: Run, context: dict[str, Any], key: str) -> Any:
    return context.get(key)


@builtin("get entries(m: context)")
def get_entries(run: Run, context: dict[str, Any]) -> list[Any]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)")
def context(run: Run, entries: list[Any]) -> dict[str, Any]:
    """A context of `{key, value}` entries; a key may stand once only."""
    result: dict[str, Any] = {}
    for entry in entries:
        if entry.__class__ is not dict or "value" not in entry or entry.get("key").__class__ is not str:
            raise FunctionError("each entry must be a context with a string `key` and a `value`")
        if entry["key"] in result:
            raise FunctionError(f"the key `{entry['key']}` stands twice")
        result[entry["key"]] = entry["value"]
    return result


@builtin("context put(context: context, key: string, value: any)")
def context_put(run: Run, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def context_put_deep(run: Run, context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    """Put the value at the end of a path of keys; what lies on the way must be contexts."""
    if not keys or any(key.__class__ is not str for key in keys):
        raise FunctionError("`keys` must be a list of one string or more")
    result = inner = context.copy()
    for key in keys[:-1]:
        below = inner.get(key)
        if below.__class__ is not dict:
            raise FunctionError(f"`{key}` leads to {type_name(below)}, not to a context")
        inner[key] = inner = below.copy()
    inner[keys[-1]] = value
    return result


@builtin("context merge(contexts: list)")
def context_merge(run: Run, contexts: list[Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for entry in contexts:
        if entry.__class__ is not dict:
            raise FunctionError(f"the list must hold contexts only, but holds {type_name(entry)}")
        result.update(entry)
    return result
