"""Attribute texts that may be FEEL: a leading ``=`` marks an expression, anything else is itself."""

from dataclasses import dataclass, field

from engine import feel


@dataclass(frozen=True, slots=True)
class Expression:
    """``text`` as written in the model; ``compiled`` is None for a literal text."""

    text: str
    compiled: feel.Expression | None = field(compare=False)  # the same text means the same

    @property
    def is_literal(self) -> bool:
        """Whether the text stands for itself."""
        return self.compiled is None


def expression(text: str) -> Expression:
    """Compile ``text`` if it begins with ``=``.

    :raises feel.FeelSyntaxError: the part after ``=`` is not FEEL.
    """
    stripped = text.strip()
    if not stripped.startswith("="):
        return Expression(stripped, None)
    return Expression(stripped, feel.compile(stripped[1:].strip()))
