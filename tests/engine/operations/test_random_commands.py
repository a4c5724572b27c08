"""Whatever operators do, in whatever order: a case's rows agree with its tokens, and its history verifies."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from engine import history
from engine.db.tables import (
    Deadline,
    Incident,
    Job,
    Scope,
    Subscription,
    Timer,
    Token,
    UserTask,
    Variable,
)
from engine.runtime import messages, operator
from engine.runtime.errors import RefusedCommandError
from engine.runtime.jobs import Leased
from engine.runtime.rows import Picture
from engine.runtime.step import Step
from engine.simulation import Driver
from engine.worker.handlers import HandlerError, Outcome, Tools
from tests.engine.operations.conftest import ADA, WHY, Office
from tests.engine.operations.drawing import (
    COMPLAINT,
    begin,
    call,
    condition,
    drawn,
    job,
    message,
    move,
    node,
    put,
    task,
    timer,
    undo,
    way,
)

COMMANDS = 25
MESSAGES = (("M", "complaint"), ("N", "praise"), ("X", "stop"))


def each(sequential: bool, result: str) -> str:
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        '<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=[1,2,3]" inputElement="item"'
        f' outputCollection="{result}" outputElement="=item" /></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def outer(version: str) -> bytes:
    """Everything that a token can stand at, beside each other; `version` renames a flow into the join."""
    return drawn(
        node("startEvent", "S"), task("First"), node("parallelGateway", "G"), way("S", "First", "G"),
        task("All", inner=each(sequential=False, result="all")), way("G", "All"),
        task("Turn", inner=each(sequential=True, result="turn")), way("G", "Turn", "J"),
        node("boundaryEvent", "Remind", inner=timer("R3/P1D", "Cycle"), attachedToRef="Turn",
             cancelActivity="false"), task("Reminded"), way("Remind", "Reminded"),
        node("boundaryEvent", "Ian", inner=condition('lead = "ian"'), attachedToRef="Turn",
             cancelActivity="false"), task("Greet"), way("Ian", "Greet"),
        node("subProcess", "Sub", inner=node("startEvent", "SubS") + task("SubA")
             + node("intermediateCatchEvent", "SubM", inner=message("M")) + node("endEvent", "SubE")
             + way("SubS", "SubA", "SubM", "SubE")), way("G", "Sub", "J"),
        node("boundaryEvent", "Late", inner=timer("P4D"), attachedToRef="Sub"), way("Late", "J"),
        call("Call", "inner"), way("G", "Call", "J"),
        node("inclusiveGateway", "J"), node("eventBasedGateway", "Gate"), way("J", "Gate"),
        node("intermediateCatchEvent", "T", inner=timer("P2D")), way("Gate", "T", "E1"),
        node("intermediateCatchEvent", "C", inner=message("M")), way("Gate", "C", "E2"),
        node("endEvent", "E1"), node("endEvent", "E2"),
        f'<bpmn:sequenceFlow id="All_J{version}" sourceRef="All" targetRef="J" />',
        node("subProcess", "Note", triggeredByEvent="true",
             inner=node("startEvent", "Praised", inner=message("N"), isInterrupting="false")
             + task("Thank") + node("endEvent", "Thanked") + way("Praised", "Thank", "Thanked")),
        node("subProcess", "Handle", triggeredByEvent="true",
             inner=node("startEvent", "Failed", inner=message("X"), isInterrupting="true")
             + task("Answer") + node("endEvent", "Answered") + way("Failed", "Answer", "Answered")),
        beside="".join(COMPLAINT.format(id, name) for id, name in MESSAGES),
    )  # fmt: skip


def inner(version: str) -> bytes:
    """A job that often fails, a task, and a gateway that cannot decide."""
    never = (
        '<bpmn:sequenceFlow id="XG_F" sourceRef="XG" targetRef="F"><bpmn:conditionExpression'
        ' xsi:type="bpmn:tFormalExpression">=lead &gt; 3</bpmn:conditionExpression></bpmn:sequenceFlow>'
    )
    return drawn(
        node("startEvent", "S"), job(f"Job{version}", "flaky", "=lead"), task("In"),
        node("exclusiveGateway", "XG", default="XG_E"), node("endEvent", "E"), node("endEvent", "F"),
        way("S", f"Job{version}", "In", "XG", "E"), never, id="inner",
    )  # fmt: skip


@dataclass
class Hand:
    """Gives commands by chance, and tells which; a refused command changes nothing."""

    office: Office
    chance: random.Random
    case: int = 0
    told: list[str] = field(default_factory=list)

    def act(self) -> None:
        """One command."""
        acts: tuple[Callable[[], None], ...] = (
            self.do, self.do, self.do, self.move, self.move, self.restart, self.correct, self.retry,
            self.travel, self.send, self.suspend, self.migrate, self.undo, self.name_lead, self.cancel,
        )  # fmt: skip
        act = self.chance.choice(acts)
        self.told.append(act.__name__)
        try:
            act()
        except RefusedCommandError as refused:
            self.told[-1] += f" (refused: {type(refused).__name__})"

    def do(self) -> None:
        driver = self.office.driver
        if there := driver.open(self.case):
            driver.do(self.case, self.chance.choice(there))

    def move(self) -> None:
        if movable := self.choices().movable:
            each = self.chance.choice(movable)
            to = self.chance.choice(each.targets).id
            self.foresee(operator.moving(each.token_id, to))
            self.order(operator.move_token, token_id=each.token_id, element=to)

    def restart(self) -> None:
        to = self.chance.choice(self.choices().beginnings).id
        self.foresee(operator.restarting(to))
        self.order(operator.restart, element=to)

    def correct(self) -> None:
        held = self.chance.choice(self.choices().held)
        name = self.chance.choice(["lead", "note", *held.variables])
        value = self.chance.choice(["ivy", "ian", None])
        self.order(operator.set_variable, name=name, value=value, scope_id=held.scope_id)

    def retry(self) -> None:
        stopped = self.office.rows(
            Incident, Incident.resolved_at.is_(None), Incident.instance_id == self.case
        )
        if found := [each for each in stopped if each.kind != operator.MESSAGE]:
            incident = self.chance.choice(found)
            self.office.order(operator.retry_incident, incident_id=incident.id, by=ADA)

    def travel(self) -> None:
        self.office.driver.travel(self.office.driver.at + timedelta(hours=self.chance.choice([1, 20, 60])))

    def send(self) -> None:
        at = self.office.driver.at
        (key,) = self.office.rows(
            Variable, Variable.instance_id == self.case, Variable.name == "reference", Variable.scope_id == 0
        )
        with self.office.tools.database.begin() as connection:
            messages.publish(
                connection,
                name=self.chance.choice([name for _, name in MESSAGES]),
                correlation_key=str(key.value),
                payload={},
                expires_at=at + timedelta(hours=1),
                at=at,
            )
        self.office.driver.travel(at + timedelta(minutes=1))

    def suspend(self) -> None:
        """Nothing that happens meanwhile moves a token."""
        self.order(operator.suspend)
        standing = self.tokens()
        self.office.driver.pass_days(2)
        for act in (self.send, self.name_lead):
            with suppress(RefusedCommandError):
                act()
        assert self.tokens() == standing
        self.order(operator.resume)
        self.office.driver.travel(self.office.driver.at + timedelta(minutes=1))

    def migrate(self) -> None:
        """Timers keep their due times, as far as something waits for them still."""
        before = self.timers()
        process = self.chance.choice(["p", "inner"])
        rename = {"Job": "Job2", "Job2": "Job"} if process == "inner" else {}
        version = self.chance.choice([1, 2])
        wanted = f"Job{2 if version == 2 else ''}"
        move(self.office, self.case, process, version, {k: v for k, v in rename.items() if v == wanted})
        after = self.timers()
        assert all(after[key] == due for key, due in before.items() if key in after)

    def undo(self) -> None:
        undo(self.office, self.case)

    def name_lead(self) -> None:
        self.order(operator.change_lead, role="lead", to=self.chance.choice(["ivy", "ian"]))

    def cancel(self) -> None:
        if self.chance.random() < 0.2:
            self.order(operator.cancel)

    def order(self, command: Callable[..., None], **given: object) -> None:
        self.office.order(command, instance_id=self.case, reason=WHY, by=ADA, **given)

    def foresee(self, act: operator.Act) -> None:
        tools, at = self.office.tools, self.office.driver.at
        with tools.database.read() as connection:
            operator.foresee(connection, tools.library, instance_id=self.case, act=act, at=at)

    def choices(self) -> operator.Choices:
        tools, at = self.office.tools, self.office.driver.at
        with tools.database.read() as connection:
            return operator.choices(connection, tools.library, instance_id=self.case, by=ADA, at=at)

    def tokens(self) -> list[tuple[object, ...]]:
        return [tuple(row) for row in self.office.rows(Token, Token.instance_id == self.case)]

    def timers(self) -> dict[tuple[int, str], object]:
        found = self.office.rows(Timer, Timer.instance_id == self.case)
        return {(row.token_id, row.key): row.due_at for row in found}


def agree(office: Office, case: int) -> None:
    """The rows are those that follow from the tokens, none hangs on a token that is gone."""
    with office.tools.database.read() as connection:
        step = Step.look(connection, office.tools.library, case, at=office.driver.at)
        assert history.verify(connection)[1] == []
    now = Picture.of(step.execution.state(), step.execution)

    def rows(table: type) -> list[object]:
        return office.rows(table, table.instance_id == case)  # type: ignore[attr-defined]  # of a case

    open_tasks = {row.token_id: row.element for row in rows(UserTask) if row.state in ("open", "claimed")}
    assert open_tasks == {token: found.element for token, found in now.tasks.items()}
    jobs = {
        row.token_id: (row.element, row.type, row.headers)
        for row in rows(Job)
        if row.state in ("waiting", "failed")
    }
    assert jobs == {
        token: (found.element, found.type, dict(found.headers)) for token, found in now.jobs.items()
    }
    timers = {(row.token_id, row.key): row.due_at for row in rows(Timer) if row.token_id is not None}
    assert timers == {key: found.due_at for key, found in now.timers.items()}
    awaited = {(row.token_id, row.key): row.name for row in rows(Subscription)}
    assert awaited == {key: found.name for key, found in now.subscriptions.items()}
    open_incidents = [row for row in rows(Incident) if row.resolved_at is None and row.kind != "message"]
    of_rows = {"job", "deadline", "assignment"}
    assert {row.token_id for row in open_incidents if row.kind not in of_rows} == set(now.incidents)
    assert {row.token_id for row in open_incidents} <= {0, *now.tokens}
    assert {row.scope_id for row in rows(Deadline) if row.ended_on is None} <= {0, *now.tokens}
    assert {row.scope_id for row in rows(Variable)} <= {row.id for row in rows(Scope)}


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("seed", range(4))
def test_after_every_command_the_rows_agree_with_the_tokens(seed: int, office: Office) -> None:
    chance = random.Random(seed)

    def flaky(held: Leased, tools: Tools) -> Outcome:
        if chance.random() < 0.6:
            raise HandlerError("It is down.")
        return Outcome()

    office = Office(office.tools, Driver(office.tools, office.driver.at, handlers={"flaky": flaky}))
    put(office, p=outer(""), inner=inner(""))
    hand = Hand(office, chance)
    hand.case = begin(office)
    put(office, p=outer("2"), inner=inner("2"))
    try:
        for _ in range(COMMANDS):
            hand.act()
            agree(office, hand.case)
            if office.driver.state(hand.case) in ("completed", "cancelled"):
                hand.case = begin(office)
    except Exception as error:
        error.add_note(f"after: {', '.join(hand.told)}")
        raise
