"""What expressions of a model see, where values go, and that a retry does nothing twice."""

from decimal import Decimal

import pytest

from engine import spiff
from engine.spiff.scopes import Scopes
from tests.engine.spiff.carrying import Carrier, TestHost, answer, compiled, value_of
from tests.engine.spiff.conftest import Carry
from tests.engine.spiff.drawing import (
    MESSAGE,
    NAMES,
    SIGNAL,
    boundary,
    call,
    catch,
    chain,
    condition,
    each,
    element,
    end,
    extensions,
    flows,
    handler,
    headers,
    mapping,
    process,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)

OWN_KEY = (
    '<bpmn:message id="own" name="= name">'
    + extensions('<zeebe:subscription correlationKey="= key"/>')
    + "</bpmn:message>"
)
NAMED = '<bpmn:messageEventDefinition messageRef="own"/>'
GIVEN = mapping([("= days", "wait"), ("= text", "name"), ("= inner_key", "key")])
DAYS = {"days": "P2D", "text": "inner name", "inner_key": "inner key"}
OUTSIDE = {"wait": "P9D", "name": "outer name", "key": "outer key"}
IN_TWO_DAYS = "2026-12-03 09:00"


def begun(carry: Carry, *parts: str, called: tuple[str, ...] = (), **variables: object) -> Carrier:
    return carry(process(*parts), *called, extra=NAMES + OWN_KEY, **variables)


def received(run: Carrier) -> tuple[str, str | None]:
    (found,) = [each for each in run.execution.subscriptions if each.kind == "message"]
    return found.name, found.correlation_key


@pytest.mark.parametrize("definition", [timer(duration="= wait"), NAMED])
def test_a_catching_event_is_computed_in_its_own_scope(carry: Carry, definition: str) -> None:
    drawn = element("intermediateCatchEvent", "c", extensions(GIVEN), definition)
    run = begun(carry, start(), drawn, chain("s", "c"), **DAYS, **OUTSIDE)
    if definition == NAMED:
        assert received(run) == ("inner name", "inner key")
    else:
        assert run.due == [(IN_TWO_DAYS, "c")]


HOSTS = {
    "task": user("h", ext=GIVEN),
    "sub-process": sub("h", extensions(GIVEN), start("s1"), user("u"), chain("s1", "u")),
    "call": call("h", "child", GIVEN),
}
CHILD = process(start("cs"), user("cu"), end("ce"), chain("cs", "cu", "ce"), id="child")


@pytest.mark.parametrize("host", HOSTS)
def test_a_boundary_event_is_computed_in_the_scope_of_its_activity_but_its_key_outside(
    carry: Carry, host: str
) -> None:
    run = begun(
        carry,
        start(),
        HOSTS[host],
        boundary("t", "h", timer(duration="= wait")),
        boundary("m", "h", NAMED),
        chain("s", "h"),
        called=(CHILD,),
        **DAYS,
        **OUTSIDE,
    )
    assert run.due == [(IN_TWO_DAYS, "t")]
    assert received(run) == ("inner name", "outer key")


def test_a_condition_on_the_border_sees_the_scope_of_its_activity(carry: Carry) -> None:
    box = sub(
        "h", extensions(mapping([("= 0", "n")])), start("s1"), user("u"), user("v"), chain("s1", "u", "v")
    )
    watched = boundary("b", "h", condition("= n &gt; 1"))
    run = begun(carry, start(), box, watched, user("x"), chain("s", "h"), chain("b", "x"))
    assert run.done("u", n=5).open == ["x"]


def test_a_condition_on_the_border_of_a_call_sees_the_caller_and_the_inputs_alone(carry: Carry) -> None:
    watched = condition("= stop = here and limit = 2")
    run = begun(
        carry,
        start(),
        call("h", "child", mapping([("= 2", "limit")])),
        boundary("b", "h", watched),
        user("x"),
        chain("s", "h"),
        chain("b", "x"),
        called=(CHILD,),
        stop=0,
        here=1,
        limit=9,
    )
    assert run.open == ["cu"]
    run.execution.set_variables({"stop": Decimal(1)})
    assert run.settle().open == ["x"]


def test_each_instance_of_a_receive_task_waits_for_its_own_item(carry: Carry) -> None:
    loop = each("= xs", inputElement="key")
    drawn = element("receiveTask", "r", loop, messageRef="own")
    run = begun(carry, start(), drawn, chain("s", "r"), xs=["A", "B"], name="n")
    assert [each.correlation_key for each in run.execution.subscriptions] == ["A", "B"]
    assert run.message("B")
    assert [each.correlation_key for each in run.execution.subscriptions] == ["A"]
    assert run.message("A")
    assert run.completed


