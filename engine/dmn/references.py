"""Names, type references and hrefs in the one form the rest of the package uses."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.dmn.notation import Import
from engine.dmn.xml import FEEL_NAMESPACES, Element
from engine.feel.lexer import normal_name


def is_feel(language: str) -> bool:
    """Whether an expression language, as written in a file, is FEEL; "" means the default, which is FEEL."""
    return not language or language in FEEL_NAMESPACES or language.lower() == "feel"


def type_reference(element: Element, text: str, namespace: str, imports: Iterable[Import]) -> str:
    """A type reference with DMN 1.1's XML prefixes turned into the dotted form of later versions."""
    text = normal_name(text)
    prefix, colon, local = text.partition(":")
    if not colon:
        return text
    target = element.namespace_of(prefix)
    if prefix == "feel" or target in FEEL_NAMESPACES or target == namespace:
        return local.strip()
    for imported in imports:
        if imported.namespace == target:
            return f"{imported.name}.{local.strip()}" if imported.name else local.strip()
    return text


def absolute(href: str, namespace: str) -> str:
    """An href as `namespace#id`."""
    document, _, identifier = href.strip().rpartition("#")
    return f"{document or namespace}#{identifier}"


@dataclass(slots=True)
class FileContext:
    """What reading one file shares: how to resolve type prefixes, and the path names seen so far."""

    namespace: str
    imports: tuple[Import, ...]
    names: set[str] = field(default_factory=set)

    def type_of(self, element: Element | None) -> str:
        if element is None:
            return ""
        return self.type_named(element, element.get("typeRef"))

    def type_named(self, element: Element, text: str) -> str:
        return type_reference(element, text, self.namespace, self.imports)

    def path_name(self, text: str) -> str:
        name = normal_name(text)
        if name:
            self.names.add(name)
        return name
