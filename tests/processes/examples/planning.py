"""When the next inspection is due, with whom, and what information in between asks for."""

from decimal import Decimal

from tests.processes.examples import ASA, CH, SCH, Example

NOTHING = [None, None, None, None]


def window(
    setting: str,
    situation: str,
    types: list[str],
    due: bool,
    *numbers: int | None,
    condition: bool = False,
) -> Example:
    """Numbers: earliest and latest months, inspection years by law, inspection years usual."""
    counted = [None if each is None else Decimal(each) for each in numbers] or NOTHING
    inputs = {"setting": setting, "situation": situation}
    return ("inspection_window", "inspection_window", inputs, [types, due, *counted, condition])


def arrangements(setting: str, kind: str, message: str | None, *, single: bool = False) -> Example:
    inputs = {"setting": setting, "planned_kind": kind, "single_person": single}
    people, days, notice = ARRANGED[message, single] if message is not None else (None, None, None)
    return ("inspection_arrangements", "inspection_arrangements", inputs, [people, days, notice, message])


UNANNOUNCED = "None: the inspection is unannounced"
ARRANGED = {
    ("Full inspection due", False): (
        "Three social care inspectors, one CQC inspector and one education inspector",
        "Up to 3 days",
        UNANNOUNCED,
    ),
    ("Assurance inspection due", False): (
        "Two social care inspectors; CQC or education on request",
        "1 day",
        UNANNOUNCED,
    ),
    ("Monitoring needed", False): (
        "As the visit needs; CQC or education on request",
        "As the visit needs",
        "Usually none; if any, the shortest possible",
    ),
    ("Agency inspection due", True): ("One inspector", "Less than 2 days", "20 working days"),
    ("Agency inspection due", False): (
        "One inspector; more for a large or spread out agency",
        "2 days",
        "Usually 10 working days",
    ),
    ("Interim inspection due", False): ("As the home needs", "1 to 2 days", "As the region plans it"),
}


def follow_up(setting: str, kind: str, contact: bool, dfe: bool, *, at_risk: bool = False) -> Example:
    inputs = {"setting": setting, "information_kind": kind, "child_at_risk": at_risk}
    return ("information_follow_up", "information_follow_up", inputs, [contact, dfe])


BOTH = ["full", "assurance"]
AGENCY = ["agency"]
EXAMPLES: list[Example] = [
    window(SCH, "operating", BOTH, True, None, None, 0, None),
    window(SCH, "inadequate or serious concerns", [*BOTH, "monitoring"], True),
    window(SCH, "no children for 3 months or more", BOTH, True, None, None, 0, None, condition=True),
    window(SCH, "condition in force", BOTH, False),
    window(SCH, "reopening within 3 months", ["monitoring"], True),
    window(SCH, "condition lifted 1 April to 30 September", BOTH, True, None, None, None, 0),
    window(SCH, "condition lifted 1 October to 31 March", BOTH, False),
    window(SCH, "inadequate", [], False),
    window(ASA, "newly registered", AGENCY, True, 7, 12, None, None),
    window(ASA, "nobody receives a service", AGENCY, False),
    window(ASA, "good or outstanding", AGENCY, True, None, None, 3, None),
    window(ASA, "requires improvement to be good", AGENCY, True, 12, 18, None, None),
    window(ASA, "inadequate", AGENCY, True, 6, 12, None, None),
    window(ASA, "operating", [], False),
    window(CH, "as planned elsewhere", ["interim"], True),
    window(CH, "operating", [], False),
    arrangements(SCH, "full", "Full inspection due"),
    arrangements(SCH, "assurance", "Assurance inspection due"),
    arrangements(SCH, "monitoring", "Monitoring needed"),
    arrangements(ASA, "agency", "Agency inspection due", single=True),
    arrangements(ASA, "agency", "Agency inspection due"),
    arrangements(CH, "interim", "Interim inspection due"),
    arrangements(CH, "assurance", None),
    follow_up(SCH, "notification", True, True, at_risk=True),
    follow_up(SCH, "notification", False, True),
    follow_up(CH, "notification", True, False, at_risk=True),
    follow_up(ASA, "notification", False, False),
    follow_up(SCH, "monthly report", False, False),
    follow_up(ASA, "monthly report", False, False),
    follow_up(CH, "six-monthly report", False, False),
    follow_up(ASA, "six-monthly report", False, False),
    follow_up(ASA, "questionnaires", False, False),
    follow_up(SCH, "concern", True, False),
    follow_up(ASA, "report missing", True, False),
]
