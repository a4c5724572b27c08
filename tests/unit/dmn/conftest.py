"""Builds small decision models for the tests of this folder."""

from html import escape

import pytest

from engine import dmn

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"

Column = tuple[str, str] | tuple[str, str, str]
"""Expression, type and, optionally, allowed values."""


class Draw:
    """Draws the elements of a DMN file as text, and loads them."""

    def file(self, *elements: str, namespace: str = NAMESPACE, target: str = "urn:test") -> bytes:
        """A file of the given elements."""
        head = f'<definitions xmlns="{namespace}" namespace="{target}" name="test" id="d">'
        return f"{head}{''.join(elements)}</definitions>".encode()

    def model(self, *elements: str) -> dmn.Model:
        return dmn.loads(self.file(*elements))

    def decision(self, name: str, logic: str, *, needs: tuple[str, ...] = (), type_ref: str = "") -> str:
        """A decision; `needs` are names or hrefs, those of no input after `Decision:` or `Knowledge:`."""
        required = "".join(map(self._requirement, needs))
        typed = f' typeRef="{escape(type_ref)}"' if type_ref else ""
        variable = f'<variable name="{name}"{typed}/>'
        return f'<decision id="{_id(name)}" name="{name}">{variable}{required}{logic}</decision>'

    def _requirement(self, need: str) -> str:
        kind = next((kind for kind in ("Decision", "Knowledge") if need.startswith(f"{kind}:")), "Input")
        target = need.removeprefix(f"{kind}:")
        href = target if "#" in target else f"#{_id(target)}"
        outer = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
        return f'<{outer}><required{kind} href="{escape(href)}"/></{outer}>'

    def literal(self, text: str) -> str:
        return f"<literalExpression><text>{escape(text)}</text></literalExpression>"

    def input(self, name: str, type_ref: str = "Any") -> str:
        variable = f'<variable name="{name}" typeRef="{type_ref}"/>'
        return f'<inputData id="{_id(name)}" name="{name}">{variable}</inputData>'

    def knowledge(
        self, name: str, parameters: dict[str, str], body: str, *, needs: tuple[str, ...] = ()
    ) -> str:
        """A business knowledge model; parameters are names to types."""
        formal = "".join(
            f'<formalParameter name="{each}" typeRef="{parameters[each]}"/>' for each in parameters
        )
        required = "".join(self._requirement(f"Knowledge:{need}") for need in needs)
        logic = f"<encapsulatedLogic>{formal}{body}</encapsulatedLogic>"
        return (
            f'<businessKnowledgeModel id="{_id(name)}" name="{name}">'
            f'<variable name="{name}"/>{required}{logic}</businessKnowledgeModel>'
        )

    def item(self, name: str, inner: str, *, collection: bool = False) -> str:
        return (
            f'<itemDefinition name="{name}" isCollection="{str(collection).lower()}">{inner}</itemDefinition>'
        )

    def table(
        self,
        columns: list[Column],
        rows: list[tuple[str, ...]],
        *,
        policy: str = "UNIQUE",
        aggregation: str = "",
        outputs: list[tuple[str, str]] | None = None,
        default: str = "",
    ) -> str:
        """A decision table; a cell beyond the columns is the row's description."""
        outputs = outputs or [("", "")]
        width = len(columns) + len(outputs)
        parts = [_input(number, column) for number, column in enumerate(columns)]
        for number, (name, values) in enumerate(outputs):
            clause = _text("outputValues", values) + _text("defaultOutputEntry", default)
            parts.append(f'<output id="o{number}" name="{name}">{clause}</output>')
        for number, row in enumerate(rows, 1):
            cells = [f"<description>{escape(row[width])}</description>"] if len(row) > width else []
            cells += [_entry("inputEntry", cell) for cell in row[: len(columns)]]
            cells += [_entry("outputEntry", cell) for cell in row[len(columns) : width]]
            parts.append(f'<rule id="r{number}">{"".join(cells)}</rule>')
        aggregated = f' aggregation="{aggregation}"' if aggregation else ""
        return f'<decisionTable id="t" hitPolicy="{policy}"{aggregated}>{"".join(parts)}</decisionTable>'

    def tabled(self, columns: list[Column], rows: list[tuple[str, ...]], **options: str) -> dmn.Model:
        """A model whose decision `d` is one table over inputs named as its columns."""
        inputs = [self.input(column[0], column[1]) for column in columns]
        needs = tuple(column[0] for column in columns)
        outputs = options.pop("values", "")
        logic = self.table(columns, rows, outputs=[("", outputs)], **options)
        return self.model(*inputs, self.decision("d", logic, needs=needs))


def _id(name: str) -> str:
    return name.replace(" ", "_")


def _text(tag: str, text: str) -> str:
    return _entry(tag, text) if text else ""


def _entry(tag: str, text: str) -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>"


def _input(number: int, column: Column) -> str:
    expression = f'<inputExpression typeRef="{column[1]}"><text>{escape(column[0])}</text></inputExpression>'
    values = _text("inputValues", column[2] if len(column) > 2 else "")
    return f'<input id="i{number}" label="{column[0]}">{expression}{values}</input>'


@pytest.fixture
def draw() -> Draw:
    return Draw()
