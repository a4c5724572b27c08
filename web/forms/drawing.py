"""What to draw of a form: a tree of plain facts that the template turns into GOV.UK components."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from markupsafe import Markup

from engine import feel, forms
from web.forms.inputs import Drawn, draw_field
from web.forms.markdown import to_markup

GuidanceLink = Callable[[str], str | Markup]
"""From a rule id to what stands for it on the page."""

Attachments = Mapping[str, Sequence[str]]
"""Names of the files already stored, by the HTML name of the question they answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One component on the page: `kind` picks the block of the template, `facts` fill it."""

    kind: str
    facts: Mapping[str, Any] = default(default_factory=dict)
    inside: "tuple[Drawing, ...]" = ()
    only_if: str = ""
    conditional: bool = False
    guidance: tuple[str | Markup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything a drawing is made from; `redraw` leaves out what the answers so far hide."""

    raw: forms.Raw
    errors: Mapping[str, str]
    context: Mapping[str, feel.Value]
    answers: forms.Answers
    redraw: bool
    guidance_link: GuidanceLink | None
    attachments: Attachments

    def draw(
        self, components: Sequence[forms.Component], heading: int, row: tuple[forms.Rows, int] | None = None
    ) -> tuple[Drawing, ...]:
        """The components that belong on the page, in order."""
        gone = self.answers.hidden if self.redraw else self.answers.absent
        drawn = []
        for component in components:
            name = forms.row_name(row[0].key, row[1], component.id) if row else component.id
            if name not in gone:
                drawn.append(self._component(component, name, heading, row))
        return tuple(drawn)

    def _component(
        self, component: forms.Component, name: str, heading: int, row: tuple[forms.Rows, int] | None
    ) -> Drawing:
        match component:
            case forms.Field():
                return self._field(component, row)
            case forms.Group():
                return self._group(component, heading, row)
            case forms.Rows():
                return self._rows(component, heading)
            case forms.Text():
                words = to_markup(self.answers.texts.get(name, ""), heading=heading)
                return self._drawing("text", component, {"markup": words})
            case forms.Table():
                return self._table(component, name)
            case forms.Separator():
                return self._drawing("separator", component, {})

    def _field(self, question: forms.Field, row: tuple[forms.Rows, int] | None) -> Drawing:
        name = forms.row_name(row[0].key, row[1], question.key) if row else question.key
        drawn: Drawn = draw_field(
            question,
            name,
            raw=self.raw,
            error=self.errors.get(name),
            options=self.answers.options.get(name, ()),
            only_if=self._only_if(question),
            known=forms.shown(self.context.get(question.key)) if question.readonly else "",
        )
        facts = {"params": drawn.params, "label": question.label, "name": name}
        if question.kind is forms.FieldKind.FILES:
            facts["attached"] = list(self.attachments.get(name, ()))
        return Drawing(
            kind=drawn.macro,
            facts=facts,
            conditional=question.condition is not None,
            guidance=self._guidance(question.guidance),
        )

    def _group(self, group: forms.Group, heading: int, row: tuple[forms.Rows, int] | None) -> Drawing:
        inside = self.draw(group.components, min(heading + bool(group.label), 4), row)
        return self._drawing("group", group, {"label": group.label, "heading": heading}, inside)

    def _rows(self, rows: forms.Rows, heading: int) -> Drawing:
        numbers = self.answers.rows.get(rows.key, ())
        label = rows.label or rows.key
        inside = tuple(
            Drawing(
                kind="row",
                facts={
                    "key": rows.key,
                    "number": number,
                    "label": f"{label}: entry {place + 1}",
                    "fixed": rows.fixed,
                },
                inside=self.draw(rows.components, min(heading + 1, 4), (rows, number)),
            )
            for place, number in enumerate(numbers)
        )
        facts = {
            "key": rows.key,
            "label": label,
            "fixed": rows.fixed,
            "full": len(numbers) >= forms.MOST_ROWS,
            "error": self.errors.get(rows.key),
        }
        return self._drawing("rows", rows, facts, inside)

    def _table(self, table: forms.Table, name: str) -> Drawing:
        params = {
            "caption": table.label,
            "captionClasses": "govuk-table__caption--s",
            "head": [{"text": heading} for _, heading in table.columns],
            "rows": [[{"text": cell} for cell in cells] for cells in self.answers.tables.get(name, ())],
        }
        return self._drawing("table", table, {"params": params})

    def _drawing(
        self,
        kind: str,
        component: forms.Group | forms.Rows | forms.Text | forms.Table | forms.Separator,
        facts: Mapping[str, Any],
        inside: tuple[Drawing, ...] = (),
    ) -> Drawing:
        rules = component.guidance if isinstance(component, forms.Group | forms.Rows) else ()
        return Drawing(
            kind=kind,
            facts=facts,
            inside=inside,
            only_if=self._only_if(component),
            conditional=component.condition is not None,
            guidance=self._guidance(rules),
        )

    def _only_if(self, component: forms.Component) -> str:
        """The condition in words, where the page shows the component whatever the answers."""
        if self.redraw or component.condition is None:
            return ""
        return component.condition.words or ""

    def _guidance(self, rules: Sequence[str]) -> tuple[str | Markup, ...]:
        if self.guidance_link is None:
            return ()
        return tuple(self.guidance_link(rule) for rule in rules)
