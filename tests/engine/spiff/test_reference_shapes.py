"""The executable shapes of the BPMN MIWG reference models (A.1 to C.9), each alone and in combination.

Every shape is carried twice, in memory and reloaded after every command: the same facts and variables.
"""

from collections.abc import Iterable
from typing import NamedTuple

import pytest

from engine import dialect, spiff
from tests.engine.spiff.carrying import Carrier, TestHost, answer, compiled, value_of
from tests.engine.spiff.drawing import (
    ERROR,
    ESCALATION,
    MESSAGE,
    NAMES,
    SIGNAL,
    TERMINATE,
    boundary,
    call,
    catch,
    chain,
    condition,
    document,
    each,
    element,
    end,
    extensions,
    flow,
    flows,
    handler,
    headers,
    link,
    process,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)

TRUE = condition("= x")
WORK = '<zeebe:taskDefinition type="work"/>'
PUBLISH = extensions('<zeebe:taskDefinition type="publish-message"/>', headers(name="n", correlationKey="k"))
SENT = "<bpmn:messageEventDefinition/>"
RULE = extensions('<zeebe:calledDecision decisionId="d" resultVariable="res"/>')
CHILD = process(start("cs"), user("cu"), end("ce"), chain("cs", "cu", "ce"), id="child")
LOOP = each("= [1, 2]", inputElement="i", outputCollection="o", outputElement="= i * 10")
SEQUENCE = LOOP.replace('"false"', '"true"')


class Shape(NamedTuple):
    """What is drawn, the commands it is given, the elements completed in their order, variables at the end.

    A command is ``message``, ``signal``, ``day`` (a day goes by), ``x`` (the variable becomes true),
    ``fail <job>`` (with error E1), or the task or job that is done.
    """

    parts: Iterable[str]
    commands: str
    path: str
    called: tuple[str, ...] = ()
    variables: dict[str, object] = {}  # noqa: RUF012  # never changed


def one(drawn: str, id: str = "t") -> tuple[str, ...]:
    return start(), drawn, end(), chain("s", id, "e")


def bordered(event: str, *, interrupting: bool = True, host: str = user("t")) -> tuple[str, ...]:
    border = boundary("b", "t", event, interrupting=interrupting)
    return *one(host), border, user("h"), end("e2"), chain("b", "h", "e2")


def beside(event: str, *, interrupting: bool = True, body: str = user("t")) -> tuple[str, ...]:
    handled = handler(
        "ev", "es", event, user("h"), end("ee"), chain("es", "h", "ee"), interrupting=interrupting
    )
    inside = sub("sp", start("s1"), body, end("e1"), chain("s1", "t", "e1"), handled)
    return start(), inside, end(), chain("s", "sp", "e")


def thrown_in(finish: str) -> str:
    """A sub-process t that ends on an event."""
    return sub("t", start("s1"), user("u"), finish, chain("s1", "u", "e1"))


def behind(*events: str) -> tuple[str, ...]:
    """An event-based gateway before events c1, c2 and so on, each with a user task u1, u2 behind it."""
    drawn = [start(), element("eventBasedGateway", "g"), flow("s", "g"), *events]
    for number in range(1, len(events) + 1):
        drawn += [user(f"u{number}"), flow("g", f"c{number}"), flow(f"c{number}", f"u{number}")]
    return tuple(drawn)


def receive(id: str, *inner: str) -> str:
    return element("receiveTask", id, *inner, messageRef="msg1")


