"""Deadlines are paused, extended and counted anew: who may, what it does, and what everybody then reads."""

from collections.abc import Callable
from datetime import date

from tests.journeys.office import Office
from tests.journeys.people import Colleague

Come = Callable[..., Colleague]

DRAFT, FINAL = "The draft is sent to the provider", "The final report is sent to the provider"
FLOOD = "The home is closed after a flood"
DEFERRED = "Deferral agreed with the director"
MOVE = "The office moves"
CHANGE = "Change a date of this case, and see first what it moves"


def test_a_limit_stands_still_and_goes_on_with_the_days_it_had_left(office: Office, colleague: Come) -> None:
    case = office.case_at("Task_WriteSections")  # Friday 4 December, the draft due on Thursday 31 December
    # given a manager, who may not pause a limit of the guidance
    manager = colleague("manager").opens_case(case.reference, "deadlines").follows(DRAFT)
    manager.sees("18 working days after Thursday 3 December 2026", "Thursday 31 December 2026")
    manager.answers({"Reason for the pause": FLOOD, "Authority for the pause": DEFERRED})
    manager.presses("Pause the deadline").sees("It takes the")
    # when the regional manager pauses it, first without saying why
    rim = colleague("rim").opens_case(case.reference, "deadlines").follows(DRAFT)
    rim.presses("Pause the deadline").sees("The reason is missing.")
    rim.answers({"Reason for the pause": FLOOD, "Authority for the pause": DEFERRED})
    rim.presses("Pause the deadline").sees("The deadline is paused", FLOOD, DEFERRED)
    rim.sees("paused on Friday 4 December 2026 with 17 working days left")
    # then nothing is due while it stands still
    office.the_day_is(date(2026, 12, 11))
    colleague("inspector").opens_case(case.reference, "deadlines").sees("Paused")
    rim.opens_case(case.reference, "deadlines").follows(DRAFT)
    rim.answers({"Reason": "The home is open again"}).presses("Resume the deadline")
    # then it goes on with the working days that were left, and says what was known when
    rim.sees("resumed on Friday 11 December 2026: Friday 8 January 2027", "Resumed", "Rory Regional")
    colleague("inspector").opens_case(case.reference, "deadlines").sees("Friday 8 January 2027")


def test_more_time_is_given_within_its_limits(office: Office, colleague: Come) -> None:
    case = office.case_at("Task_WriteSections")
    rim = colleague("rim").opens_case(case.reference, "deadlines").follows(FINAL)
    rim.sees("Tuesday 19 January 2027")
    more = {"Reason for more time": FLOOD, "Authority for more time": DEFERRED}
    # when the new day is no working day, or too far away
    rim.answers(more | {"New due date": date(2027, 1, 30)}).presses("Extend the deadline")
    rim.sees("Saturday 30 January 2027 is no working day (weekend). Choose Friday 29 January 2027")
    rim.answers({"New due date": date(2027, 6, 1)}).presses("Extend the deadline")
    rim.sees("may be extended by 20 working days", FLOOD)
    # when it keeps the limits
    rim.answers({"New due date": date(2027, 1, 29)}).presses("Extend the deadline")
    rim.sees("The deadline is extended", "extended to Friday 29 January 2027", DEFERRED)
    colleague("inspector").opens_case(case.reference, "deadlines").sees("Friday 29 January 2027", "Extended")


def test_a_closure_day_shows_what_it_moves_and_every_case_follows(office: Office, colleague: Come) -> None:
    case = office.case_at("Task_WriteSections")
    director = colleague("director").opens("/working-days").follows("Add or undo a closure day")
    # when the day is none that the office works on
    director.answers({"Day": date(2026, 12, 25), "Reason": MOVE}).presses("See what moves")
    director.sees("is no working day already (Christmas Day)")
    # when it is one: first what moves, then the change
    director.answers({"Day": date(2026, 12, 21)}).presses("See what moves")
    director.sees(
        "open deadlines move", case.reference, DRAFT, "Thursday 31 December 2026", "Monday 4 January 2027"
    )
    colleague("inspector").opens_case(case.reference, "deadlines").sees("Thursday 31 December 2026")
    director.presses("Change the calendar").sees("Monday 21 December 2026: The office moves", "Dara Director")
    # then the case follows and says why
    lead = colleague("inspector").waits_to_see(f"/cases/{case.reference}/deadlines", "Monday 4 January 2027")
    lead.follows(DRAFT).sees("a closure (The office moves)", "Moved", "Thursday 31 December 2026")
    # when it was a mistake
    director.opens("/working-days/closure").answers(
        {"Day": date(2026, 12, 21), "Reason": "It moves in January"}
    )
    director.answers({"It was recorded by mistake: make it a working day again": True})
    director.presses("See what moves").sees("Monday 4 January 2027").presses("Change the calendar")
    # then everything is as before, and both stay known
    lead.waits_to_see(f"/cases/{case.reference}/deadlines", "Thursday 31 December 2026")
    director.opens("/working-days").sees("It moves in January", MOVE)


def test_a_corrected_date_shows_what_it_moves_before_it_is_changed(office: Office, colleague: Come) -> None:
    case = office.case_at("Task_WriteSections")
    manager = colleague("manager").opens_case(case.reference, "deadlines").follows(CHANGE)
    manager.answers({"Which date?": "End of inspection: Thursday 3 December 2026"})
    manager.answers({"New date": date(2026, 12, 4)}).presses("See what moves")
    manager.sees(DRAFT, "Thursday 31 December 2026", "Monday 4 January 2027")
    manager.presses("Change the date").sees("The reason is missing.")
    manager.answers({"Reason": "Feedback was given on Friday"}).presses("Change the date")
    manager.sees("The date is changed; its deadlines followed", "Monday 4 January 2027")
    manager.opens_case(case.reference, "history").sees("Date changed: end of inspection")
