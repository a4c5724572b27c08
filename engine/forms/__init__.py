"""Forms as analysts draw them (form-js): read once, their answers typed and checked on the server."""

from engine.forms.answers import MOST_ROWS, Answers, Files, settle
from engine.forms.asking import FormConditionError
from engine.forms.findings import Finding, FormError
from engine.forms.model import (
    CHOICES,
    Component,
    Condition,
    Field,
    FieldKind,
    Form,
    Group,
    Limits,
    Option,
    Rows,
    Separator,
    Table,
    Text,
    flat,
    row_name,
)
from engine.forms.prefilling import prefill
from engine.forms.reading import read
from engine.forms.shown import shown
from engine.forms.submitting import Submission, UnknownActionError, act, submit
from engine.forms.typed import DATE_PARTS, Raw, names_of

__all__ = [
    "CHOICES",
    "DATE_PARTS",
    "MOST_ROWS",
    "Answers",
    "Component",
    "Condition",
    "Field",
    "FieldKind",
    "Files",
    "Finding",
    "Form",
    "FormConditionError",
    "FormError",
    "Group",
    "Limits",
    "Option",
    "Raw",
    "Rows",
    "Separator",
    "Submission",
    "Table",
    "Text",
    "UnknownActionError",
    "act",
    "flat",
    "names_of",
    "prefill",
    "read",
    "row_name",
    "settle",
    "shown",
    "submit",
]