TASKS = {
    "task": Shape(one(element("task", "t")), "", "s t e"),
    "manual task": Shape(one(element("manualTask", "t")), "", "s t e"),
    "user task": Shape(one(user("t")), "t", "s t e"),
    "service task": Shape(one(service("t")), "t", "s t e"),
    "send task": Shape(one(element("sendTask", "t", extensions(WORK))), "t", "s t e"),
    "send task that publishes": Shape(one(element("sendTask", "t", PUBLISH)), "", "s t e"),
    "receive task": Shape(one(receive("t")), "message", "s t e"),
    "script task": Shape(one(script("t", "= 1 + 1", "res")), "", "s t e", variables={"res": 2}),
    "business rule task": Shape(
        one(element("businessRuleTask", "t", RULE)), "", "s t e", variables={"res": 5}
    ),
    "sub-process": Shape(
        one(sub("t", start("s1"), user("u"), end("e1"), chain("s1", "u", "e1"))), "u", "s s1 u e1 t e"
    ),
    "call activity": Shape(one(call("t", "child")), "cu", "s cs cu ce t e", (CHILD,)),
    "parallel user tasks": Shape(one(user("t", LOOP)), "t t", "s t t t e", variables={"o": [10, 20]}),
    "sequential user tasks": Shape(one(user("t", SEQUENCE)), "t t", "s t t t e", variables={"o": [10, 20]}),
    "multi-instance receive task": Shape(one(receive("t", LOOP)), "message message", "s t t t e"),
    "multi-instance business rule task": Shape(
        one(element("businessRuleTask", "t", RULE, LOOP)), "", "s t t t e", variables={"o": [10, 20]}
    ),
    "multi-instance sub-process": Shape(
        one(sub("t", SEQUENCE, start("s1"), user("u"), chain("s1", "u"))), "u u", "s s1 u t s1 u t t e"
    ),
    "multi-instance call": Shape(
        one(call("t", "child", inner=LOOP)), "cu cu", "s cs cs cu ce t cu ce t t e", (CHILD,)
    ),
}
EVENTS = {
    "message caught": Shape(one(catch("t", MESSAGE)), "message", "s t e"),
    "signal caught": Shape(one(catch("t", SIGNAL)), "signal", "s t e"),
    "duration": Shape(one(catch("t", timer(duration="P1D"))), "day", "s t e"),
    "date": Shape(one(catch("t", timer(date="2026-12-02"))), "day", "s t e"),
    "condition caught": Shape(one(catch("t", TRUE)), "x", "s t e"),
    "link": Shape(
        (start(), throw("o", link("K")), catch("i", link("K")), end(), chain("s", "o"), chain("i", "e")),
        "",
        "s o i e",
    ),
    "link in a sub-process": Shape(
        one(
            sub(
                "t",
                start("s1"),
                throw("o", link("K")),
                catch("i", link("K")),
                user("u"),
                chain("s1", "o"),
                chain("i", "u"),
            )
        ),
        "u",
        "s s1 o i u t e",
    ),
    "plain intermediate event": Shape(one(throw("t")), "", "s t e"),
    "message thrown": Shape(one(throw("t", PUBLISH, SENT)), "", "s t e"),
    "message thrown by a job": Shape(one(throw("t", extensions(WORK), SENT)), "t", "s t e"),
    "signal thrown": Shape(one(throw("t", SIGNAL)), "", "s t e"),
    "escalation thrown": Shape(one(throw("t", ESCALATION)), "", "s t e"),
    "message end": Shape((start(), element("endEvent", "e", PUBLISH, SENT), chain("s", "e")), "", "s e"),
    "message end by a job": Shape(
        (start(), element("endEvent", "e", extensions(WORK), SENT), chain("s", "e")), "e", "s e"
    ),
    "signal end": Shape((start(), end("e", SIGNAL), chain("s", "e")), "", "s e"),
    "escalation end": Shape((start(), end("e", ESCALATION), chain("s", "e")), "", "s e"),
    "terminate end": Shape(
        (start(), user("u"), user("v"), end("e", TERMINATE), flows(("s", "u"), ("s", "v"), ("u", "e"))),
        "u",
        "s u e",
    ),
    "message on a border": Shape(bordered(MESSAGE), "message h", "s b h e2"),
    "message beside": Shape(bordered(MESSAGE, interrupting=False), "message h t", "s b h e2 t e"),
    "signal on a border": Shape(bordered(SIGNAL), "signal h", "s b h e2"),
    "signal beside": Shape(
        bordered(SIGNAL, interrupting=False), "signal signal t h h", "s b b t e h e2 h e2"
    ),
    "timer on a border": Shape(bordered(timer(duration="P1D")), "day h", "s b h e2"),
    "timer beside": Shape(
        bordered(timer(cycle="R2/P1D"), interrupting=False), "day day t h h", "s b b t e h e2 h e2"
    ),
    "condition on a border": Shape(bordered(TRUE), "x h", "s b h e2"),
    "condition beside": Shape(bordered(TRUE, interrupting=False), "x t h", "s b t e h e2"),
    "error on a border": Shape(bordered(ERROR, host=thrown_in(end("e1", ERROR))), "u h", "s s1 u b h e2"),
    "escalation on a border": Shape(
        bordered(ESCALATION, host=thrown_in(end("e1", ESCALATION))), "u h", "s s1 u b h e2"
    ),
    "escalation beside": Shape(
        bordered(ESCALATION, host=thrown_in(end("e1", ESCALATION)), interrupting=False),
        "u h",
        "s s1 u e1 b t e h e2",
    ),
    "job error on a border": Shape(bordered(ERROR, host=service("t")), "fail:t h", "s b h e2"),
}
HANDLERS = {
    "message handler": Shape(beside(MESSAGE), "message h", "s s1 es h ee ev sp e"),
    "message handler beside": Shape(
        beside(MESSAGE, interrupting=False), "message h t", "s s1 es h ee ev t e1 sp e"
    ),
    "signal handler": Shape(beside(SIGNAL), "signal h", "s s1 es h ee ev sp e"),
    "signal handler beside": Shape(
        beside(SIGNAL, interrupting=False), "signal signal t h h", "s s1 es es t e1 h ee ev h ee ev sp e"
    ),
    "timer handler": Shape(beside(timer(duration="P1D")), "day h", "s s1 es h ee ev sp e"),
    "timer handler beside": Shape(
        beside(timer(cycle="R2/P1D"), interrupting=False), "day t h", "s s1 es t e1 h ee ev sp e"
    ),
    "condition handler": Shape(beside(TRUE), "x h", "s s1 es h ee ev sp e"),
    "condition handler beside": Shape(beside(TRUE, interrupting=False), "x t h", "s s1 es t e1 h ee ev sp e"),
    "error handler": Shape(
        beside(ERROR, body=sub("t", start("s2"), end("e3", ERROR), chain("s2", "e3"))),
        "h",
        "s s1 s2 es h ee ev sp e",
    ),
    "escalation handler": Shape(beside(ESCALATION, body=throw("t", ESCALATION)), "h", "s s1 es h ee ev sp e"),
    "escalation handler beside": Shape(
        beside(ESCALATION, body=throw("t", ESCALATION), interrupting=False), "h", "s s1 t es e1 h ee ev sp e"
    ),
}
GATEWAYS = {
    "exclusive": Shape(
        (
            start(),
            element("exclusiveGateway", "g", default="d"),
            user("a"),
            user("t"),
            element("exclusiveGateway", "m"),
            end(),
            flow("g", "a", "= n &gt; 1"),
            flow("g", "t", id="d"),
            flows(("s", "g"), ("a", "m"), ("t", "m"), ("m", "e")),
        ),
        "a",
        "s g a m e",
        variables={"n": 2},
    ),
    "inclusive with default": Shape(
        (
            start(),
            element("inclusiveGateway", "g", default="d"),
            user("a"),
            user("t"),
            element("inclusiveGateway", "m"),
            end(),
            flow("g", "a", "= n &gt; 2"),
            flow("g", "t", id="d"),
            flows(("s", "g"), ("a", "m"), ("t", "m"), ("m", "e")),
        ),
        "t",
        "s g t m e",
        variables={"n": 2},
    ),
    "parallel": Shape(
        (
            start(),
            element("parallelGateway", "g"),
            user("a"),
            user("t"),
            element("parallelGateway", "m"),
            end(),
            flows(("s", "g"), ("g", "a"), ("g", "t"), ("a", "m"), ("t", "m"), ("m", "e")),
        ),
        "t a",
        "s g t a m e",
    ),
    "event gateway: message": Shape(
        behind(catch("c1", MESSAGE), catch("c2", timer(duration="P1D"))), "message u1", "s g c1 u1"
    ),
    "event gateway: timer": Shape(
        behind(catch("c1", MESSAGE), catch("c2", timer(duration="P1D"))), "day u2", "s g c2 u2"
    ),
    "event gateway: signal": Shape(
        behind(catch("c1", SIGNAL), catch("c2", timer(duration="P1D"))), "signal u1", "s g c1 u1"
    ),
    "event gateway: condition": Shape(
        behind(catch("c1", TRUE), catch("c2", timer(duration="P1D"))), "x u1", "s g c1 u1"
    ),
    "event gateway: receive task": Shape(
        behind(receive("c1"), catch("c2", timer(duration="P1D"))), "message u1", "s g c1 u1"
    ),
}
INNER = sub("mi", each("= [1, 2]"), start("ms"), user("u"), end("me", ESCALATION), chain("ms", "u", "me"))
BOX = sub(
    "box",
    start("bs"),
    INNER,
    boundary("bt", "mi", timer(duration="P1D")),
    boundary("bn", "mi", ESCALATION, interrupting=False),
    user("after"),
    user("late"),
    user("told"),
    flows(("bs", "mi"), ("mi", "after"), ("bt", "late"), ("bn", "told")),
)
DEEP = process(start("ds"), BOX, end("de"), chain("ds", "box", "de"), id="deep")
FAILING = process(start("fs"), user("fu"), end("fe", ERROR), chain("fs", "fu", "fe"), id="failing")
RAISING = process(start("rs"), user("ru"), end("re", ESCALATION), chain("rs", "ru", "re"), id="raising")
BETWEEN = process(start("ws"), call("wc", "failing"), end("we"), chain("ws", "wc", "we"), id="between")
TOGETHER = {
    "border of a multi-instance in a sub-process in a call, in time": Shape(
        one(call("t", "deep")),
        "u told u told after",
        "s ds bs ms ms u me bn mi told u me bn mi mi told after box de t e",
        (DEEP,),
    ),
    "border of a multi-instance in a sub-process in a call, too late": Shape(
        one(call("t", "deep")), "u day told late", "s ds bs ms ms u me bn mi bt told late box de t e", (DEEP,)
    ),
    "error through two calls": Shape(
        bordered(ERROR, host=call("t", "between")), "fu h", "s ws fs fu b h e2", (BETWEEN, FAILING)
    ),
    "error through a call to a handler": Shape(
        beside(ERROR, body=call("t", "failing")), "fu h", "s s1 fs fu es h ee ev sp e", (FAILING,)
    ),
    "escalation through a call to a handler beside": Shape(
        beside(ESCALATION, body=call("t", "raising"), interrupting=False),
        "ru h",
        "s s1 rs ru re es t e1 h ee ev sp e",
        (RAISING,),
    ),
    "escalation through a multi-instance call": Shape(
        bordered(ESCALATION, host=call("t", "raising", inner=SEQUENCE), interrupting=False),
        "ru h ru h",
        "s rs ru re b t rs h e2 ru re b t t e h e2",
        (RAISING,),
    ),
    "signal interrupts a call in a multi-instance": Shape(
        bordered(SIGNAL, host=call("t", "child", inner=LOOP)),
        "cu signal h",
        "s cs cs cu ce t b h e2",
        (CHILD,),
    ),
    "handler in each instance": Shape(
        one(
            sub(
                "t",
                SEQUENCE,
                start("s1"),
                user("u"),
                end("e1"),
                chain("s1", "u", "e1"),
                handler("ev", "es", MESSAGE, user("h"), chain("es", "h"), interrupting=True),
            )
        ),
        "message h u",
        "s s1 es h ev t s1 u e1 t t e",
    ),
    "loop back over an event gateway": Shape(
        (
            *behind(catch("c1", MESSAGE), catch("c2", SIGNAL)),
            flow("u2", "g"),
        ),
        "signal u2 message u1",
        "s g c2 u2 g c1 u1",
    ),
}
SHAPES = TASKS | EVENTS | HANDLERS | GATEWAYS | TOGETHER


