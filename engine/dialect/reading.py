"""What the parts of the reader share: the findings so far and the named events of the document."""

from dataclasses import dataclass, field

from lxml import etree

from engine import feel
from engine.dialect.camunda_feel import INSTEAD, foreign_function
from engine.dialect.expressions import Expression, expression
from engine.dialect.findings import Finding
from engine.dialect.xml import ZEEBE, children

FLAGS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(slots=True)
class Reading:
    """Collects findings while a document is read, so that an analyst sees all of them at once."""

    root: etree._Element
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, node: etree._Element, message: str, remedy: str) -> None:
        """Note one finding about the nearest element around ``node`` that has an id."""
        holder: etree._Element | None = node
        while holder is not None and holder.get("id") is None:
            holder = holder.getparent()
        self.findings.append(
            Finding(
                element_id="" if holder is None else holder.get("id", ""),
                message=message,
                remedy=remedy,
                line=line_of(node),
            )
        )

    def text(self, node: etree._Element, text: str | None, what: str) -> Expression | None:
        """A text that may be FEEL; None when it is missing, empty or wrong."""
        if text is None or not text.strip():
            return None
        foreign = foreign_function(text) if text.strip().startswith("=") else None
        if foreign is not None:
            message = f"The {what} “{text.strip()}” calls {foreign}(), which only Camunda has."
            self.refuse(node, message, INSTEAD[foreign])
            return None
        try:
            return expression(text)
        except feel.FeelSyntaxError as error:
            self.refuse(node, f"The {what} “{text.strip()}” is not FEEL: {error}.", "Correct the expression.")
            return None

    def formula(self, node: etree._Element, text: str | None, what: str) -> Expression | None:
        """A text that must be FEEL; whatever is wrong with it is a finding."""
        found = self.text(node, text, what)
        if found is not None and found.is_literal:
            self.refuse(
                node,
                f"The {what} “{found.text}” is a plain text where a value is computed.",
                "Begin it with = to make it a FEEL expression.",
            )
            return None
        if found is None and not (text or "").strip():
            self.refuse(node, f"The {what} is missing.", "Fill it in, beginning with =.")
        return found

    def flag(self, node: etree._Element, name: str, *, default: bool = False) -> bool:
        """An attribute that is true or false, as XML Schema writes them."""
        written = node.get(name)
        if written is None:
            return default
        if written.strip() not in FLAGS:
            self.refuse(node, f"{name} is “{written}”.", "Write true or false.")
        return FLAGS.get(written.strip(), default)

    def required(self, node: etree._Element, name: str, what: str) -> str:
        """An attribute that may not be empty."""
        value = node.get(name, "").strip()
        if not value:
            self.refuse(node, f"The {what} is missing.", f"Fill in {name}.")
        return value

    def named(self, node: etree._Element, tag: str, attribute: str) -> etree._Element | None:
        """The root element (message, signal, error, escalation) that ``node`` refers to."""
        wanted = node.get(attribute, "")
        found = next((e for e in children(self.root, tag) if wanted and e.get("id") == wanted), None)
        if found is None:
            self.refuse(
                node,
                f"It refers to the {tag} “{wanted}”, which the file does not contain."
                if wanted
                else f"It names no {tag}.",
                f"Choose or create a {tag} in the properties panel.",
            )
        return found


def line_of(node: etree._Element) -> int | None:
    """The line of a node in the file."""
    return node.sourceline  # type: ignore[return-value]  # the stubs leave its type open


def extension(node: etree._Element, name: str) -> etree._Element | None:
    """The first zeebe extension element of that name."""
    return next(iter(extensions(node, name)), None)


def extensions(node: etree._Element, name: str) -> list[etree._Element]:
    """The zeebe extension elements of that name."""
    return [
        found
        for holder in children(node, "extensionElements")
        for found in holder.findall(f"{{{ZEEBE}}}{name}")
    ]
