"""Parses a DMN file of any supported version without entities, network or unbounded size."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.xml import parse_untrusted

MAXIMUM_BYTES = 5_000_000
MAXIMUM_DEPTH = 120
MAXIMUM_ELEMENTS = 200_000

NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}

FEEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
        "feel",
    }
)


class ModelError(ValueError):
    """The file is not a decision model that can be run: what is wrong, where, why, and how to mend it."""

    def __init__(self, what: str, *, element_id: str = "", why: str = "", remedy: str = "") -> None:
        where = f" (element {element_id})" if element_id else ""
        super().__init__(" ".join(part for part in (f"{what}{where}.", why, remedy) if part))
        self.what = what
        self.element_id = element_id
        self.why = why
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the DMN namespace; elements of other namespaces are never seen."""

    node: "etree._Element"
    namespace: str

    @property
    def tag(self) -> str:
        return etree.QName(self.node).localname

    @property
    def id(self) -> str:
        return self.node.get("id", "")

    def get(self, attribute: str) -> str:
        return self.node.get(attribute, "").strip()

    def children(self, *tags: str) -> Iterator["Element"]:
        for node in self.node:
            if etree.QName(node).namespace == self.namespace:
                child = Element(node, self.namespace)
                if not tags or child.tag in tags:
                    yield child

    def child(self, *tags: str) -> "Element | None":
        return next(self.children(*tags), None)

    def text(self, tag: str = "text") -> str:
        """The trimmed text of the first child with this tag, "" without one."""
        found = self.child(tag)
        return (found.node.text or "").strip() if found is not None else ""

    def namespace_of(self, prefix: str) -> str:
        return self.node.nsmap.get(prefix) or ""


def parse(data: bytes) -> Element:
    """The `definitions` element. Raises ModelError."""
    if len(data) > MAXIMUM_BYTES:
        raise ModelError(
            f"The file has {len(data):,} bytes, more than the {MAXIMUM_BYTES:,} allowed",
            remedy="Split the model into several files and import them.",
        )
    try:
        root = parse_untrusted(data)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ModelError(
            "The file is not well-formed XML", why=f"{error}.", remedy="Save it again in a DMN modeller."
        ) from error
    _refuse_hostile(root)
    qualified = etree.QName(root)
    if qualified.localname != "definitions" or qualified.namespace not in NAMESPACES:
        raise ModelError(
            f"The root element is {qualified.text}, not DMN definitions",
            why="Supported are DMN 1.1 to 1.5.",
            remedy="Save the file as DMN 1.3 or later.",
        )
    return Element(root, qualified.namespace)


def _refuse_hostile(root: "etree._Element") -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise ModelError(
            "The file declares a document type",
            why="Entities could read files or exhaust memory.",
            remedy="Remove the DOCTYPE.",
        )
    elements, deepest = 0, 0
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        elements += event == "start"
        if deepest > MAXIMUM_DEPTH or elements > MAXIMUM_ELEMENTS:
            raise ModelError(
                f"The file nests deeper than {MAXIMUM_DEPTH} or has more than {MAXIMUM_ELEMENTS:,} elements",
                remedy="Split the model into several decisions or files.",
            )