def play(shape: Shape, *, reload: bool) -> Carrier:
    definitions = compiled(process(*shape.parts), *shape.called)
    host = TestHost(definitions, {"d": lambda _seen: answer(5)})
    variables = {"ref": "A", "x": False, **{name: value_of(n) for name, n in shape.variables.items()}}
    run = Carrier(definitions["p"], host, reload=reload, variables=variables, step_limit=100)
    for command in shape.commands.split():
        obey(run, command)
    return run


def obey(run: Carrier, command: str) -> None:
    match command.split(":"):
        case ["message"]:
            assert run.message("A")
        case ["signal"]:
            assert run.signal("go")
        case ["day"]:
            run.later(days=1)
        case ["x"]:
            run.execution.set_variables({"x": True})
            run.settle()
        case ["fail", element_id]:
            (job,) = run.execution.jobs
            assert (job.element, run.execution.throw_error(job.token_id, "E1", {})) == (element_id, True)
            run.settle()
        case [task]:
            run.done(task)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_of_the_reference_models_runs_as_drawn(name: str) -> None:
    shape = SHAPES[name]
    run = play(shape, reload=False)
    assert " ".join(run.path()) == shape.path
    assert (run.completed, run.open, run.stopped) == (True, [], [])
    assert {each: run.variables[each] for each in shape.variables} == shape.variables
    again = play(shape, reload=True)
    assert (again.facts, again.variables, again.completed) == (run.facts, run.variables, True)


