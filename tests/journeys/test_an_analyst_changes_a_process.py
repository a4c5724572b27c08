"""An analyst renames a task in the browser: cases keep their version, and new ones start on the new."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.journeys.office import Case, Office
from tests.journeys.people import Colleague

TASK = "Task_StartOnSite"
OLD, NEW = "Start inspection on site", "Arrive at the home"
WHY = "Inspectors call it arriving"


class ChangedProcess:
    """The story of a change that an analyst makes and deploys."""

    def __init__(self, office: Office, colleague: Callable[..., Colleague]) -> None:
        self.office, self.analyst = office, colleague("analyst")
        self.colleague = colleague

    def given_a_case_before_the_task(self) -> None:
        self.case: Case = self.office.case_at("Task_ReviewInformation")

    def when_the_analyst_opens_the_process_in_the_editor(self) -> None:
        self.page = self.analyst.opens("/models").page
        self._link(1).click()
        self.analyst.presses("Edit")
        self.page.wait_for_selector("[data-bpmn-modeler][data-ready=true]")

    def when_the_analyst_renames_the_task(self) -> None:
        self.page.locator(f'[data-element-id="{TASK}"] .djs-hit').first.click(force=True)
        self.page.locator(".bio-properties-panel-group-header-title", has_text="General").click()
        self.page.locator("#bio-properties-panel-name").fill(NEW)

    def then_the_check_finds_nothing_and_loses_nothing(self) -> None:
        self._sends("Check")
        self.analyst.sees("Checked: ready to deploy")
        self.page.wait_for_selector("[data-bpmn-modeler][data-ready=true]")
        label = self.page.locator(f'[data-element-id="{TASK}"] text')
        expect(label).to_have_text(re.compile(r"Arrive at\s*the home"))

    def then_it_is_not_deployed_without_a_reason(self) -> None:
        self._sends("Deploy")
        self.analyst.sees("There is a problem", "Enter what changes, and why")
        self.page.wait_for_selector("[data-bpmn-modeler][data-ready=true]")

    def when_the_analyst_gives_the_reason_and_deploys(self) -> None:
        self.analyst.answers({"What changes, and why": WHY})
        self._sends("Deploy")

    def then_the_library_shows_the_new_version_and_the_case_on_the_old_one(self) -> None:
        self.analyst.sees_heading("Models").sees("Deployed: full_inspection version 2")
        new, old = (self._row(version) for version in (2, 1))
        expect(new).to_contain_text(WHY)
        expect(new.locator("td").nth(1)).to_have_text("0")
        expect(old.locator("td").nth(1)).to_have_text("1")

    def then_its_page_says_what_changed_in_words_and_on_the_diagram(self) -> None:
        self._link(2).click()
        self.analyst.sees("What version 2 changed", NEW, TASK)
        self.analyst.sees_on_the_diagram(TASK, "changed")

    def then_the_case_goes_on_with_the_old_name_and_a_new_one_has_the_new(self) -> None:
        inspector = self.colleague("inspector")
        inspector.opens_case(self.case.reference, "diagram").sees(OLD).does_not_see(NEW)
        later = Case(self.office, "good")
        inspector.opens_case(later.reference, "diagram").sees(NEW).does_not_see(OLD)

    def _sends(self, button: str) -> None:
        """The editor writes the file first, so the page does not change at the click."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()
        self.analyst.watch.look(self.page, self.analyst.name)

    def _link(self, version: int) -> Locator:
        return self.page.get_by_role("link", name=re.compile(rf"^Full inspection\s*, version {version}$"))

    def _row(self, version: int) -> Locator:
        return self.page.locator("tr").filter(has=self._link(version))


def test_an_analyst_changes_a_process(office: Office, colleague: Callable[..., Colleague]) -> None:
    story = ChangedProcess(office, colleague)
    story.given_a_case_before_the_task()
    story.when_the_analyst_opens_the_process_in_the_editor()
    story.when_the_analyst_renames_the_task()
    story.then_the_check_finds_nothing_and_loses_nothing()
    story.then_it_is_not_deployed_without_a_reason()
    story.when_the_analyst_gives_the_reason_and_deploys()
    story.then_the_library_shows_the_new_version_and_the_case_on_the_old_one()
    story.then_its_page_says_what_changed_in_words_and_on_the_diagram()
    story.then_the_case_goes_on_with_the_old_name_and_a_new_one_has_the_new()
