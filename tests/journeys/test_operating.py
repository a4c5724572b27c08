"""A case that stopped, must stop, or went the wrong way, and cases that go on in a new version."""

from collections.abc import Callable

from engine import check
from engine.runtime import deployments, operator
from engine.runtime.user_tasks import Actor, Role
from tests.journeys.office import FIRST_DAY, MODELS, Office
from tests.journeys.people import Colleague
from tests.journeys.test_working_together import STARTED

Come = Callable[..., Colleague]

ADMIN = Actor("admin", (Role("administrator"),))
ON_SITE, BEGIN = "Start inspection on site", "Begin on site"


class NobodyForHealth:
    """The story of a case that names nobody to judge health."""

    def __init__(self, office: Office, colleague: Come) -> None:
        self.office, self.colleague = office, colleague
        self.case = office.case_at("Task_StartOnSite")

    def given_a_case_that_stopped(self) -> None:
        with self.office.driven() as driver, self.office.tools.database.begin() as connection:
            operator.set_variable(
                connection, self.office.tools.library, instance_id=self.case.number, name="health_inspector",
                value=None, reason="Not known yet", by=ADMIN, at=driver.at,
            )  # fmt: skip
        self.case.carry_on(until="Task_JudgeHealth")

    def when_the_regional_manager_looks_at_what_stopped(self) -> None:
        rim = self.colleague("rim").opens("/incidents")
        rim.sees("Judge health", "A task for whom nobody was found", self.case.reference)
        rim.clicks("Judge health").sees_heading("Stopped at: Judge health")
        rim.sees(
            "The case names nobody as Health inspector.", "Set the variable 'health_inspector' of the case"
        )

    def and_mends_the_cause_and_tries_again(self) -> None:
        rim = self.colleague("rim").follows("Correct a variable of the case")
        rim.clicks("Correct Health inspector (health_inspector), the whole case").sees_heading(
            "Correct “Health inspector”"
        ).answers({"New value": "health"})
        rim.presses("See what happens").sees("New value", "nothing", "health")
        rim.presses("Correct it").sees("There is a problem", "The reason is missing")
        rim.answers({"Reason": "Hale Health joins the team"}).presses("Correct it")
        rim.sees("Corrected: health inspector")

    def then_the_case_goes_on_for_the_person_named_and_says_who_mended_it(self) -> None:
        rim = self.colleague("rim").opens("/incidents")
        rim.clicks("Judge health").presses("Try again")
        rim.sees("Tried again: the case goes on", "Nothing has stopped")
        self.colleague("health").takes("Judge health")
        rim.opens_case(self.case.reference, "history")
        rim.sees("Corrected by hand: health inspector", "Hale Health joins the team", "Rory Regional")


def test_an_incident_is_seen_its_cause_mended_and_the_case_goes_on(office: Office, colleague: Come) -> None:
    story = NobodyForHealth(office, colleague)
    story.given_a_case_that_stopped()
    story.when_the_regional_manager_looks_at_what_stopped()
    story.and_mends_the_cause_and_tries_again()
    story.then_the_case_goes_on_for_the_person_named_and_says_who_mended_it()


def test_a_case_is_suspended_and_resumed(office: Office, colleague: Come) -> None:
    case = office.case_at("Task_StartOnSite")
    lead = colleague("inspector").takes(ON_SITE)
    # when its regional manager suspends it, having seen what stands still
    rim = colleague("rim").opens_case(case.reference, "manage").follows("Suspend it")
    rim.sees_heading("Suspend this case").sees(f"Task: {ON_SITE}", "Its deadlines go on")
    rim.answers({"Reason": "The home is closed by flood"}).presses("Suspend the case")
    rim.sees("The case is suspended", "Suspended by Rory Regional", "The home is closed by flood")
    # then nobody can complete its task, and nothing typed is lost
    lead.answers(STARTED).presses("Complete task").sees_heading("The case is not running")
    lead.sees("What you typed", "The responsible individual")
    lead.opens("/tasks").sees("Suspended").follows(ON_SITE).sees("The home is closed by flood")
    lead.answers({"First day on site": FIRST_DAY}).presses("Save for later").sees("Saved.")
    # and when it is resumed, the task can be completed
    rim.opens_case(case.reference, "manage").follows("Resume it")
    rim.answers({"Reason": "It is open again"}).presses("Resume the case").sees("The case goes on")
    lead.does(ON_SITE, STARTED)


