"""Times our decisions and expressions beside those of others, in one run; prints JSON, then ratios.

SpiffWorkflow comes with the project. The FEEL parsers of the package index do not: `pip install bkflow-feel
pySFeel` into an environment of its own, and put it on PYTHONPATH; those absent are named as such.
"""

import json
import platform
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from html import escape
from importlib import import_module
from statistics import median
from time import perf_counter
from types import SimpleNamespace

from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

from engine import dmn, feel

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
SETTINGS = ("home", "secure home", "agency", "school", "family centre")
AGES = ("? < 6", "? >= 6 and ? < 12", "? >= 12 and ? < 16", "? >= 16")
ROUNDS = 7
GOAL_MICROSECONDS = 60
GOAL_RATIO = 10

EXPRESSIONS = {
    "arithmetic": ("1 + 2", Decimal(3)),
    "comparison": ("5 > 3", True),
    "conjunction": ("5 > 3 and 2 < 4", True),
    "text": ('"abc" = "abc"', True),
}


INPUTS = {"setting": "string", "age": "number", "visits": "number", "region": "string"}


def table() -> bytes:
    """20 rows, 4 inputs, UNIQUE, in cells that FEEL and SpiffWorkflow's Python read alike."""
    rules = [(f'"{setting}"', age, "? >= 0", '"north"') for setting in SETTINGS for age in AGES]
    clauses = "".join(_input(name) for name in INPUTS) + '<output id="o" name="answer"/>'
    rows = "".join(_row(number, cells) for number, cells in enumerate(rules, 1))
    required = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in INPUTS
    )
    data = "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}"/></inputData>' for name in INPUTS
    )
    head = f'<definitions xmlns="{NAMESPACE}" namespace="urn:bench" name="bench" id="bench">'
    logic = f'<decisionTable id="t" hitPolicy="UNIQUE">{clauses}{rows}</decisionTable>'
    return f'{head}<decision id="d" name="d">{required}{logic}</decision>{data}</definitions>'.encode()


def _input(name: str) -> str:
    expression = f'<inputExpression typeRef="{INPUTS[name]}"><text>{name}</text></inputExpression>'
    return f'<input id="i{name}" label="{name}">{expression}</input>'


def _row(number: int, cells: tuple[str, ...]) -> str:
    entries = "".join(f'<inputEntry id="e"><text>{escape(cell)}</text></inputEntry>' for cell in cells)
    output = f'<outputEntry id="x{number}"><text>"row {number}"</text></outputEntry>'
    return f'<rule id="r{number}">{entries}{output}</rule>'


def cases() -> list[dict[str, feel.Value]]:
    return [
        {"setting": setting, "age": Decimal(age), "visits": Decimal(visits), "region": "north"}
        for setting in SETTINGS
        for age in range(0, 20, 2)
        for visits in (0, 3)
    ]


def microseconds(work: Callable[[], None], count: int) -> float:
    """The median of several rounds, each the mean of its repetitions."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()
        rounds.append((perf_counter() - start) / count * 1e6)
    return round(median(rounds), 2)


def spiff_decide() -> Callable[[dict[str, feel.Value]], feel.Value]:
    parser = DMNParser(None, etree.fromstring(_without_inputs()), {"dmn": NAMESPACE})
    parser.parse()
    engine = DMNEngine(parser.decision.decisionTables[0])
    workflow = SimpleNamespace(script_engine=PythonScriptEngine())

    def decide(inputs: dict[str, feel.Value]) -> feel.Value:
        return engine.result(SimpleNamespace(data=inputs, workflow=workflow, spec=None))["answer"]

    return decide


def _without_inputs() -> bytes:
    root = etree.fromstring(table())
    for data in root.findall(f"{{{NAMESPACE}}}inputData"):
        root.remove(data)
    return etree.tostring(root)


def decisions() -> dict[str, float]:
    """Microseconds a decision on the common table, each answer checked against the other engine's."""
    model, spiff, inputs = dmn.loads(table()), spiff_decide(), cases()
    for each in inputs:
        ours, theirs = model.evaluate("d", each), spiff(dict(each))
        assert ours == theirs, f"{each}: {ours} is not {theirs}"

    def ours_all() -> None:
        for each in inputs:
            model.evaluate("d", each)

    def explained_all() -> None:
        for each in inputs:
            model.explain("d", each)

    def spiff_all() -> None:
        for each in inputs:
            spiff(each)

    return {
        "ours": microseconds(ours_all, len(inputs)),
        "ours, explained": microseconds(explained_all, len(inputs)),
        "SpiffWorkflow": microseconds(spiff_all, len(inputs)),
    }


def peers() -> dict[str, Callable[[str], object] | None]:
    """The FEEL parsers of the package index, None where not installed."""
    found: dict[str, Callable[[str], object] | None] = {"bkflow-feel": None, "pySFeel": None}
    with suppress(ImportError):
        found["bkflow-feel"] = import_module("bkflow_feel.api").parse_expression
    with suppress(ImportError):
        parser = import_module("pySFeel").SFeelParser()
        found["pySFeel"] = lambda text: parser.sFeelParse(text)[1]
    return found


def expressions() -> dict[str, dict[str, float | str]]:
    """Microseconds an expression: compiled once, compiled each time, and by peers (which always parse)."""
    results: dict[str, dict[str, float | str]] = {}
    for name, (text, expected) in EXPRESSIONS.items():
        compiled = feel.compile(text)
        assert compiled.evaluate({}).value == expected, text
        timed: dict[str, float | str] = {
            "ours": microseconds(_repeat(lambda compiled=compiled: compiled.evaluate({}), 500), 500),
            "ours, parsing": microseconds(_repeat(lambda text=text: feel.evaluate(text, {}), 100), 100),
        }
        for peer, evaluate in peers().items():
            if evaluate is None:
                timed[peer] = "absent"
            elif evaluate(text) != expected:
                timed[peer] = "wrong answer"
            else:
                timed[peer] = microseconds(_repeat(lambda call=evaluate, text=text: call(text), 50), 50)
        results[name] = timed
    return results


def _repeat(work: Callable[[], object], times: int) -> Callable[[], None]:
    def repeated() -> None:
        for _ in range(times):
            work()

    return repeated


def _lines(kind: str, timed: Mapping[str, float | str]) -> Iterator[str]:
    base = timed["ours"]
    for name, value in timed.items():
        measured = isinstance(value, float) and isinstance(base, float)
        ratio = f"{value / base:.1f}x" if measured else ""
        yield f"{kind + ': ' + name:<40}{value:>14}{ratio:>16}"


def main() -> int:
    """Prints the figures; 1 when a goal is missed."""
    tables, texts = decisions(), expressions()
    ratio = tables["SpiffWorkflow"] / tables["ours"]
    report = {
        "python": platform.python_version(),
        "table": "20 rows, 4 inputs, UNIQUE",
        "microseconds a decision": tables,
        "microseconds an expression": texts,
    }
    print(json.dumps(report, indent=2))
    print(f"\n{'measured':<40}{'us':>14}{'ratio to ours':>16}")
    print("\n".join(_lines("decision", tables)))
    for kind, timed in texts.items():
        print("\n".join(_lines(kind, timed)))
    met = tables["ours"] <= GOAL_MICROSECONDS and ratio >= GOAL_RATIO
    verdict = "met" if met else "missed"
    print(f"\ngoals: at most {GOAL_MICROSECONDS} us, at least {GOAL_RATIO}x SpiffWorkflow: {verdict}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
