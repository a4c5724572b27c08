"""Builds small decision models for the tests of this folder."""

from collections.abc import Callable
from html import escape

import pytest

from engine import dmn

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"

Column = tuple[str, str] | tuple[str, str, str]
"""Expression, type and, optionally, allowed values."""


def definitions(*elements: str, namespace: str = NAMESPACE, target: str = "urn:test") -> bytes:
    """A file of the given elements."""
    body = "".join(elements)
    return f'<definitions xmlns="{namespace}" namespace="{target}" name="test" id="d">{body}</definitions>'.encode()


def decision(name: str, logic: str, *, needs: tuple[str, ...] = (), type_ref: str = "") -> str:
    """A decision; `needs` are hrefs with the kind of requirement before a colon, input by default."""
    requirements = []
    for need in needs:
        kind, _, href = (
            need.rpartition(":") if need.startswith(("Decision:", "Knowledge:")) else ("Input", "", need)
        )
        outer = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
        requirements.append(f'<{outer}><required{kind} href="{escape(href)}"/></{outer}>')
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{typed}/>{"".join(requirements)}{logic}</decision>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def input_data(name: str, type_ref: str) -> str:
    identifier = name.replace(" ", "_")
    return f'<inputData id="{identifier}" name="{name}"><variable name="{name}" typeRef="{type_ref}"/></inputData>'


def _text(tag: str, text: str) -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>" if text else ""


def table(
    columns: list[Column],
    rows: list[tuple[str, ...]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    outputs: list[tuple[str, str]] | None = None,
    default: str = "",
) -> str:
    """A decision table; a row with one cell more than the columns carries its annotation last."""
    outputs = outputs or [("", "")]
    width = len(columns) + len(outputs)
    inputs = "".join(
        f'<input id="i{n}" label="{column[0]}"><inputExpression typeRef="{column[1]}">'
        f"<text>{escape(column[0])}</text></inputExpression>"
        f"{_text('inputValues', column[2] if len(column) > 2 else '')}</input>"
        for n, column in enumerate(columns)
    )
    results = "".join(
        f'<output id="o{n}" name="{name}">{_text("outputValues", values)}{_text("defaultOutputEntry", default)}</output>'
        for n, (name, values) in enumerate(outputs)
    )
    rules = "".join(
        f'<rule id="r{n}"><description>{escape(row[width]) if len(row) > width else ""}</description>'
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[: len(columns)])
        + "".join(
            f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in row[len(columns) : width]
        )
        + "</rule>"
        for n, row in enumerate(rows, 1)
    )
    aggregated = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="t" hitPolicy="{policy}"{aggregated}>{inputs}{results}{rules}</decisionTable>'


@pytest.fixture
def model_of() -> Callable[..., dmn.Model]:
    """A model from elements."""

    def build(*elements: str, **options: str) -> dmn.Model:
        return dmn.loads(definitions(*elements, **options))

    return build


@pytest.fixture
def table_of() -> Callable[..., dmn.Model]:
    """A model whose decision `d` is one table over inputs named as its columns."""

    def build(columns: list[Column], rows: list[tuple[str, ...]], **options: object) -> dmn.Model:
        inputs = [input_data(column[0], column[1]) for column in columns]
        needs = tuple(f"#{column[0].replace(' ', '_')}" for column in columns)
        logic = table(columns, rows, **options)  # type: ignore[arg-type]  # options are table's own keywords
        return dmn.loads(definitions(*inputs, decision("d", logic, needs=needs)))

    return build