def test_an_output_mapping_sees_the_targets_of_earlier_ones(carry: Carry) -> None:
    outputs = mapping(outputs=[("= a + 1", "b"), ("= b * 2", "c")])
    run = begun(carry, start(), user("u", ext=outputs), end(), chain("s", "u", "e"), b=100)
    assert run.done("u", a=1).variables == {"b": 2, "c": 4}


# --- calls ----------------------------------------------------------------------------------------


def called(carry: Carry, *ext: str, inner: str = "", variables: dict[str, object], **flags: str) -> Carrier:
    drawn = call("ca", "child", *ext, inner=inner, **flags)
    return begun(carry, start(), drawn, end(), chain("s", "ca", "e"), called=(CHILD,), **variables)


def test_inputs_of_a_call_stay_with_the_call(carry: Carry) -> None:
    run = called(carry, mapping([("= 2", "x"), ("= 3", "loc")]), variables={"x": 1})
    assert run.done("cu", y=3, x=7, loc=8).variables == {"x": 1, "y": 3}


@pytest.mark.parametrize("names", ["abc", "bac", "cab"])
def test_what_is_written_is_told_alike_in_whatever_order_it_comes(names: str) -> None:
    facts: list[spiff.Fact] = []
    scopes = Scopes(facts)
    scopes.open(1, 0, {"b": None})
    facts.clear()
    scopes.set(1, dict.fromkeys(names, True))
    assert facts == [spiff.VariablesSet(0, {"a": True, "c": True}), spiff.VariablesSet(1, {"b": True})]


def test_output_mappings_of_a_call_see_the_caller(carry: Carry) -> None:
    outputs = mapping(outputs=[("= total + res", "total")])
    run = called(carry, outputs, variables={"total": 1}, propagateAllParentVariables="false")
    assert run.done("cu", res=3).variables == {"total": 4}


def test_the_output_element_of_a_call_sees_the_caller(carry: Carry) -> None:
    loop = each("= xs", inputElement="i", outputCollection="o", outputElement="= res * factor")
    variables = {"xs": [1], "factor": 2}
    run = called(carry, inner=loop, variables=variables, propagateAllParentVariables="false")
    assert run.done("cu", res=3).variables["o"] == [6]


def test_an_output_mapping_of_a_call_is_repaired_in_the_case(carry: Carry) -> None:
    run = called(carry, mapping(outputs=[("= res", "o")]), variables={})
    run.done("cu")
    assert run.stopped == ["ca"]
    assert run.repair("ca", res=1).completed
    assert run.variables["o"] == 1


def test_a_call_that_stopped_before_it_began_stays_sealed(carry: Carry) -> None:
    calling = call("ca", "= which", propagateAllParentVariables="false")
    definitions = compiled(process(start(), calling, end(), chain("s", "ca", "e")), CHILD)
    run = Carrier(
        definitions["p"], TestHost(definitions), reload=True, variables={"secret": value_of(1)}, step_limit=99
    )
    run.repair("ca", which="child")
    (task,) = run.execution.open_user_tasks
    assert "secret" not in run.execution.variables(task.token_id)


# --- multi-instance -------------------------------------------------------------------------------

COLLECT = each("= xs", inputElement="x", outputCollection="out", outputElement="= res")


def test_an_instance_that_sets_nothing_gives_null_and_nothing_leaks(carry: Carry) -> None:
    run = begun(carry, start(), user("m", COLLECT), user("z"), chain("s", "m", "z"), xs=[1, 2])
    run.done("m", res=5).done("m")
    assert run.variables == {"xs": [1, 2], "out": [5, None]}


def test_a_part_of_a_variable_is_collected_alike(carry: Carry) -> None:
    loop = each("= xs", outputCollection="out", outputElement="= res.mark")
    run = begun(carry, start(), user("m", loop), user("z"), chain("s", "m", "z"), xs=[1])
    run.done("m", res={"mark": Decimal(3)})
    assert run.variables == {"xs": [1], "out": [3]}


def test_nested_instances_collect_each_their_own(carry: Carry) -> None:
    inner = user("u", each("= x", inputElement="y", outputCollection="o2", outputElement="= y * 10"))
    loop = each("= xs", inputElement="x", outputCollection="o1", outputElement="= o2")
    outer = sub("mi", loop, start("a"), inner, user("w"), chain("a", "u", "w"))
    run = begun(carry, start(), outer, user("z"), chain("s", "mi", "z"), xs=[[1], [2, 3]])
    run.done("u").done("u").done("u").done("w").done("w")
    assert run.variables == {"xs": [[1], [2, 3]], "o1": [[10], [20, 30]]}


# --- starts ---------------------------------------------------------------------------------------


def test_output_mappings_of_a_message_start_say_what_is_kept(carry: Carry) -> None:
    first = start("s", extensions(mapping([], [("= got", "kept")])), MESSAGE)
    run = begun(carry, first, user("u"), chain("s", "u"), got=1, more=2)
    assert run.variables == {"kept": 1}


