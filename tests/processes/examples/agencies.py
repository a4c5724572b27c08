"""Notice and time on site of agencies, and the limits of their judgements."""

from decimal import Decimal

from engine import feel
from tests.processes.examples import ASA, Example, Inputs
from tests.processes.examples.inspections import ALL, leadership, overall

USUAL = ["half day, whole day, half day", "two whole days"]
LESS = [*USUAL, "less time"]
MORE = [*USUAL, "more time", "more inspectors", "more time and inspectors"]
LONG_VACANT: Inputs = {"weeks_without_manager": Decimal(26), "recruitment_evidence": "limited"}


def visit(
    notice: int,
    usual: list[str],
    *,
    served: int = 20,
    one: bool = False,
    issue: bool = False,
    wide: bool = False,
) -> Example:
    inputs: Inputs = {
        "single_individual": one,
        "special_issue": issue,
        "wide_spread": wide,
        "people_served": Decimal(served),
    }
    expected: feel.Value = [Decimal(notice), list(usual)]
    return ("agency_visit", "agency_visit", inputs, expected)


def areas() -> Example:
    inputs: Inputs = {"setting": ASA, "education_in_scope": False, "health_in_scope": False}
    expected: feel.Value = [list(ALL), ["not judged"], ["not judged"]]
    return ("limits", "area_limits", inputs, expected)


EXAMPLES: list[Example] = [
    visit(10, USUAL),
    visit(10, USUAL, served=10),
    visit(10, USUAL, served=49),
    visit(10, LESS, served=9),
    visit(10, MORE, served=50),
    visit(10, MORE, served=5, wide=True),
    visit(10, MORE, served=5, issue=True),
    visit(20, LESS, served=5, one=True),
    visit(20, MORE, served=5, one=True, issue=True),
    areas(),
    leadership(0, 0, setting=ASA),
    leadership(2, 3, setting=ASA, **LONG_VACANT),
    leadership(0, 0, setting=ASA, **(LONG_VACANT | {"weeks_without_manager": Decimal(25)})),
    leadership(0, 0, setting=ASA, **(LONG_VACANT | {"recruitment_evidence": "enough"})),
    leadership(0, 3, setting=ASA, late_application=True),
    overall(0, 0, setting=ASA),
    overall(3, 3, setting=ASA, help_and_protection_grade="inadequate", leadership_grade="outstanding"),
    overall(2, 3, setting=ASA, leadership_grade="inadequate"),
    overall(0, 1, setting=ASA, **LONG_VACANT),
]
