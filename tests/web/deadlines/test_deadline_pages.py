"""The pages of deadlines: lists, one deadline, dates, the calendar, visits and the feed."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import icalendar
import pytest

from engine.runtime.cases import Case
from engine.simulation import Driver
from tests.web.browser import Browser, Page
from tests.web.conftest import Clock

Open = Callable[[str], Browser]
Visited = Callable[[], Case]

LIMIT = "Notes are sent within the limit"
REPORT = "The report is sent"


def deadline_page(person: Browser, name: str) -> tuple[str, Page]:
    """The page of a deadline, found on the list of one's case, and its path."""
    path = person.page.links()[name]
    return path, person.get(path)


def at(clock: Clock, driver: Driver, day: date) -> None:
    driver.travel(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    clock.at = driver.at


def test_the_overview_narrows_to_a_part_and_by_filters(
    browser: Open, visited: Visited, clock: Clock, driver: Driver
) -> None:
    case = visited()
    at(clock, driver, date(2026, 12, 3))
    manager = browser("mona")
    page = manager.get("/deadlines")
    assert "Missed (2)" in page.text  # the aim of the next day, and the office's two days
    assert "At risk (1)" in page.text
    risk = manager.get("/deadlines?show=risk")
    assert LIMIT in risk.links()
    assert REPORT not in risk.links()
    assert case.reference in manager.get("/deadlines?inspector=ivy&team=Team+North").text
    assert case.reference not in manager.get("/deadlines?inspector=ian").text
    assert case.reference not in manager.get("/deadlines?setting=adoption+support+agency").text
    assert case.reference not in browser("max").get("/deadlines").text


def test_ones_own_list_says_the_last_day_one_works_before_each(browser: Open, visited: Visited) -> None:
    visited()
    ivy = browser("ivy")
    assert "Monday 7 December 2026" in ivy.get("/deadlines/mine").text
    ivy.get("/deadlines/settings")
    assert ivy.post("/deadlines/settings", {"days": []}).status == 422
    saved = ivy.post("/deadlines/settings", {"days": ["Tuesday", "Wednesday"]})
    assert "Your working days are recorded" in saved.text
    mine = ivy.get("/deadlines/mine").text
    assert "Wednesday 2 December 2026" in mine  # the last such day before Monday 7 December
    assert "No deadline here" in browser("ian").get("/deadlines/mine").text


def test_the_export_names_cases_and_deadlines_and_no_service(browser: Open, visited: Visited) -> None:
    case = visited()
    manager = browser("mona")
    response = manager.file("/deadlines/deadlines.csv")
    assert response.mimetype == "text/csv"
    text = response.get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["Case"] for row in rows} == {case.reference}
    assert LIMIT in {row["Deadline"] for row in rows}
    assert "Example House" not in text
    assert "SC000001" not in text


def test_a_deadline_is_explained_in_words_and_on_a_calendar(browser: Open, visited: Visited) -> None:
    case = visited()
    ivy = browser("ivy")
    ivy.get(f"/cases/{case.reference}/deadlines")
    _, page = deadline_page(ivy, REPORT)
    assert page.heading == REPORT
    assert "18 working days after Monday 30 November 2026" in page.text
    captions = [each for each in page.all("caption") if "December 2026" in "".join(each.itertext())]
    assert captions
    html = page.response.get_data(as_text=True)
    assert 'sccif-day--due">24<' in html
    assert 'sccif-day--start">30<' in html
    assert "Known since" in page.text


def test_a_manager_pauses_and_resumes_and_both_stay_on_the_page(
    browser: Open, visited: Visited, clock: Clock, driver: Driver
) -> None:
    case = visited()
    manager = browser("mona")
    manager.get(f"/cases/{case.reference}/deadlines")
    path, _ = deadline_page(manager, REPORT)
    refused = manager.post(f"{path}/pause", {"pause_reason": "", "pause_authority": "RIM"})
    assert refused.status == 422
    assert refused.errors().keys() == {"pause_reason"}
    paused = manager.post(f"{path}/pause", {"pause_reason": "Flood", "pause_authority": "RIM"})
    assert "The deadline is paused" in paused.text
    at(clock, driver, date(2026, 12, 2))
    manager.get(path)
    resumed = manager.post(f"{path}/resume", {"resume_reason": "Dry again"})
    assert "Wednesday 30 December 2026" in resumed.text
    assert "Flood; resumed: Dry again" in resumed.text


