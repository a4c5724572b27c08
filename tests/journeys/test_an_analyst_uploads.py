"""An analyst brings a diagram from elsewhere: it is checked before anything changes, then deployed."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.office import MODELS, Office
from tests.journeys.people import Colleague

NAME = "publish_report.bpmn"
WHY = "The text says who may withhold"


class Upload:
    """The story of a diagram with a slip in it."""

    def __init__(self, office: Office, colleague: Callable[..., Colleague]) -> None:
        self.office, self.colleague = office, colleague
        self.diagram = (MODELS / "publish_report" / NAME).read_text()

    @property
    def analyst(self) -> Colleague:
        return self.colleague("analyst")

    def given_a_case_under_way(self) -> None:
        self.case = self.office.case_at("Task_CheckAndSendFinal")

    def when_the_analyst_uploads_a_diagram_that_asks_for_an_unknown_form(self) -> None:
        broken = self.diagram.replace('formId="decide_withholding"', 'formId="decide_witholding"')
        assert broken != self.diagram
        self._upload(broken)

    def then_the_findings_say_where_why_and_how_to_mend_it(self) -> None:
        self.analyst.sees_heading("Findings: not ready to deploy")
        self.analyst.sees("publish_report/publish_report.bpmn", "Task_DecideWithholding", "decide_witholding")
        expect(self.analyst.page.get_by_role("button", name="Deploy")).to_have_count(0)

    def when_the_slip_is_mended_and_deployed(self) -> None:
        self._upload(self.diagram.replace("or withheld for an exceptional", "or withheld for a very rare"))
        self.analyst.sees_heading("Checked: ready to deploy")
        self.analyst.answers({"What changes, and why": WHY}).presses("Deploy").sees("Deployed")

    def then_the_library_shows_the_new_version_beside_the_old(self) -> None:
        rows = self.analyst.opens("/models").page.get_by_role("row").filter(has_text="Publish report")
        expect(rows.first).to_contain_text(WHY)
        expect(rows.filter(has_text="older")).to_have_count(1)
        rows.first.get_by_role("link").click()
        self.analyst.sees_heading("Publish report, version 2")
        self.analyst.sees("or withheld for a very rare reason")
        self.analyst.page.wait_for_selector("[data-bpmn-viewer][data-ready=true]")

    def then_the_case_under_way_keeps_its_process_and_goes_on(self) -> None:
        lead = self.colleague("inspector").does(
            "Check and send final", {"I have checked the final report and it can be sent": True}
        )
        lead.opens_case(self.case.reference).sees("Full inspection, version 1")

    def _upload(self, diagram: str) -> None:
        self.analyst.opens("/models").presses("Upload files")
        self.analyst.page.get_by_label("Diagrams, tables, forms and letters").set_input_files(
            {"name": NAME, "mimeType": "application/xml", "buffer": diagram.encode()}
        )
        self.analyst.presses("Check")


def test_an_analyst_uploads_a_broken_diagram_and_then_a_good_one(
    office: Office, colleague: Callable[..., Colleague]
) -> None:
    story = Upload(office, colleague)
    story.given_a_case_under_way()
    story.when_the_analyst_uploads_a_diagram_that_asks_for_an_unknown_form()
    story.then_the_findings_say_where_why_and_how_to_mend_it()
    story.when_the_slip_is_mended_and_deployed()
    story.then_the_library_shows_the_new_version_beside_the_old()
    story.then_the_case_under_way_keeps_its_process_and_goes_on()