STARTS = {"plain": "", "message": MESSAGE, "signal": SIGNAL, "timer": timer(cycle="R/P1D")}


@pytest.mark.parametrize("kind", STARTS)
def test_a_process_starts_on_each_of_its_start_events(kind: str) -> None:
    starts = [start(f"s_{each}", definition) for each, definition in STARTS.items()]
    joined = [flow(f"s_{each}", "u") for each in STARTS]
    definitions = compiled(process(*starts, *joined, user("u")))
    run = spiff.Execution.start(
        definitions["p"], TestHost(definitions), variables={}, start_event=f"s_{kind}"
    )
    assert [task.element for task in run.open_user_tasks] == ["u"]


POOLS = (
    '<bpmn:collaboration id="co"><bpmn:participant id="pa" name="Ours" processRef="p"/>'
    '<bpmn:participant id="pb" name="Provider"/><bpmn:participant id="pc" processRef="theirs"/>'
    '<bpmn:messageFlow id="mf" sourceRef="t" targetRef="pb"/>'
    '<bpmn:messageFlow id="mg" sourceRef="pb" targetRef="c"/></bpmn:collaboration>'
)
LANES = (
    '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Office"><bpmn:flowNodeRef>s</bpmn:flowNodeRef>'
    '<bpmn:childLaneSet id="l2"><bpmn:lane id="l3" name="Desk"><bpmn:flowNodeRef>t</bpmn:flowNodeRef>'
    "</bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
)
MARKS = (
    '<bpmn:dataObject id="do"/><bpmn:dataObjectReference id="dr" dataObjectRef="do"/>'
    '<bpmn:textAnnotation id="ta"><bpmn:text>Note</bpmn:text></bpmn:textAnnotation>'
    '<bpmn:association id="as" sourceRef="t" targetRef="ta"/><bpmn:group id="gr"/>'
)


def test_pools_lanes_message_flows_data_objects_and_annotations_change_nothing() -> None:
    drawn = process(LANES, start(), user("t"), catch("c", MESSAGE), end(), chain("s", "t", "c", "e"), MARKS)
    theirs = process(start("ts"), end("te"), chain("ts", "te"), id="theirs", isExecutable="false")
    model = dialect.read(document(POOLS, drawn, theirs, extra=NAMES))
    assert list(model.processes) == ["p"]
    assert model.processes["p"].elements["t"].lane == "Desk"
    definitions = {"p": spiff.compile(model.processes["p"])}
    host = TestHost(definitions)
    run = Carrier(definitions["p"], host, reload=True, variables={"ref": "A"}, step_limit=9)
    run.done("t")
    assert run.message("A")
    assert (run.completed, run.path()) == (True, ["s", "t", "c", "e"])
