"""Children are not protected: the overall judgement is capped, and the case is handed over."""

from collections.abc import Callable

from tests.journeys.office import Office
from tests.journeys.people import Colleague


def test_an_inspection_with_a_capped_judgement(office: Office, colleague: Callable[..., Colleague]) -> None:
    case = office.case_at("Task_JudgeOverall", scenario="capped")
    ivy = colleague("inspector").takes("Judge overall experiences")
    assert ivy.choices("Judgement") == ["Inadequate"]
    ivy.opens_case(case.reference, "diagram")
