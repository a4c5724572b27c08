"""What inspections require of a service stands on its record until it is settled."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine import feel
from engine.runtime import jobs, requirements
from engine.simulation import Driver
from engine.worker.handlers import HANDLERS, HandlerError, Tools

DUE = date(2026, 12, 18)
LOCKS: dict[str, feel.Value] = {
    "outcome": "requirement",
    "reference": "Regulation 25",
    "action": "Repair the locks.",
    "due_on": feel.Date.of(DUE),
}
PRAISE: dict[str, feel.Value] = {"outcome": "mention in report only", "action": None}
GUIDE: dict[str, feel.Value] = {
    "outcome": "recommendation",
    "reference": "Guide, page 15",
    "action": "Ask children.",
}


@pytest.fixture
def job(tools: Tools, driver: Driver) -> jobs.Leased:
    """A job of a case of the service SC000001, whose variables a test replaces."""
    case = driver.start("skeleton", "SC000001", {"lead": "ivy"}, team="Team 1", by="planner")
    return jobs.Leased(
        id=1,
        instance_id=case,
        token_id=1,
        element="Task_Record",
        type="record-service",
        headers={},
        attempts=1,
        retries=3,
        idempotency_key="key",
        reference="SCH-2026-00001",
        deployment_id=1,
        variables={"service": {"urn": "SC000001"}},
        environment=feel.Environment(at=driver.at),
    )


def done(tools: Tools, job: jobs.Leased, record: str, **variables: feel.Value) -> None:
    given = replace(job, headers={"record": record}, variables={**job.variables, **variables})
    outcome = HANDLERS["record-service"](given, tools)
    assert outcome.record is not None
    with tools.database.begin() as connection:
        outcome.record(connection)


def open_ones(tools: Tools) -> list[feel.Value]:
    with tools.database.read() as connection:
        return requirements.unsettled(connection, "SC000001")


def test_requirements_and_recommendations_are_filed_once_however_often_the_job_is_done(
    tools: Tools, job: jobs.Leased
) -> None:
    for _ in range(2):
        done(tools, job, "requirements", outcomes=[PRAISE, LOCKS, GUIDE])

    assert [(each["kind"], each["action"], each["state"]) for each in open_ones(tools)] == [  # type: ignore[index,call-overload]
        ("requirement", "Repair the locks.", "open"),
        ("recommendation", "Ask children.", "open"),
    ]


@pytest.mark.parametrize(("met", "left"), [("yes", []), ("no", ["not met"])])
def test_a_requirement_that_was_met_is_gone_and_one_that_was_not_stays_to_be_seen(
    tools: Tools, job: jobs.Leased, met: str, left: list[str]
) -> None:
    done(tools, job, "requirements", outcomes=[LOCKS])
    done(
        tools,
        job,
        "requirement settled",
        requirement=LOCKS,
        requirement_met=met,
        requirement_checked_on=feel.Date.of(DUE + timedelta(days=1)),
        requirement_note="Seen on the visit.",
    )

    assert [each["state"] for each in open_ones(tools)] == left  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("record", "variables", "why"),
    [
        ("praise", {}, "cannot be recorded on a service"),
        ("requirements", {"outcomes": None}, "no list of outcomes"),
        ("requirements", {"outcomes": [LOCKS | {"due_on": None}]}, "Requirement 1 has no date"),
        ("requirement settled", {"requirement": LOCKS}, "which requirement was met, or not"),
        ("inspection outcome", {}, "no date 'end_of_inspection'"),
    ],
)
def test_what_cannot_be_recorded_is_told_with_how_to_mend_it(
    tools: Tools, job: jobs.Leased, record: str, variables: dict[str, feel.Value], why: str
) -> None:
    with pytest.raises(HandlerError, match=why):
        done(tools, job, record, **variables)


def test_a_requirement_nobody_made_cannot_be_settled(tools: Tools, job: jobs.Leased) -> None:
    with pytest.raises(HandlerError, match="has no requirement “Repair the locks"):
        done(
            tools,
            job,
            "requirement settled",
            requirement=LOCKS,
            requirement_met="no",
            requirement_checked_on=feel.Date.of(DUE),
        )