# --- retries --------------------------------------------------------------------------------------


def test_a_script_is_not_run_again_when_its_output_mapping_is_retried(carry: Carry) -> None:
    drawn = script("sc", "= n + 1", "n", mapping([], [("= n + lim", "total")]))
    run = begun(carry, start(), drawn, user("u"), chain("s", "sc", "u"), n=0)
    assert run.repair("sc", lim=100).variables["total"] == 101


def test_a_script_is_not_run_again_when_its_output_element_is_retried(carry: Carry) -> None:
    loop = each("= xs", outputCollection="o", outputElement="= n * factor")
    drawn = script("sc", "= n + 1", "n").replace("</bpmn:scriptTask>", loop + "</bpmn:scriptTask>")
    run = begun(carry, start(), drawn, user("u"), chain("s", "sc", "u"), n=0, xs=[1])
    run.execution.set_variables({"n": Decimal(5)})
    assert run.repair("sc", factor=1).variables["o"] == [5]


def test_an_input_mapping_is_not_computed_on_its_own_result(carry: Carry) -> None:
    drawn = element("receiveTask", "r", extensions(mapping([("= n + 1", "n")])), messageRef="own")
    run = begun(carry, start(), drawn, chain("s", "r"), n=1, name="x")
    assert run.stopped == ["r"]
    run.repair("r", key="K")
    (waiting,) = run.execution.subscriptions
    assert run.execution.variables(waiting.token_id)["n"] == 2


OUTPUT = mapping([], [("= lim", "z")])
PUBLISH = '<zeebe:taskDefinition type="publish-message"/>'
NAMELESS = "<bpmn:messageEventDefinition/>"
THROWN = {
    "message": throw("t", extensions(PUBLISH, headers(name="v", correlationKey="k"), OUTPUT), NAMELESS),
    "signal": throw("t", extensions(OUTPUT), SIGNAL),
}


@pytest.mark.parametrize(("kind", "fact"), [("message", spiff.MessageThrown), ("signal", spiff.SignalThrown)])
def test_what_was_thrown_is_not_thrown_again(carry: Carry, kind: str, fact: type) -> None:
    run = begun(carry, start(), THROWN[kind], user("u"), chain("s", "t", "u"))
    assert run.stopped == ["t"]
    assert run.repair("t", lim=1).variables["z"] == 1
    assert len([each for each in run.facts if isinstance(each, fact)]) == 1


def test_a_decision_is_not_asked_again(carry: Carry) -> None:
    asked = []
    rule = extensions('<zeebe:calledDecision decisionId="d" resultVariable="res"/>', OUTPUT)
    run = carry(
        process(start(), element("businessRuleTask", "r", rule), chain("s", "r")),
        decisions={"d": lambda seen: asked.append(1) or answer(1)},
    )
    assert run.repair("r", lim=1).completed
    assert len(asked) == 1


def test_a_message_that_came_through_an_event_gateway_is_not_lost(carry: Carry) -> None:
    receiving = element("receiveTask", "r", extensions(mapping([("= lim + 1", "loc")])), messageRef="msg1")
    run = begun(
        carry,
        start(),
        element("eventBasedGateway", "g"),
        receiving,
        catch("t", timer(duration="P1D")),
        user("a"),
        user("b"),
        flows(("s", "g"), ("g", "r"), ("g", "t"), ("r", "a"), ("t", "b")),
        ref="A",
    )
    assert run.message("A", v=1)
    assert run.stopped == ["r"]
    assert run.repair("r", lim=1).open == ["a"]
    assert run.variables["v"] == 1


def test_a_timer_beside_a_failing_condition_keeps_its_due_time(carry: Carry) -> None:
    run = begun(
        carry,
        start(),
        element("eventBasedGateway", "g"),
        catch("c", condition("= n")),
        catch("t", timer(duration="P3D")),
        user("w"),
        flows(("s", "g"), ("g", "c"), ("g", "t"), ("s", "w")),
        n=False,
    )
    run.later(days=2)
    run.execution.set_variables({"n": Decimal(5)})
    run.settle()
    assert (run.stopped, run.due) == (["g"], [])
    assert run.repair("g", n=False).due == [("2026-12-04 09:00", "t")]


def test_a_repaired_condition_is_looked_at_again(carry: Carry) -> None:
    handled = handler("ev", "es", condition("= n"), user("h"), chain("es", "h"), interrupting=False)
    run = begun(carry, start(), user("u"), chain("s", "u"), handled, n=5)
    assert run.stopped == ["es"]
    assert run.repair("es", n=False).open == ["u"]
    run.execution.set_variables({"n": True})
    assert run.settle().open == ["h", "u"]
