"""Limits of judgements, timetables, samples and findings."""

from decimal import Decimal

from engine import feel
from tests.processes.examples import ASA, CH, SCH, Example, Inputs

ALL = ["outstanding", "good", "requires improvement to be good", "inadequate"]


def numbers(*values: int | None) -> list[Decimal | None]:
    return [None if value is None else Decimal(value) for value in values]


def timetable(setting: str, kind: str, *expected: int | None) -> Example:
    """quality from and to, draft, comments, final, publication; where it is counted from is left out."""
    inputs: Inputs = {"setting": setting, "kind": kind}
    return ("timetable", "inspection_timetable", inputs, list(numbers(*expected)))


def leadership(allowed_from: int, expected_from: int, **inputs: feel.Value) -> Example:
    plain: Inputs = {
        "setting": SCH,
        "weeks_without_manager": Decimal(0),
        "recruitment_evidence": "not needed",
        "late_application": False,
        "qualification_requirement": False,
        "few_staff_qualified": False,
        "exceptional_circumstances": False,
    }
    found: feel.Value = [list(ALL[allowed_from:]), list(ALL[expected_from:])]
    return ("limits", "leadership_limits", plain | inputs, found)


def overall(allowed_from: int, expected_from: int, **inputs: feel.Value) -> Example:
    plain: Inputs = {
        "setting": SCH,
        "help_and_protection_grade": "good",
        "leadership_grade": "good",
        "weeks_without_manager": Decimal(0),
        "recruitment_evidence": "not needed",
    }
    found: feel.Value = [list(ALL[allowed_from:]), list(ALL[expected_from:])]
    return ("limits", "overall_limits", plain | inputs, found)


def areas(education: bool, health: bool) -> Example:
    inputs: Inputs = {"setting": SCH, "education_in_scope": education, "health_in_scope": health}
    found: list[feel.Value] = [
        list(ALL if judged else ["not judged"]) for judged in (True, education, health)
    ]
    return ("limits", "area_limits", inputs, found)


def individual(expected: bool, **inputs: bool) -> Example:
    plain: Inputs = {
        "manager_available": True,
        "no_registered_manager": False,
        "quality_concern": False,
        "protection_concern": False,
        "resources_concern": False,
    }
    return ("responsible_individual", "responsible_individual", plain | inputs, expected)


def finding(allowed: str, expected: str, enforcement: bool, **inputs: feel.Value) -> Example:
    plain: Inputs = {
        "finding_kind": "breach of a regulation",
        "significant": False,
        "impact": True,
        "sources": Decimal(2),
        "put_right": False,
        "earlier_action": "none",
    }
    found: feel.Value = [list(allowed.split("/")), list(expected.split("/")), enforcement]
    return ("requirement_or_recommendation", "requirement_or_recommendation", plain | inputs, found)


WEAKNESS: Inputs = {"finding_kind": "weakness in practice"}
IGNORED: Inputs = {"earlier_action": "recommendation not acted on"}
MISSED: Inputs = {"earlier_action": "requirement not met"}
EXAMPLES: list[Example] = [
    areas(True, True),
    areas(False, True),
    areas(True, False),
    areas(False, False),
    leadership(0, 0),
    leadership(2, 3, weeks_without_manager=Decimal(26), recruitment_evidence="none"),
    leadership(0, 0, weeks_without_manager=Decimal(25), recruitment_evidence="none"),
    leadership(0, 0, weeks_without_manager=Decimal(60), recruitment_evidence="enough"),
    leadership(0, 3, late_application=True),
    leadership(1, 1, qualification_requirement=True),
    leadership(2, 3, few_staff_qualified=True),
    leadership(1, 1, few_staff_qualified=True, exceptional_circumstances=True),
    leadership(2, 3, few_staff_qualified=True, exceptional_circumstances=False, late_application=True),
    overall(0, 0),
    overall(3, 3, help_and_protection_grade="inadequate", leadership_grade="outstanding"),
    overall(2, 3, leadership_grade="inadequate"),
    overall(3, 3, leadership_grade="inadequate", help_and_protection_grade="inadequate"),
    overall(0, 1, weeks_without_manager=Decimal(26), recruitment_evidence="limited"),
    timetable(SCH, "full", 3, 6, 18, 5, 30, 5),
    timetable(SCH, "assurance", 2, 5, 18, 5, 30, 5),
    timetable(SCH, "interim", None, None, None, None, None, None),
    timetable(SCH, "monitoring", None, None, 18, 5, 30, 5),
    timetable(CH, "full", None, None, None, None, None, None),
    timetable(CH, "assurance", None, None, None, None, None, None),
    timetable(CH, "interim", None, 5, 13, 5, None, 28),
    timetable(CH, "monitoring", None, None, None, 5, None, 10),
    timetable(ASA, "full", None, 4, 18, 5, 30, 5),
    timetable(ASA, "assurance", None, None, None, None, None, None),
    timetable(ASA, "interim", None, None, None, None, None, None),
    timetable(ASA, "monitoring", None, None, 18, 5, 30, 5),
    *[
        ("case_sample", "case_sample", {"setting": setting, "people_served": Decimal(served)}, [least])
        for setting, served, least in [
            (SCH, 20, None),
            (CH, 4, None),
            (ASA, 9, Decimal(2)),
            (ASA, 10, Decimal(4)),
            (ASA, 50, Decimal(6)),
        ]
    ],
    individual(False),
    individual(True, manager_available=False),
    individual(True, no_registered_manager=True),
    individual(True, quality_concern=True),
    individual(True, protection_concern=True, resources_concern=True),
    individual(True, resources_concern=True),
    finding("requirement", "requirement", False, significant=True, **WEAKNESS),
    finding("requirement", "requirement", True, significant=True, **MISSED),
    finding(
        "mention in report only/recommendation/requirement",
        "mention in report only",
        False,
        impact=False,
        put_right=True,
    ),
    finding("requirement/recommendation", "requirement", False),
    finding("recommendation", "recommendation", False, sources=Decimal(1)),
    finding("recommendation", "recommendation", False, impact=False),
    finding("recommendation", "recommendation", False, **WEAKNESS),
    finding("recommendation", "recommendation", False, impact=False, **WEAKNESS),
    finding("requirement/recommendation", "requirement/recommendation", False, **(WEAKNESS | IGNORED)),
    finding("requirement/recommendation", "recommendation", False, impact=False, **(WEAKNESS | IGNORED)),
    *[
        ("withhold_report", "withhold_report", {"setting": setting}, [who, True])
        for setting, who in [(SCH, "director"), (CH, "rim"), (ASA, "director")]
    ],
]
