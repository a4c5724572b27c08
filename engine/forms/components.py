"""Reads each kind of form-js component into its dataclass; what is not supported becomes a finding."""

import re
from collections.abc import Mapping
from decimal import Decimal

from engine import feel
from engine.forms.findings import Source
from engine.forms.model import (
    CHOICES,
    Condition,
    Default,
    Field,
    FieldKind,
    Limits,
    Option,
    Separator,
    Table,
    Text,
)
from engine.forms.patterns import why_unsafe
from engine.forms.wording import Question, when_shown

MOST_OPTIONS = 500
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_RESERVED_KEYS = frozenset({"csrf_token"})
_TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_VALIDATED = {
    FieldKind.TEXTFIELD: frozenset({"required", "minLength", "maxLength", "pattern", "validationType"}),
    FieldKind.TEXTAREA: frozenset({"required", "minLength", "maxLength"}),
    FieldKind.NUMBER: frozenset({"required", "min", "max"}),
}
_VALIDATION_TYPES = ("", "email", "phone", "custom")


def read_key(source: Source) -> str:
    """The variable's name, fit to be an HTML name too."""
    if not _KEY.fullmatch(source.key) or source.key in _RESERVED_KEYS:
        source.refuse(
            f"the key “{source.key}” cannot name a variable here",
            "Use a letter, then letters, digits and underscores, at most 64, and not csrf_token",
        )
    return source.key


def read_condition(source: Source, questions: Mapping[str, Question]) -> Condition | None:
    """When the component is left out. A condition on answers needs words people can read."""
    conditional = source.part("conditional")
    conditional.only(frozenset({"hide"}), "The condition")
    hide = conditional.expression("hide")
    if hide is None:
        return None
    text = str(conditional.data["hide"])[1:]
    words: str | None = None
    if hide.names & questions.keys():
        words = _clause(source.part("properties").text("conditionText")) or when_shown(text, questions)
        if words is None:
            source.refuse(
                f"the condition “{text.strip()}” cannot be put into words for people without JavaScript",
                "Add the property conditionText, a clause that completes “Only if …”",
            )
    return Condition(hide=hide, source=text.strip(), words=words)


def read_guidance(source: Source) -> tuple[str, ...]:
    """The rule ids the component cites."""
    listed = source.part("properties").text("guidance")
    return tuple(rule.strip() for rule in listed.split(",") if rule.strip())


def read_field(source: Source, kind: FieldKind, condition: Condition | None) -> Field:
    """A question of any kind."""
    label = source.text("dateLabel") if kind is FieldKind.DATE else ""
    label = label or source.text("label")
    if not label:
        source.refuse("the question has no label", "Write what people are asked as its label")
    properties = source.part("properties")
    appearance = source.part("appearance")
    return Field(
        id=source.id,
        key=read_key(source),
        kind=kind,
        label=label,
        hint=properties.text("hint") or source.text("description"),
        limits=_limits(source, kind),
        options=_options(source) if kind in CHOICES else (),
        options_from=_options_from(source) if kind in CHOICES else None,
        condition=condition,
        error_message=properties.text("errorMessage") or None,
        guidance=read_guidance(source),
        sensitive=properties.text("sensitive") == "true",
        readonly=source.flag("readonly") or source.flag("disabled"),
        default=_default(source),
        refuse=properties.expression("refuse"),
        prefix=appearance.text("prefixAdorner"),
        suffix=appearance.text("suffixAdorner"),
        properties={name: value for name, value in properties.data.items() if isinstance(value, str)},
    )


def read_text(source: Source, condition: Condition | None) -> Text:
    """Words with `{{expressions}}` in them, or one expression after `=`."""
    written = source.data.get("text")
    if not isinstance(written, str) or len(written) > 10_000:
        source.refuse("the text is missing or longer than 10,000 characters", "Write a shorter text")
        return Text(id=source.id, parts=(), condition=condition)
    if written.startswith("="):
        return Text(id=source.id, parts=_compiled(source, [written[1:]]), condition=condition)
    parts: list[str | feel.Expression] = []
    for index, piece in enumerate(_TEMPLATE.split(written)):
        parts.extend(_compiled(source, [piece]) if index % 2 else [piece])
    return Text(id=source.id, parts=tuple(parts), condition=condition)


def read_separator(source: Source, condition: Condition | None) -> Separator:
    """A line."""
    return Separator(id=source.id, condition=condition)


