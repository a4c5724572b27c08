"""Documents that the worker makes from letters: stored with the case, each a new version of its name."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine import check
from engine.db.tables import Document, Job
from engine.runtime import deployments, jobs
from engine.simulation import Driver
from engine.worker.handlers import HANDLERS, Tools
from tests.engine.conftest import MODELS, THURSDAY

MAIL = '<zeebe:taskDefinition type="email" retries="2" />'
LETTER = b"# Report\n\nWe visited on {{ visited_on }}.\n\n{{ note }}\n"
MINUTE = timedelta(minutes=1)
HEADERS = '<zeebe:header key="to" value="=service.provider_email" />'


@pytest.fixture(autouse=True)
def writing(tools: Tools) -> None:
    """The skeleton, which writes its report to the case instead of sending it."""
    files = dict(check.read_folder(MODELS))
    drawn = files["skeleton.bpmn"].decode()
    assert MAIL in drawn
    assert HEADERS in drawn
    drawn = drawn.replace(MAIL, '<zeebe:taskDefinition type="document" retries="2" />')
    drawn = drawn.replace(HEADERS, '<zeebe:header key="name" value="draft report" />')
    with tools.database.begin() as connection:
        deployments.deploy(
            connection,
            files=files | {"skeleton.bpmn": drawn.encode(), "letters/report.md": LETTER},
            by="analyst",
            at=THURSDAY,
        )


def _case(driver: Driver, note: str) -> int:
    case = driver.start("skeleton", "SC000001", {"lead": "ivy"}, team="Team 1", by="planner")
    driver.do(case, "Task_Visit")
    driver.do(case, "Task_Write")
    driver.do(case, "Task_Approve", note=note)
    return case


def _documents(tools: Tools, case: int) -> list[tuple[str, int, str, str]]:
    query = (
        select(Document.name, Document.version, Document.media_type, Document.content)
        .where(Document.instance_id == case)
        .order_by(Document.version)
    )
    with tools.database.read() as connection:
        return [(*row[:3], bytes(row.content).decode()) for row in connection.execute(query)]


def test_a_document_is_made_of_its_letter_and_stored_with_the_case(tools: Tools, driver: Driver) -> None:
    case = _case(driver, note="All <b>well</b>")
    assert (driver.state(case), driver.incidents(case)) == ("completed", [])
    ((name, version, media_type, content),) = _documents(tools, case)
    assert (name, version, media_type) == ("draft report", 1, "text/html")
    assert "&lt;b&gt;well&lt;/b&gt;" in content, "what people type is text"


def test_a_worker_that_dies_before_it_records_leaves_no_document_behind(tools: Tools, driver: Driver) -> None:
    without = Driver(tools, driver.at, handlers={})
    case = _case(without, note="once")
    at = driver.at + MINUTE
    with tools.database.begin() as connection:
        held = jobs.lease(connection, worker="dies", at=at, lasting=5 * MINUTE)
        assert held is not None
        leased = jobs.read(connection, tools.library, job=held, at=at)
    HANDLERS["document"](leased, tools)
    assert _documents(tools, case) == []
    with tools.database.begin() as connection:
        connection.execute(update(Job).values(leased_until=None, attempts=0))
    driver.travel(at)
    assert [version for _, version, _, _ in _documents(tools, case)] == [1]
    assert driver.state(case) == "completed"
