"""Reads untrusted XML: no entities, no DTD, no network, bounded size, depth and number of elements."""

from lxml import etree

from engine.dialect.findings import DialectError, Finding
from engine.xml import parse_untrusted

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA_7 = "http://camunda.org/schema/1.0/bpmn"

MAX_BYTES = 2_000_000
MAX_DEPTH = 60
MAX_ELEMENTS = 20_000


def parse(data: bytes) -> etree._Element:
    """The root element of a BPMN document.

    :raises DialectError: it is no well-formed BPMN document, declares a document type, or is beyond
        the bounds of this module.
    """
    if len(data) > MAX_BYTES:
        raise refusal(
            f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read.",
            "Split the process: move parts of it to call activities.",
        )
    try:
        root = parse_untrusted(data)
    except etree.XMLSyntaxError as error:
        raise refusal(
            f"The file is not well-formed XML: {error.msg}.",
            "Open and save it with the modeller.",
            error.lineno,
        ) from error
    _check_document(root)
    return root


def _check_document(root: etree._Element) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise refusal(
            "The file declares a document type (DOCTYPE), which can smuggle in entities and other files.",
            "Remove the DOCTYPE line.",
        )
    if root.tag != f"{{{BPMN}}}definitions":
        raise refusal(
            f"The file is no BPMN 2.0 document: it begins with {root.tag}.",
            "Deploy a .bpmn file that was saved by the modeller.",
        )
    _check_bounds(root)


def _check_bounds(root: etree._Element) -> None:
    level, depth, count = [root], 0, 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > MAX_DEPTH:
            raise refusal(
                f"The file nests elements more than {MAX_DEPTH} deep.",
                "Flatten nested sub-processes or move them to call activities.",
            )
        if count > MAX_ELEMENTS:
            raise refusal(
                f"The file has more than {MAX_ELEMENTS:,} XML elements.",
                "Split the process: move parts of it to call activities.",
            )
        level = [child for element in level for child in element]


def refusal(message: str, remedy: str, line: int | None = None) -> DialectError:
    """An error about the file as a whole."""
    return DialectError((Finding(element_id="", message=message, remedy=remedy, line=line),))


def local_name(element: etree._Element) -> str:
    """The tag without its namespace."""
    return etree.QName(element).localname


def namespace(element: etree._Element) -> str:
    """The namespace of the tag, empty without one."""
    return etree.QName(element).namespace or ""


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first BPMN child of that name."""
    return element.find(f"{{{BPMN}}}{name}")


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The BPMN children of that name, in order."""
    return element.findall(f"{{{BPMN}}}{name}")


def text_of(element: etree._Element | None) -> str:
    """The text of an element without surrounding space; empty without the element."""
    return "" if element is None or element.text is None else element.text.strip()