def test_a_case_is_moved_back_to_an_earlier_step_with_a_reason(office: Office, colleague: Come) -> None:
    case = office.case_at("Task_GiveFeedback")
    # given a regional manager without scripts, who sees what a move does before it is made
    rim = colleague("rim", scripted=False).opens_case(case.reference, "manage")
    rim.follows("Move it to another step")
    box = rim.page.get_by_label("Where does it stand now?")
    if box.count():
        box.select_option(label="Give feedback (Full inspection)")
        rim.presses("Continue")
    rim.answers({"Which step should it go to?": "End site visit (task for a person)"})
    rim.presses("See what happens").sees("Is taken away", "Task: Give feedback", "Task: End site visit")
    rim.answers({"Reason": "The team goes back for a day"}).presses("Move the case")
    rim.sees("The case is where you moved it", "Task: End site visit")
    # then the lead has that task again, and the history says who moved it and why
    colleague("inspector").takes("End site visit")
    history = colleague("rim", of="at the office").opens_case(case.reference, "history")
    history.sees("Moved by hand from Give feedback to End site visit", "The team goes back for a day")


class NewVersion:
    """The story of a task that is called something else in a new version of its process."""

    def __init__(self, office: Office, colleague: Come) -> None:
        self.office, self.colleague = office, colleague
        self.case = office.case_at("Task_StartOnSite")

    @property
    def analyst(self) -> Colleague:
        return self.colleague("analyst")

    def given_a_new_version_in_which_the_first_task_on_site_is_another(self) -> None:
        renamed = (b"Task_StartOnSite", b"Task_BeginOnSite"), (ON_SITE.encode(), BEGIN.encode())
        files = dict(check.read_folder(MODELS))
        for old, new in renamed:
            files = {name: content.replace(old, new) for name, content in files.items()}
        with self.office.tools.database.begin() as connection:
            deployments.deploy(connection, files=files, by="analyst", at=self.office.clock.at)

    def when_the_analyst_looks_at_what_a_move_would_do(self) -> None:
        rows = self.analyst.opens("/models").page.get_by_role("row").filter(has_text="full_inspection.bpmn")
        rows.first.get_by_role("link").first.click()
        self.analyst.sees_heading("Full inspection, version 2")
        self.analyst.follows("See what moving running cases to version 2 would do")
        self.analyst.sees("Cannot be moved.", f"{ON_SITE} is not in the new version.")
        self.analyst.answers({f"What is “{ON_SITE}” called in version 2?": f"{BEGIN} (task for a person)"})
        self.analyst.presses("See what happens").sees(f"{ON_SITE} → {BEGIN}")

    def and_moves_the_case(self) -> None:
        self.analyst.page.get_by_label(self.case.reference).check()
        self.analyst.answers({"Reason": "The new words"}).presses("Move the chosen cases")
        self.analyst.sees_heading("Cases moved: 1")

    def then_the_lead_does_the_task_of_the_new_version(self) -> None:
        self.colleague("inspector").takes(BEGIN).sees_heading(BEGIN)

    def when_the_analyst_takes_the_move_back(self) -> None:
        self.analyst.follows("See which cases are on other versions, and take moves back")
        self.analyst.page.get_by_label(self.case.reference).check()
        self.analyst.answers({"Reason to take them back": "Not before the visit"})
        self.analyst.presses("Take the chosen moves back").sees_heading("Moves taken back: 1")

    def then_the_case_goes_on_in_its_old_version_and_tells_both_moves(self) -> None:
        self.colleague("inspector").does(ON_SITE, STARTED)
        manager = self.colleague("manager").opens_case(self.case.reference, "history")
        manager.sees("The new words", "Not before the visit", "Move to another version undone")


def test_a_case_is_moved_to_a_new_version_and_back(office: Office, colleague: Come) -> None:
    story = NewVersion(office, colleague)
    story.given_a_new_version_in_which_the_first_task_on_site_is_another()
    story.when_the_analyst_looks_at_what_a_move_would_do()
    story.and_moves_the_case()
    story.then_the_lead_does_the_task_of_the_new_version()
    story.when_the_analyst_takes_the_move_back()
    story.then_the_case_goes_on_in_its_old_version_and_tells_both_moves()