def test_an_extension_beyond_the_table_is_refused_with_the_reason_and_what_was_typed(
    browser: Open, visited: Visited
) -> None:
    case = visited()
    rim = browser("rita")
    rim.get(f"/cases/{case.reference}/deadlines")
    path, _ = deadline_page(rim, LIMIT)
    sent = {
        "to-day": "1",
        "to-month": "6",
        "to-year": "2027",
        "extend_reason": "Ill",
        "extend_authority": "Me",
    }
    refused = rim.post(f"{path}/extend", sent)
    assert refused.status == 422
    assert "may be extended by 20 working days" in refused.errors()["to-day"]
    assert 'value="2027"' in refused.response.get_data(as_text=True)
    right = sent | {"to-day": "9", "to-month": "12", "to-year": "2026"}
    assert "The deadline is extended" in rim.post(f"{path}/extend", right).text


def test_someone_whom_the_table_does_not_name_is_told_who_may(browser: Open, visited: Visited) -> None:
    case = visited()
    ivy = browser("ivy")
    ivy.get(f"/cases/{case.reference}/deadlines")
    path, _ = deadline_page(ivy, LIMIT)
    refused = ivy.post(f"{path}/pause", {"pause_reason": "Tired", "pause_authority": "Me"})
    assert refused.status == 403
    assert "It takes the" in refused.errors()["pause_reason"]
    assert "Tired" in refused.text  # nothing typed is lost


def test_a_missed_deadline_asks_for_its_reason(
    browser: Open, visited: Visited, clock: Clock, driver: Driver
) -> None:
    visited()
    at(clock, driver, date(2026, 12, 8))
    ivy = browser("ivy")
    assert "Reason wanted" in ivy.get("/deadlines/mine?show=missed").text
    path, page = deadline_page(ivy, LIMIT)
    assert "Why was it missed?" in page.text
    assert "I was ill" in ivy.post(f"{path}/miss", {"miss_reason": "I was ill"}).text


def test_a_changed_date_shows_first_what_it_moves_and_then_moves_it(browser: Open, visited: Visited) -> None:
    case = visited()
    ivy = browser("ivy")
    base = f"/cases/{case.reference}/dates"
    assert ivy.get(f"{base}?name=visited_on&to-day=31&to-month=2&to-year=2026").errors().keys() == {"to-day"}
    preview = ivy.get(f"{base}?name=visited_on&to-day=1&to-month=12&to-year=2026")
    assert "Tuesday 8 December 2026" in preview.text
    sent = {"name": "visited_on", "to-day": "1", "to-month": "12", "to-year": "2026"}
    manager = browser("mona")
    manager.get(f"{base}?name=visited_on&to-day=1&to-month=12&to-year=2026")
    assert manager.post(base, sent | {"reason": " "}).errors().keys() == {"reason"}
    changed = manager.post(base, sent | {"reason": "The note was wrong"})
    assert "Tuesday 8 December 2026" in changed.text
    assert "Date changed: visited on" in manager.get(f"/cases/{case.reference}/history").text


