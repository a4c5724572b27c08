"""A form that is sent again because no answer came."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from engine.db.tables import Instance
from tests.journeys.office import DEMO_HOME, Office
from tests.journeys.people import Colleague

PLAN = {
    "Lead inspector": "Ivy Inspector",
    "Inspection team": ["Ian Inspector"],
    "Education inspector": "Edda Education",
    "Health inspector": "Hale Health",
    "Team whose manager oversees it": "Secure homes",
}


def test_an_inspection_sent_again_from_the_page_one_goes_back_to_is_one_inspection(
    office: Office, colleague: Callable[..., Colleague]
) -> None:
    planner = colleague("planner").follows("Start an inspection")
    home = f"{DEMO_HOME} (SC000001), secure children's home, North"
    planner.answers({"Service": home, "What to start": "Full inspection"}).presses("Continue")
    planner.answers(PLAN)
    before = _cases(office)
    with _answers_lost(planner.page), planner.page.expect_event("requestfailed"):
        planner.page.get_by_role("button", name="Start", exact=True).click()
    expect(planner.page.get_by_role("button", name="Start", exact=True)).to_have_count(0)
    planner.page.go_back()
    planner.answers(PLAN).presses("Start")
    planner.sees("You had sent this already, and it was done once", "Review information held")
    assert _cases(office) == before + 1


@contextmanager
def _answers_lost(page: Page) -> Iterator[None]:
    """What is sent reaches the server, and its answer does not reach the browser."""

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/inspections/start", lose)
    yield
    page.unroute("**/inspections/start")


def _cases(office: Office) -> int:
    with office.tools.database.read() as connection:
        return connection.execute(select(func.count()).select_from(Instance)).scalar_one()
