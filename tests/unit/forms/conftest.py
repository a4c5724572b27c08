"""Forms made in a line, and the moment and calendar they are answered at."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import feel, forms
from engine.workdays import Calendar

Make = Callable[..., forms.Form]
Submit = Callable[..., forms.Submission]


@pytest.fixture
def environment() -> feel.Environment:
    return feel.Environment(
        at=datetime(2026, 12, 3, 10, 0, tzinfo=UTC), calendar=Calendar.england(2025, 2028)
    )


@pytest.fixture
def make() -> Make:
    """A form of the given components; ids follow from keys."""

    def made(*components: Mapping[str, Any], **top: Any) -> forms.Form:
        return forms.read(encoded(*components, **top))

    return made


@pytest.fixture
def findings() -> Callable[..., tuple[forms.Finding, ...]]:
    """What is wrong with a form of the given components."""

    def found(*components: Mapping[str, Any], **top: Any) -> tuple[forms.Finding, ...]:
        with pytest.raises(forms.FormError) as error:
            forms.read(encoded(*components, **top))
        return error.value.findings

    return found


@pytest.fixture
def submit(make: Make, environment: feel.Environment) -> Submit:
    """What becomes of answers to a form of the given components."""

    def submitted(
        components: Mapping[str, Any] | list[Mapping[str, Any]],
        raw: Mapping[str, list[str]],
        context: Mapping[str, feel.Value] | None = None,
        files: forms.Files | None = None,
    ) -> forms.Submission:
        listed = components if isinstance(components, list) else [components]
        return forms.submit(make(*listed), raw, context or {}, environment, files)

    return submitted


def encoded(*components: Mapping[str, Any], **top: Any) -> bytes:
    """The JSON of a form."""
    given = [identified(one, index) for index, one in enumerate(components)]
    document = {"id": "a_form", "type": "default", "schemaVersion": 19, "components": given, **top}
    return json.dumps(document).encode()


def identified(component: Mapping[str, Any], index: int) -> dict[str, Any]:
    inner = component.get("components")
    named = {
        "id": f"{component.get('key') or component.get('path') or component['type']}_{index}",
        **component,
    }
    if isinstance(inner, list):
        named["components"] = [identified(one, index * 10 + place) for place, one in enumerate(inner)]
    return named
