"""What is wrong with a form, said so that its author can mend it, and the reading of one component."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine import feel

_LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault: which component (id, key), what and why, and how to mend it."""

    component_id: str
    key: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.component_id} ({self.key})" if self.key else self.component_id
        return f"{where}: {self.message}. {self.remedy}."


class FormError(Exception):
    """A form cannot be used; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("The form cannot be used. " + " ".join(map(str, findings)))


class Source:
    """The JSON of one component; what it cannot give is written down as a finding, not raised."""

    def __init__(
        self, data: Mapping[str, object], findings: list[Finding], owner: "Source | None" = None
    ) -> None:
        self.data, self.findings = data, findings
        self.id: str = owner.id if owner else self._plain("id") or self._plain("key") or "(no id)"
        self.key: str = owner.key if owner else self._plain("key") or self._plain("path")

    def refuse(self, message: str, remedy: str) -> None:
        """Note a fault of this component."""
        self.findings.append(Finding(component_id=self.id, key=self.key, message=message, remedy=remedy))

    def text(self, name: str) -> str:
        """Plain words; empty when absent."""
        value = self.data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
            self.refuse(
                f"“{name}” is not a text of at most {_LONGEST_TEXT:,} characters", f"Write {name} as words"
            )
            return ""
        if value.startswith("="):
            self.refuse(
                f"“{name}” holds an expression, which is not run here", f"Write {name} as plain words"
            )
        return value.strip()

    def flag(self, name: str) -> bool:
        """True or false; false when absent."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, bool):
            self.refuse(f"“{name}” must be true or false", "Set it in the form editor, without an expression")
        return value is True

    def decimal(self, name: str) -> Decimal | None:
        """An exact number; None when absent."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, int | str) and not isinstance(value, bool):
            value = _number(str(value))
        if not isinstance(value, Decimal) or not value.is_finite():
            self.refuse(f"“{name}” is not a number", f"Give {name} as a number, without an expression")
            return None
        return value

    def whole(self, name: str) -> int | None:
        """A whole number from 0 to a million; None when absent."""
        value = self.decimal(name)
        if value is None:
            return None
        if value != value.to_integral_value() or not 0 <= value <= 1_000_000:
            self.refuse(f"“{name}” is not a whole number from 0 to 1,000,000", f"Correct {name}")
            return None
        return int(value)

    def expression(self, name: str) -> feel.Expression | None:
        """A FEEL expression written with its `=`; None when absent or faulty."""
        text = self.data.get(name)
        if text is None or text == "":
            return None
        if not isinstance(text, str) or not text.startswith("=") or len(text) > _LONGEST_TEXT:
            self.refuse(f"“{name}” is not an expression", "Begin it with = and write FEEL after it")
            return None
        return self.compiled(text[1:], name)

    def compiled(self, text: str, name: str) -> feel.Expression | None:
        """The text as FEEL; None, and a finding, when it is none."""
        try:
            return feel.compile(text)
        except feel.FeelSyntaxError as error:
            self.refuse(f"“{name}” is not FEEL: {error}", "Correct the expression")
            return None

    def part(self, name: str) -> "Source":
        """An object inside this component; empty when absent."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, dict):
            self.refuse(f"“{name}” is not an object", "Export the form from the form editor again")
        return Source(value if isinstance(value, dict) else {}, self.findings, self)

    def parts(self, name: str, most: int) -> "list[Source]":
        """A list of objects inside this component; empty when absent."""
        value = self.data.get(name)
        if value is None:
            return []
        if (
            not isinstance(value, list)
            or len(value) > most
            or not all(isinstance(one, dict) for one in value)
        ):
            self.refuse(
                f"“{name}” is not a list of at most {most} objects", "Make the list shorter or mend it"
            )
            return []
        return [Source(one, self.findings, self) for one in value]

    def only(self, known: frozenset[str], what: str) -> None:
        """Refuse settings this part of the form would have without effect."""
        for name in sorted(set(self.data) - known):
            if self.data[name] not in (None, "", False):
                self.refuse(
                    f"{what} “{name}” is not supported here", "Remove it; nothing is silently ignored"
                )

    def _plain(self, name: str) -> str:
        value = self.data.get(name)
        return value[:100] if isinstance(value, str) else ""


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if len(text) <= 40 else None
    except ArithmeticError:
        return None
