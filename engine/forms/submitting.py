"""Takes what was posted to a form: typed values if all is well, else sentences that say what is not."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine import feel
from engine.forms.answers import MOST_ROWS, Files, row_numbers, settle
from engine.forms.model import Field, Form, Rows
from engine.forms.typed import Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The outcome: `values` by variable name, meant to be used only without `errors` (by HTML name)."""

    values: Mapping[str, feel.Value]
    errors: Mapping[str, str]
    raw: Raw


class UnknownActionError(ValueError):
    """A posted row action that the form does not offer."""

    def __init__(self, action: str) -> None:
        super().__init__(f"The form offers no action “{action[:60]}”. Go back to the page and try again.")


def submit(
    form: Form,
    raw: Raw,
    context: Mapping[str, feel.Value],
    environment: feel.Environment,
    files: Files | None = None,
) -> Submission:
    """Settles the form and gives the value of every question that may be answered.

    What is not in the form is ignored; a hidden question's value is None whatever was posted (so that
    a stale answer does not outlive it); a read-only one is left out. Raises `FormConditionError`.
    """
    answers = settle(form, raw, context, environment, files)
    taken = {
        one.key: answers.values[one.key]
        for one in form.fields
        if not (isinstance(one, Field) and one.readonly)
    }
    return Submission(values=taken, errors=answers.errors, raw=raw)


def act(form: Form, raw: Raw, action: str) -> dict[str, list[str]]:
    """The posted answers with a row added (`add:key`) or removed (`remove:key:number`).

    Raises `UnknownActionError`.
    """
    verb, _, rest = action.partition(":")
    key, _, number = rest.partition(":")
    rows = next(
        (one for one in form.fields if isinstance(one, Rows) and one.key == key and not one.fixed), None
    )
    numbers = list(row_numbers(raw.get(key, ())))
    match verb:
        case "add" if rows and not number and len(numbers) < MOST_ROWS:
            numbers.append(max(numbers, default=-1) + 1)
        case "remove" if rows and number.isdecimal() and int(number) in numbers:
            numbers.remove(int(number))
        case _:
            raise UnknownActionError(action)
    kept = {name: list(values) for name, values in raw.items()}
    if verb == "remove":
        kept = {name: values for name, values in kept.items() if not name.startswith(f"{key}-{int(number)}-")}
    return {**kept, key: [str(one) for one in numbers]}
