"""Reads the test files of the DMN Technology Compatibility Kit into FEEL values."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from lxml import etree

from engine import feel
from engine.feel import Value

TESTCASE = "{http://www.omg.org/spec/DMN/20160719/testcase}"
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
ROOT = Path(__file__).resolve().parents[2].parent / "shared" / "tck"


@dataclass(frozen=True, slots=True)
class Case:
    """One expected result: which decision or service of which model, with which inputs."""

    level: int
    folder: Path
    model: str
    id: str
    invocable: str
    result: str
    inputs: dict[str, Value]
    expected: Value

    @property
    def name(self) -> str:
        return f"{self.folder.name}/{self.id}/{self.result}"


def cases(level: int) -> Iterator[Case]:
    """Every result of one compliance level, in file order; nothing where the kit is absent."""
    for path in sorted((ROOT / f"compliance-level-{level}").glob("*/*-test-*.xml")):
        root = etree.parse(path).getroot()
        model = root.findtext(f"{TESTCASE}modelName", "").strip()
        for number, case in enumerate(root.iter(f"{TESTCASE}testCase"), 1):
            yield from _results(level, path, model, case, number)


def _results(level: int, path: Path, model: str, case: "etree._Element", number: int) -> Iterator[Case]:
    inputs = {node.get("name", ""): value(node) for node in case.findall(f"{TESTCASE}inputNode")}
    identifier = f"{path.stem[-2:]}-{case.get('id') or number}"
    invocable = case.get("invocableName", "") if case.get("type", "decision") != "decision" else ""
    for node in case.findall(f"{TESTCASE}resultNode"):
        expected = node.find(f"{TESTCASE}expected")
        yield Case(
            level=level,
            folder=path.parent,
            model=model,
            id=identifier,
            invocable=invocable,
            result=node.get("name", ""),
            inputs=inputs,
            expected=value(expected) if expected is not None else None,
        )


def value(node: "etree._Element") -> Value:
    """The value below an input, expected, item or component node."""
    if node.get(f"{INSTANCE}nil") == "true":
        return None
    components = node.findall(f"{TESTCASE}component")
    if components:
        return {component.get("name", ""): value(component) for component in components}
    items = node.find(f"{TESTCASE}list")
    if items is not None:
        nil = items.get(f"{INSTANCE}nil") == "true"
        return None if nil else [value(item) for item in items.findall(f"{TESTCASE}item")]
    scalar = node.find(f"{TESTCASE}value")
    return _scalar(scalar) if scalar is not None else None


def _scalar(node: "etree._Element") -> Value:
    if node.get(f"{INSTANCE}nil") == "true":
        return None
    kind = node.get(f"{INSTANCE}type", "xsd:string").rpartition(":")[2]
    text = "".join(node.itertext())
    return _SCALARS[kind](text if kind == "string" else text.strip())


def _literal(text: str) -> Value:
    return feel.evaluate(f'@"{text}"', {})


_SCALARS = {
    "string": str,
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
    "boolean": lambda text: text in ("true", "1"),
    "date": _literal,
    "time": _literal,
    "dateTime": _literal,
    "duration": _literal,
}


def agrees(actual: Value, expected: Value) -> bool:
    """Equal by the kit's own measure: numbers to 8 significant digits, everything else exactly."""
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        return abs(actual - expected) <= max(abs(expected), Decimal(1)) * Decimal("1e-8")
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(agrees, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(agrees(actual[key], expected[key]) for key in expected)
    return type(actual) is type(expected) and bool(actual == expected)