def read_table(source: Source, condition: Condition | None) -> Table | None:
    """A table over a list; columns are given, not computed."""
    rows = source.expression("dataSource")
    columns = tuple((column.text("key"), column.text("label")) for column in source.parts("columns", 20))
    if rows is None or not columns:
        source.refuse(
            "a table needs a data source and columns", "Give dataSource as = and a list, and columns"
        )
        return None
    return Table(id=source.id, label=source.text("label"), source=rows, columns=columns, condition=condition)


def read_question(data: Mapping[str, object]) -> tuple[str, Question] | None:
    """Key and wording of a question, before the form is read; None for what asks nothing."""
    quiet = Source(data, [])
    if data.get("type") not in set(FieldKind):
        return None
    label = quiet.text("dateLabel") or quiet.text("label")
    return quiet.key, Question(label, FieldKind(str(data["type"])), _options(quiet))


def _clause(text: str) -> str:
    for opening in ("only if ", "if "):
        if text.lower().startswith(opening):
            return text[len(opening) :]
    return text


def _compiled(source: Source, texts: list[str]) -> tuple[feel.Expression, ...]:
    return tuple(found for text in texts if (found := source.compiled(text.strip(), "text")))


def _limits(source: Source, kind: FieldKind) -> Limits:
    rules, properties = source.part("validate"), source.part("properties")
    rules.only(_VALIDATED.get(kind, frozenset({"required"})), "The validation")
    checked_as = rules.text("validationType")
    if checked_as not in _VALIDATION_TYPES:
        source.refuse(f"the validation type “{checked_as}” is not known", "Choose email, phone or a pattern")
    _refuse_kinds(source, kind)
    limits = Limits(
        required=rules.flag("required"),
        min_length=rules.whole("minLength"),
        max_length=rules.whole("maxLength"),
        pattern=_pattern(rules),
        pattern_message=properties.text("patternMessage") or None,
        email=checked_as == "email",
        phone=checked_as == "phone",
        minimum=rules.decimal("min"),
        maximum=rules.decimal("max"),
        decimals=source.whole("decimalDigits"),
        step=source.decimal("increment") or source.decimal("step"),
        no_past_dates=source.flag("disallowPassedDates"),
        earliest=properties.expression("earliest"),
        latest=properties.expression("latest"),
        accept=tuple(one.strip().lower() for one in source.text("accept").split(",") if one.strip()),
        multiple=source.flag("multiple"),
    )
    _refuse_empty_ranges(source, limits)
    return limits


def _refuse_kinds(source: Source, kind: FieldKind) -> None:
    """Settings that would change the kind of answer, and are not run."""
    if kind is FieldKind.DATE and source.text("subtype") not in ("", "date"):
        source.refuse("only dates are asked for, not times", "Set the subtype to date")
    if source.flag("serializeToString"):
        source.refuse("a number is always kept as a number", "Turn off serialising to text")


def _refuse_empty_ranges(source: Source, limits: Limits) -> None:
    ranges = ((limits.min_length, limits.max_length), (limits.minimum, limits.maximum))
    if any(low is not None and high is not None and low > high for low, high in ranges):
        source.refuse("the least allowed is more than the most allowed", "Correct the two limits")
    if limits.step is not None and limits.step <= 0:
        source.refuse("the step is not more than 0", "Correct or remove the step")


def _pattern(rules: Source) -> str | None:
    pattern = rules.data.get("pattern")
    if pattern in (None, ""):
        return None
    if not isinstance(pattern, str) or (why := why_unsafe(pattern)):
        rules.refuse(
            f"the pattern is refused: {why if isinstance(pattern, str) else 'it is not a text'}",
            "Write a simpler pattern, or check the answer with a decision after the task",
        )
        return None
    return pattern


def _options(source: Source) -> tuple[Option, ...]:
    options = tuple(
        Option(one.text("value"), one.text("label") or one.text("value"))
        for one in source.parts("values", MOST_OPTIONS)
    )
    values = [option.value for option in options]
    if "" in values or len(set(values)) != len(values):
        source.refuse("an option has no value, or two have the same", "Give every option a value of its own")
    return options


def _options_from(source: Source) -> feel.Expression | None:
    variable = source.text("valuesKey")
    given = [name for name in ("values", "valuesKey", "valuesExpression") if source.data.get(name)]
    if len(given) != 1:
        source.refuse(
            "the options come from nowhere" if not given else "the options come from several places",
            "Use one of: a list of values, a variable (valuesKey), an expression (valuesExpression)",
        )
    return source.compiled(variable, "valuesKey") if variable else source.expression("valuesExpression")


def _default(source: Source) -> Default:
    value = source.data.get("defaultValue")
    if isinstance(value, list):
        return tuple(one for one in value if isinstance(one, str))
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value if isinstance(value, str | bool | Decimal) else None
