"""What follows an inadequate outcome: clocks, who tells whom, enforcement, and new judgements at a visit."""

from decimal import Decimal

from engine import feel
from tests.processes.examples import ASA, CH, SCH, Example, Inputs

LEAD, REGION = "lead_inspector", "regional_office"
EVERY_HOME = ["compliance notice", "restriction of accommodation"]
EVERYBODY = ["conditions", "suspension", "cancellation", "prosecution"]
DECLINED = "declined in effectiveness"


def after(setting: str, kind: str, *expected: feel.Value) -> Example:
    """Review within, office target, debrief, told when, within and by whom, DfE, return, from, by, full."""
    numbers = [Decimal(each) if type(each) is int else each for each in expected]
    return ("next_steps", "next_steps_plan", {"setting": setting, "inspection_kind": kind}, numbers)


def options(setting: str, offered: list[str], by_director: list[str]) -> Example:
    return ("next_steps", "enforcement_options", {"setting": setting}, [list(offered), list(by_director)])


def review(expected: bool, grade: str, concern: bool = False, against: bool = False) -> Example:
    inputs: Inputs = {
        "effectiveness_grade": grade,
        "cause_for_concern": concern,
        "both_decide_against": against,
    }
    return ("next_steps", "review_after_interim", inputs, expected)


def judgement(expected: bool, setting: str = SCH, kind: str = "full", **inputs: bool) -> Example:
    plain: Inputs = {
        "setting": setting,
        "inspection_kind": kind,
        "requirements_met": True,
        "children_safe": True,
        "leaders_assured": True,
        "one_area": True,
        "discrete": True,
        "good_record": True,
        "other_concerns": False,
        "quick_to_fix": True,
    }
    return ("new_judgement", "new_judgement", plain | inputs, [expected])


NOTHING = (None, None, False, None, None, None, False, None, None, None, None, None, None)
EXAMPLES: list[Example] = [
    after(
        SCH, "full", 5, None, True, "after the review", None, LEAD, True, "always", 6, 8, None, 16, "weeks"
    ),
    after(SCH, "assurance", 5, None, True, "at once", 1, LEAD, True, "likely", 6, 8, None, 16, "weeks"),
    after(SCH, "interim", *NOTHING),
    after(CH, "full", None, None, False, "at once", 1, LEAD, False, "always", 6, 8, None, 16, "weeks"),
    after(CH, "interim", None, None, False, "if the review agrees", 1, LEAD, False, "case by case", None),
    after(CH, "assurance", *NOTHING),
    after(
        ASA,
        "full",
        5,
        None,
        True,
        "after the review",
        None,
        REGION,
        False,
        "case by case",
        None,
        None,
        6,
        12,
        "months",
    ),
    after(ASA, "assurance", *NOTHING),
    after(ASA, "interim", *NOTHING),
    options(SCH, EVERY_HOME + EVERYBODY, ["suspension", "cancellation"]),
    options(CH, EVERY_HOME + EVERYBODY, []),
    options(ASA, ["compliance notice", *EVERYBODY], []),
    review(True, DECLINED),
    review(False, DECLINED, against=True),
    review(True, DECLINED, concern=True, against=True),
    review(True, "improved effectiveness", concern=True),
    review(False, "sustained effectiveness"),
    judgement(True),
    judgement(True, CH),
    judgement(True, CH, one_area=False),
    judgement(False, ASA),
    judgement(False, CH, "interim"),
    judgement(False, requirements_met=False),
    judgement(False, CH, children_safe=False),
    judgement(False, leaders_assured=False),
    judgement(False, one_area=False),
    judgement(False, CH, discrete=False),
    judgement(False, good_record=False),
    judgement(False, CH, other_concerns=True),
    judgement(False, quick_to_fix=False),
]
