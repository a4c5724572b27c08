"""Answers for the questions that nobody answered, so that a case can be carried on."""

from collections.abc import Mapping
from decimal import Decimal

from engine import feel, forms
from engine.clock import london_date

TEXT = "Example entry"
ROUNDS = 20


class NoSampleError(ValueError):
    """A form keeps refusing the sample answers."""


def sample_answers(
    form: forms.Form,
    given: Mapping[str, feel.Value],
    variables: Mapping[str, feel.Value],
    environment: feel.Environment,
) -> dict[str, feel.Value]:
    """`given`, and a plain answer to every required question that is left.

    What was given is never replaced, also where the form refuses it. Raises `NoSampleError`.
    """
    answers = {field.key: variables[field.key] for field in form.fields if field.key in variables}
    answers |= given
    for _ in range(ROUNDS):
        raw = forms.prefill(form, answers)
        settled = forms.settle(form, raw, variables, environment)
        wrong = {name.partition("-")[0] for name in settled.errors}  # of a date, and of a row
        if not wrong - given.keys():
            return {key: value for key, value in settled.values.items() if key not in _readonly(form)}
        for field in form.fields:
            if field.key in wrong - given.keys():
                answers[field.key] = _sample(field, settled, environment)
    raise NoSampleError(f"Form {form.id} refuses the sample answers: {answers}")


def _readonly(form: forms.Form) -> set[str]:
    return {field.key for field in form.fields if isinstance(field, forms.Field) and field.readonly}


def _sample(
    field: forms.Field | forms.Rows, settled: forms.Answers, environment: feel.Environment
) -> feel.Value:
    if isinstance(field, forms.Rows):
        return [{each.key: _one(each, each.options, environment) for each in field.fields}]
    return _one(field, settled.options.get(field.key, field.options), environment)


def _one(field: forms.Field, options: tuple[forms.Option, ...], environment: feel.Environment) -> feel.Value:
    assert environment.at is not None
    match field.kind:
        case forms.FieldKind.NUMBER:
            return field.limits.minimum or Decimal(1)
        case forms.FieldKind.DATE:
            return feel.Date.of(london_date(environment.at))
        case forms.FieldKind.CHECKBOX:
            return True
        case forms.FieldKind.CHECKLIST:
            return [option.value for option in options]
        case forms.FieldKind.RADIO | forms.FieldKind.SELECT:
            return options[0].value if options else None
        case forms.FieldKind.FILES:
            return []
        case _:
            return "example@example.org" if field.limits.email else TEXT