def test_a_closure_day_is_foreseen_recorded_and_told_until_the_cases_followed(
    browser: Open, visited: Visited, clock: Clock, driver: Driver
) -> None:
    case = visited()
    director = browser("dora")
    asked = {"day-day": "3", "day-month": "12", "day-year": "2026", "reason": "Office move"}
    query = "&".join(f"{name}={text.replace(' ', '+')}" for name, text in asked.items())
    page = director.get(f"/working-days/closure?{query}")
    assert "3 of 6 open deadlines move" in page.text
    assert "Tuesday 8 December 2026" in page.text
    (expected,) = (field.get("value", "") for field in page.all("input") if field.get("name") == "expected")
    done = director.post("/working-days/closure", asked | {"expected": expected})
    assert "Thursday 3 December 2026: Office move" in done.text
    counting = "are being counted again"
    assert counting in director.get(f"/cases/{case.reference}/deadlines").text
    assert "Being counted again" in director.get("/deadlines").text
    at(clock, driver, date(2026, 11, 30))
    followed = director.get(f"/cases/{case.reference}/deadlines")
    assert counting not in followed.text
    assert "Tuesday 8 December 2026" in followed.text
    stale = director.post("/working-days/closure", asked | {"day-day": "4", "expected": expected})
    assert stale.status == 422


def test_a_weekend_is_no_closure_day(browser: Open, visited: Visited) -> None:
    director = browser("dora")
    page = director.get("/working-days/closure?day-day=5&day-month=12&day-year=2026&reason=Move")
    assert "is no working day already" in page.errors()["day-day"]


@pytest.mark.parametrize("user_id", ["ivy", "mona"])
def test_the_feed_of_a_person_names_no_service_and_ends_when_it_is_closed(
    user_id: str, browser: Open, visited: Visited
) -> None:
    case = visited()
    person = browser(user_id)
    person.get("/deadlines/settings")
    made = person.post("/deadlines/feed")
    address = next(text for text in made.text.split() if text.endswith(".ics"))
    path = address[address.index("/deadlines") :]
    stranger = browser("")
    response = stranger.file(path)
    assert response.mimetype == "text/calendar"
    feed = icalendar.Calendar.from_ical(response.get_data())
    events = feed.walk("VEVENT")
    assert len(events) == (6 if user_id == "ivy" else 0)
    for event in events:
        assert str(event["summary"]).startswith(f"{case.reference}: ")
        assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP"}
    text = response.get_data(as_text=True)
    for secret in ("Example House", "SC000001", "Exampleshire", "Example Care", "LOCATION"):
        assert secret not in text
    person.post("/deadlines/feed/revoke")
    assert stranger.file(path).status_code == 410
    assert stranger.file(path.replace(".ics", "x.ics")).status_code == 410


def test_a_new_address_of_the_feed_closes_the_old_one(browser: Open, visited: Visited) -> None:
    ivy = browser("ivy")
    ivy.get("/deadlines/settings")
    first = next(text for text in ivy.post("/deadlines/feed").text.split() if text.endswith(".ics"))
    second = next(text for text in ivy.post("/deadlines/feed").text.split() if text.endswith(".ics"))
    stranger = browser("")
    assert stranger.file(first[first.index("/deadlines") :]).status_code == 410
    assert stranger.file(second[second.index("/deadlines") :]).status_code == 200


def test_a_plan_of_visits_is_proposed_and_one_that_breaks_a_limit_is_refused(
    browser: Open, app: object
) -> None:
    ivy = browser("ivy")
    notices = (
        "notice1-day=3&notice1-month=12&notice1-year=2026&notice2-day=7&notice2-month=12&notice2-year=2026"
    )
    page = ivy.get(f"/follow-up-visits?{notices}")
    assert "Friday 4 December 2026" in page.text  # the next working day
    assert "Tuesday 8 December 2026" in page.text  # serves both
    joined = "visit1-day=8&visit1-month=12&visit1-year=2026&visit2-day=8&visit2-month=12&visit2-year=2026"
    assert "This plan keeps every limit: 1 visit" in ivy.get(f"/follow-up-visits?{notices}&{joined}").text
    late = joined.replace("visit1-day=8", "visit1-day=11")
    refused = ivy.get(f"/follow-up-visits?{notices}&{late}")
    assert refused.status == 422
    assert "choose a day from" in refused.errors()["visit1-day"]
    assert ivy.get("/follow-up-visits?notice1-day=x").errors().keys() == {"notice1-day"}
