"""Settles a form: reads every answer in an order in which conditions and choices can be told."""

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from engine import feel
from engine.forms import messages
from engine.forms.asking import Asker, FormConditionError
from engine.forms.checking import why_wrong
from engine.forms.model import Component, Field, Form, Option, Rows, Step, Table, Text, flat, row_name
from engine.forms.shown import shown
from engine.forms.typed import Raw, UnusableAnswerError, names_of, read_answer

MOST_ROWS = 100
UNKNOWN = "(not known)"
"""What a text shows for a value it does not have."""

Files = Mapping[str, Sequence[feel.Value]]
"""References of stored documents by the HTML name of the question they answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A settled form. Components are named by id, in rows by `row_name` of list, row and id.

    `values` by variable (None while hidden), `errors` by HTML name in the order of the page, `hidden`
    components and among them the `absent` ones, which no answer can bring back, `options` by HTML name,
    `texts` and `tables` by component, `rows` the rows' numbers.
    """

    values: Mapping[str, feel.Value]
    errors: Mapping[str, str]
    hidden: frozenset[str]
    absent: frozenset[str]
    options: Mapping[str, tuple[Option, ...]]
    texts: Mapping[str, str]
    tables: Mapping[str, tuple[Sequence[str], ...]]
    rows: Mapping[str, tuple[int, ...]]


def settle(
    form: Form,
    raw: Raw,
    context: Mapping[str, feel.Value],
    environment: feel.Environment,
    files: Files | None = None,
) -> Answers:
    """The form's answers as they stand. Raises `FormConditionError`."""
    settling = _Settling(raw, dict(context), environment, files or {})
    values: dict[str, feel.Value] = {one.key: None for one in form.fields}
    settling.steps(form.order, values, ())
    ordered = {name: settling.errors[name] for name in _names(form, settling.rows) if name in settling.errors}
    return Answers(
        values=values,
        errors=ordered,
        hidden=frozenset(settling.hidden | settling.absent),
        absent=frozenset(settling.absent),
        options=settling.options,
        texts=settling.texts,
        tables=settling.tables,
        rows=settling.rows,
    )


@dataclass(slots=True)
class _Settling:
    """What is being found out."""

    raw: Raw
    context: dict[str, feel.Value]
    environment: feel.Environment
    files: Files
    errors: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    options: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    tables: dict[str, tuple[Sequence[str], ...]] = field(default_factory=dict)
    rows: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def steps(
        self,
        order: tuple[Step, ...],
        values: dict[str, feel.Value],
        outer: tuple[dict[str, feel.Value], ...],
        row: tuple[Rows, int] | None = None,
    ) -> None:
        """Settles the components into `values`, which hides answers given further out and the case."""
        scope = ChainMap(values, *outer, self.context)
        for step in order:
            component = step.component
            empty = frozenset(key for one in (values, *outer) for key, value in one.items() if value is None)
            asker = Asker(scope=scope, unanswered=empty, environment=self.environment)
            name = row_name(row[0].key, row[1], component.id) if row else component.id
            if _hidden(step, asker, by_answers=False):
                self.absent.add(name)
            elif _hidden(step, asker, by_answers=True):
                self.hidden.add(name)
                self.sketch(component, name, asker, values, row)
            else:
                self.component(component, name, asker, values, row)

    def component(
        self,
        component: Component,
        name: str,
        asker: Asker,
        values: dict[str, feel.Value],
        row: tuple[Rows, int] | None,
    ) -> None:
        match component:
            case Field():
                values[component.key] = self.answer(component, asker, row)
                if values[component.key] is not None:
                    html_name = row_name(row[0].key, row[1], component.key) if row else component.key
                    self.refuse(component, html_name, asker)
            case Rows():
                values[component.key] = self.entries(component, values)
                self.refuse(component, component.key, asker)
            case Text():
                self.texts[name] = _words(component, asker)
            case Table():
                self.tables[name] = tuple(
                    [shown(cell) for cell in cells] for cells in asker.entries(component)
                )

    def sketch(
        self,
        component: Component,
        name: str,
        asker: Asker,
        values: dict[str, feel.Value],
        row: tuple[Rows, int] | None,
    ) -> None:
        """What a page without JavaScript shows of a hidden component; its answer counts for nothing.

        What cannot be told of it is left empty: the expressions of a hidden component need not hold.
        """
        errors = dict(self.errors)
        with suppress(FormConditionError):
            self.component(component, name, asker, dict(values), row)
        self.errors = errors

    def answer(self, question: Field, asker: Asker, row: tuple[Rows, int] | None) -> feel.Value:
        name = row_name(row[0].key, row[1], question.key) if row else question.key
        bounds = asker.bounds(question)
        self.options[name] = bounds.options
        if question.readonly:
            return self.context.get(question.key)
        try:
            value = read_answer(question, name, self.raw)
        except UnusableAnswerError as error:
            self.errors[name] = str(error)
            return None
        if name in self.files:
            value = list(self.files[name])
        wrong = why_wrong(question, value, bounds)
        if wrong:
            self.errors[name] = wrong
        return value

    def refuse(self, question: Field | Rows, name: str, asker: Asker) -> None:
        """Judges an answer against the others, once it is right in itself."""
        wrong = any(each == name or each.startswith(f"{name}-") for each in self.errors)
        if not wrong and (why := asker.refusal(question)):
            self.errors[name] = why

    def entries(self, rows: Rows, outer: dict[str, feel.Value]) -> list[feel.Value]:
        numbers = row_numbers(self.raw.get(rows.key, ()))
        if len(numbers) > MOST_ROWS:
            self.errors[rows.key] = messages.too_many_rows(rows, MOST_ROWS)
        self.rows[rows.key] = numbers = numbers[:MOST_ROWS]
        found: list[feel.Value] = []
        for place, number in enumerate(numbers):
            values: dict[str, feel.Value] = {one.key: None for one in rows.fields}
            before = set(self.errors)
            self.steps(rows.order, values, (outer,), (rows, number))
            fresh = self.errors.keys() - before
            if not rows.fixed and self.blank(rows, number):
                self.errors = {name: text for name, text in self.errors.items() if name not in fresh}
                continue
            for name in fresh:
                self.errors[name] = messages.in_row(self.errors[name], rows, place)
            found.append(values)
        if rows.required and not found:
            self.errors[rows.key] = messages.no_rows(rows)
        return found

    def blank(self, rows: Rows, number: int) -> bool:
        """Whether nothing at all was entered in a row; such a row is left out."""
        names = (part for one in rows.fields for part in names_of(one, row_name(rows.key, number, one.key)))
        return not any(text.strip() for name in names for text in self.raw.get(name, ()))


def _hidden(step: Step, asker: Asker, *, by_answers: bool) -> bool:
    return any(
        asker.hides(step.component.id, condition)
        for condition in step.conditions
        if (condition.words is not None) == by_answers
    )


def _words(text: Text, asker: Asker) -> str:
    return "".join(
        part if isinstance(part, str) else shown(asker.words(part)) or UNKNOWN for part in text.parts
    )


def row_numbers(listed: Sequence[str]) -> tuple[int, ...]:
    """The rows a browser says there are, without repeats; what is no small number is no row."""
    return tuple(dict.fromkeys(int(one) for one in listed if re.fullmatch(r"\d{1,4}", one, re.ASCII)))


def _names(form: Form, rows: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    """The HTML names of a form's answers in the order of the page."""
    for component in flat(form.components):
        if isinstance(component, Field | Rows):
            yield component.key
        if isinstance(component, Rows):
            for number in rows.get(component.key, ()):
                yield from (row_name(component.key, number, one.key) for one in component.fields)
