"""Several people, several sittings: nobody's typing is lost, and everybody sees where a case stands."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page

from tests.journeys.office import FIRST_DAY, Office
from tests.journeys.people import EVERYTHING, Colleague, Provider
from tests.journeys.watching import Watch

PLAN = "A meeting at the end of each day"
STARTED = {
    "First day on site": FIRST_DAY,
    "On arrival": EVERYTHING,
    "Day agreed for the completed Annex A": FIRST_DAY,
    "Meeting with the manager or person in charge": EVERYTHING,
    "How will the manager be kept informed?": PLAN,
    "Whom to contact about the manager’s welfare": "The responsible individual",
}

Come = Callable[..., Colleague]


def test_the_second_to_complete_a_task_keeps_what_they_typed(office: Office, colleague: Come) -> None:
    office.case_at("Task_StartOnSite")
    # given the lead, whose page is open while the task is released and taken by a teammate
    lead, elsewhere = colleague("inspector"), colleague("inspector", of="the lead at another screen")
    lead.takes("Start inspection on site").answers(STARTED)
    elsewhere.takes("Start inspection on site").presses("Release this task")
    colleague("teammate").does("Start inspection on site", STARTED | {"Adjustments agreed": "None"})
    # when the lead sends the page at last
    lead.presses("Complete task")
    # then the page says who was first, and gives everything back
    lead.sees_heading("This task is already complete").sees("Ian Inspector", "What you typed", PLAN)
    lead.sees("The responsible individual")


def test_a_saved_draft_is_there_again_the_next_day(office: Office, colleague: Come) -> None:
    office.case_at("Task_StartOnSite")
    teammate = colleague("teammate").takes("Start inspection on site")
    half = {"First day on site": FIRST_DAY, "How will the manager be kept informed?": PLAN}
    teammate.answers(half).presses("Save for later").sees("Saved. You can come back to it from your tasks")
    office.the_day_is(FIRST_DAY + timedelta(days=1))
    teammate.opens("/tasks").sees("Draft saved")
    teammate.follows("Start inspection on site").sees_answer("How will the manager be kept informed?", PLAN)
    teammate.sees_answer("Day", "1", within="First day on site")
    teammate.answers(STARTED).presses("Complete task").sees("You completed “Start inspection on site”")


def test_a_provider_link_that_has_expired_says_so(office: Office, provider: Provider) -> None:
    office.case_at("Task_CommentOnDraft")
    provider.follows_the_link_of("Draft inspection report").answers(
        {"What would you like to do?": "Make a formal complaint"}
    ).answers({"Your complaint": "We disagree.", "Your name and role": "Pat Provider, director"})
    # when the time for comments ends while the page is open
    office.the_day_is(date(2026, 12, 28))
    provider.waits_to_be_refused("no longer asked for")
    provider.presses("Send comments").sees_heading("This link cannot be used")
    provider.sees("Comments on this draft are no longer asked for.", "What you typed", "We disagree.")
    # and when the link itself is past its day
    office.the_day_is(date(2027, 3, 1))
    provider.follows_the_link_of("Draft inspection report").sees("This link has expired")


def test_the_diagram_shows_where_a_case_stands_and_so_does_its_text(office: Office, colleague: Come) -> None:
    case = office.case_at("Task_CheckAnnexA")
    manager = colleague("manager").opens_case(case.reference, "diagram")
    for element, name, state, word in (
        ("Call_PrepareInspection", "Prepare inspection", "done", "Done"),
        ("Task_StartOnSite", "Start inspection on site", "done", "Done"),
        ("Call_GatherEvidence", "Gather evidence", "current", "Now"),
        ("Call_AgreeJudgements", "Agree judgements", "coming", "Coming"),
    ):
        manager.sees_on_the_diagram(element, state).sees_in_words(name, word)
    manager.follows("Gather evidence").sees_on_the_diagram("Call_CheckAnnexA", "current")
    manager.follows("Check Annex A").sees_on_the_diagram("Task_CheckAnnexA", "current")
    manager.sees_in_words("Check Annex A", "Now")


def test_a_wrong_date_without_javascript_is_told_with_a_link_and_loses_nothing(
    office: Office, colleague: Come
) -> None:
    office.case_at("Task_StartOnSite")
    plain = colleague("teammate", scripted=False).takes("Start inspection on site")
    plain.sees("Only if not everything under “On arrival” is selected.")
    plain.answers(STARTED).answers({"First day on site": ("31", "2", "2026")}).presses("Complete task")
    # then the summary leads to the box to mend, and everything typed is still there
    plain.sees("There is a problem")
    link = plain.page.locator(".govuk-error-summary a")
    assert link.count() == 1
    link.click()
    assert plain.focus == "first_site_day-day"
    plain.sees_answer("Day", "31", within="First day on site")
    plain.sees_answer("How will the manager be kept informed?", PLAN)
    plain.answers({"First day on site": FIRST_DAY}).presses("Complete task")
    plain.sees("You completed “Start inspection on site”")


def test_an_error_takes_the_focus_and_stays_until_it_is_mended(office: Office, colleague: Come) -> None:
    office.case_at("Task_StartOnSite")
    teammate = colleague("teammate").takes("Start inspection on site")
    teammate.answers({"How will the manager be kept informed?": PLAN}).presses("Complete task")
    assert teammate.page.title().startswith("Error: ")
    assert teammate.page.locator(".govuk-error-summary").evaluate("box => box === document.activeElement")
    told = teammate.page.locator(".govuk-error-message")
    before = told.count()
    assert before > 2
    teammate.answers({"On arrival": EVERYTHING})
    assert 0 < told.count() < before
    teammate.sees_answer("How will the manager be kept informed?", PLAN)


def test_a_task_is_found_and_completed_with_the_keyboard_alone(
    office: Office, new_page: Callable[..., Page], watch: Watch
) -> None:
    office.case_at("Task_JudgeEducation")
    person = Colleague(new_page(), office, watch, "education")
    person.opens("/sign-in")
    person.types_into("user", "education").types_into("password", "demonstration only").keys("Enter")
    person.sees_heading("Your tasks")
    person.tabs_to("Judge education and learning").keys("Enter")
    person.sees_heading("Judge education and learning")
    person.tabs_to_field("education_grade").keys("ArrowDown", "ArrowUp", "Space")
    person.types_into("education_statements", "Children catch up.")
    person.tabs_to("Complete task").keys("Enter")
    person.sees("You completed “Judge education and learning”")
