"""Tasks: people, decisions, scripts, jobs and their variables."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine import dialect, feel, spiff
from tests.engine.spiff.carrying import answer
from tests.engine.spiff.conftest import Carry
from tests.engine.spiff.drawing import (
    chain,
    element,
    end,
    extensions,
    headers,
    mapping,
    process,
    script,
    service,
    start,
    throw,
    user,
)

RULE = element(
    "businessRuleTask", "r", extensions('<zeebe:calledDecision decisionId="d" resultVariable="res"/>')
)


def test_results_go_from_task_to_decision_to_script_to_job(carry: Carry) -> None:
    job = service("j", ext=mapping([("= dbl", "amount")], [("= ok", "sent")]))
    run = carry(
        process(
            start(),
            user("u"),
            RULE,
            script("sc", "= res * 2", "dbl"),
            job,
            end(),
            chain("s", "u", "r", "sc", "j", "e"),
        ),
        decisions={"d": lambda seen: answer(seen["a"] + 1)},
    )
    assert run.open == ["u"]
    run.done("u", a=4)
    (waiting,) = run.execution.jobs
    assert (waiting.type, waiting.retries) == ("work", 3)
    assert run.execution.variables(waiting.token_id)["amount"] == 10
    run.done("j", ok=True)
    assert run.completed
    assert run.variables == {"a": 4, "res": 5, "dbl": 10, "sent": True}
    assert run.path() == ["s", "u", "r", "sc", "j", "e"]


def test_a_plain_task_and_a_manual_task_are_passed_through(carry: Carry) -> None:
    drawn = process(
        start(), element("task", "t"), element("manualTask", "m"), end(), chain("s", "t", "m", "e")
    )
    assert carry(drawn).completed


def test_a_decision_without_match_stops_the_path_until_it_is_retried(carry: Carry) -> None:
    drawn = process(start(), RULE, user("u"), end(), chain("s", "r", "u", "e"))
    run = carry(drawn, decisions={"d": lambda seen: answer(None, no_match=seen["x"] == 1)}, x=1)
    assert run.stopped == ["r"]
    assert run.execution.incidents[0].kind == "no-match"
    run.repair("r", x=2)
    assert run.open == ["u"]
    assert run.variables["res"] is None
    assert [type(f) for f in run.facts].count(spiff.DecisionEvaluated) == 2


def test_a_decision_with_errors_is_an_incident(carry: Carry) -> None:
    drawn = process(start(), RULE, end(), chain("s", "r", "e"))
    run = carry(drawn, decisions={"d": lambda _seen: answer(None, errors=("rows 1 and 2 overlap",))})
    assert run.stopped == ["r"]
    assert "rows 1 and 2 overlap" in run.execution.incidents[0].message


def test_an_empty_list_is_an_answer(carry: Carry) -> None:
    drawn = process(start(), RULE, end(), chain("s", "r", "e"))
    run = carry(drawn, decisions={"d": lambda _seen: answer([], hit_policy="C")})
    assert run.completed
    assert run.variables == {"res": []}


def test_a_failing_input_mapping_is_an_incident_and_repaired_by_retry(carry: Carry) -> None:
    drawn = process(start(), user("u", ext=mapping([("= limit + 1", "own")])), end(), chain("s", "u", "e"))
    run = carry(drawn)
    assert (run.open, run.stopped) == ([], ["u"])
    run.repair("u", limit=2)
    assert (run.open, run.stopped) == (["u"], [])
    assert run.done("u").completed


def test_a_failing_output_mapping_keeps_what_the_person_typed(carry: Carry) -> None:
    drawn = process(
        start(),
        user("u", ext=mapping(outputs=[("= typed + limit", "total")])),
        end(),
        chain("s", "u", "e"),
    )
    run = carry(drawn).done("u", typed=3)
    assert run.stopped == ["u"]
    run.repair("u", limit=2)
    assert run.completed
    assert run.variables == {"limit": 2, "total": 5}


def test_a_local_input_does_not_leak(carry: Carry) -> None:
    run = carry(process(start(), user("u", ext=mapping([("= 7", "own")])), end(), chain("s", "u", "e")))
    run.done("u", own=8, other=1)
    assert run.variables == {"other": 1}


def test_publish_message_is_told_and_the_token_goes_on(carry: Carry) -> None:
    written = headers(name="visited", correlationKey="= ref", timeToLive="PT1H")
    event = throw(
        "t",
        extensions(
            '<zeebe:taskDefinition type="publish-message"/>', written, mapping([("= ref", "reference")])
        ),
        "<bpmn:messageEventDefinition/>",
    )
    run = carry(process(start(), event, end(), chain("s", "t", "e")), ref="A1")
    assert run.completed
    (fact,) = [f for f in run.facts if isinstance(f, spiff.MessageThrown)]
    assert (fact.name, fact.correlation_key) == ("visited", "A1")
    assert fact.expires_at - run.host.at == timedelta(hours=1)
    assert fact.payload == {"reference": "A1"}


@pytest.mark.parametrize("life", ["soon", "P999999Y"])
def test_a_message_whose_time_to_live_is_no_time_is_an_incident(carry: Carry, life: str) -> None:
    written = headers(name="visited", correlationKey="= ref", timeToLive="= life")
    event = throw(
        "t",
        extensions('<zeebe:taskDefinition type="publish-message"/>', written),
        "<bpmn:messageEventDefinition/>",
    )
    run = carry(process(start(), event, end(), chain("s", "t", "e")), ref="A1", life=life)
    assert run.stopped == ["t"]
    (note,) = run.execution.incidents
    assert "timeToLive" in note.message
    assert note.remedy
    assert run.repair("t", life="PT1H").completed


def test_a_thrown_signal_is_told(carry: Carry) -> None:
    event = throw("t", '<bpmn:signalEventDefinition signalRef="sig1"/>')
    run = carry(process(start(), event, end(), chain("s", "t", "e")))
    assert [f.name for f in run.facts if isinstance(f, spiff.SignalThrown)] == ["go"]
    assert run.completed


def test_task_data_is_never_used(carry: Carry) -> None:
    run = carry(process(start(), user("u"), end(), chain("s", "u", "e")), x=1)
    assert all(not task.data for task in run.execution._instance.tokens.values())
    assert run.execution._instance.data == {}


def test_an_incident_raised_from_outside_closes_a_task_until_it_is_retried(carry: Carry) -> None:
    run = carry(process(start(), user("u"), end(), chain("s", "u", "e")))
    token_id = run.execution.open_user_tasks[0].token_id
    run.execution.raise_incident(token_id, "assignee", "Nobody is called x.", "Correct the assignee.")
    run.settle()
    assert (run.open, run.stopped) == ([], ["u"])
    run.execution.retry(token_id)
    assert run.settle().open == ["u"]
    assert run.done("u").completed


def test_an_attribute_can_be_evaluated_where_the_token_stands(carry: Carry) -> None:
    ext = mapping([("= lead", "who")]) + '<zeebe:assignmentDefinition assignee="= who"/>'
    run = carry(process(start(), user("u", ext=ext), chain("s", "u")), lead="inspector-one")
    (task,) = run.execution.open_user_tasks
    assignee = run.definition.process.elements["u"].assignment.assignee
    assert assignee is not None
    assert run.execution.evaluate(task.token_id, assignee, "assignee") == "inspector-one"
    missing = dialect.expression("= nobody")
    with pytest.raises(spiff.IncidentError, match="assignee “= nobody” has no value"):
        run.execution.evaluate(task.token_id, missing, "assignee")


def test_dates_and_numbers_are_the_same_after_storing(carry: Carry) -> None:
    drawn = process(
        start(),
        script("a", "= {day: date(&quot;2026-12-03&quot;), amount: 0.1, list: [1, null]}", "x"),
        user("u"),
        script("b", "= x.day + duration(&quot;P1D&quot;)", "next"),
        chain("s", "a", "u", "b"),
    )
    run = carry(drawn).done("u")
    assert str(run.variables["next"]) == "2026-12-04"
    assert feel.to_json(run.variables["x"])["amount"] == Decimal("0.1")


def test_a_function_cannot_become_a_variable(carry: Carry) -> None:
    run = carry(process(start(), script("a", "= function(x) x + 1", "f"), chain("s", "a")))
    assert run.stopped == ["a"]
    assert "gives a function" in run.execution.incidents[0].message
