"""Interim inspections of children's homes that together take every flow of their diagrams."""

from collections.abc import Callable

from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.inspection import Inspection
from tests.processes.interim import DECLINED, IMPROVED, Interim
from tests.processes.stories import Story


def a_home_that_does_better(inspection: Inspection) -> Interim:
    return Interim.due(inspection).to_feedback(IMPROVED).publish()


def a_decline_that_leads_to_a_review(inspection: Inspection) -> Interim:
    return Interim.started(inspection).to_feedback(DECLINED).weigh(lead="yes", rim="yes").publish()


def a_decline_that_both_find_slight(inspection: Inspection) -> Interim:
    return Interim.started(inspection).to_feedback(DECLINED).weigh(lead="no", rim="no").publish()


def _told(story: Callable[[Inspection], Interim]) -> Story:
    def tell(driver: Driver, tools: Tools) -> None:
        assert story(Inspection(driver, tools)).inspection.state == "completed"

    return tell


STORIES = tuple(
    _told(story)
    for story in (
        a_home_that_does_better,
        a_decline_that_leads_to_a_review,
        a_decline_that_both_find_slight,
    )
)
