"""Sub-processes, called processes, errors and escalations between them."""

from engine import spiff
from tests.engine.spiff.conftest import Carry
from tests.engine.spiff.drawing import (
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    boundary,
    call,
    chain,
    element,
    end,
    extensions,
    flows,
    handler,
    mapping,
    process,
    service,
    start,
    sub,
    throw,
    user,
)


def test_a_sub_process_has_a_scope_of_its_own(carry: Carry) -> None:
    inner = sub(
        "sp",
        extensions(mapping([("= 7", "loc")], [("= loc + y", "tot")])),
        start("s2"),
        user("u2"),
        end("e2"),
        chain("s2", "u2", "e2"),
    )
    run = carry(process(start(), inner, end(), chain("s", "sp", "e")))
    run.done("u2", y=1)
    assert run.completed
    assert run.variables["tot"] == 8
    assert "loc" not in run.variables


CHILD = process(start("cs"), user("cu"), end("ce"), chain("cs", "cu", "ce"), id="child")


def calling(*ext: str, **flags: str) -> str:
    return process(start(), call("ca", "child", *ext, **flags), end(), chain("s", "ca", "e"))


def test_a_called_process_gives_back_only_its_output_mappings(carry: Carry) -> None:
    io = mapping([("= tot", "arg")], [("= cres + arg", "got")])
    run = carry(calling(io), CHILD, tot=1)
    run.done("cu", cres=99)
    assert run.completed
    assert run.variables == {"tot": 1, "got": 100}


def test_a_called_process_sees_all_variables_unless_told_otherwise(carry: Carry) -> None:
    run = carry(calling(), CHILD, x=1)
    task = run.execution.open_user_tasks[0]
    assert (task.element, task.definition) == ("cu", "child")
    assert run.execution.variables(task.token_id)["x"] == 1
    assert run.done("cu", y=2).variables == {"x": 1, "y": 2}

    closed = carry(
        calling(propagateAllParentVariables="false", propagateAllChildVariables="false"), CHILD, x=1
    )
    assert "x" not in closed.execution.variables(closed.execution.open_user_tasks[0].token_id)
    assert closed.done("cu", y=2).variables == {"x": 1}


def test_a_called_process_writes_behind_its_barrier(carry: Carry) -> None:
    run = carry(calling(propagateAllChildVariables="false"), CHILD, x=1)
    assert run.done("cu", x=5).variables == {"x": 1}


def test_a_missing_called_process_is_an_incident_and_can_be_retried(carry: Carry) -> None:
    run = carry(calling().replace("child", "= which"), CHILD, which="nowhere")
    assert run.stopped == ["ca"]
    assert run.repair("ca", which="child").open == ["cu"]
    assert run.done("cu").completed


def test_caller_and_called_may_use_the_same_element_ids(carry: Carry) -> None:
    def same(id: str, *inner: str) -> str:
        return sub("sp", start("s2"), *inner, end("e2"))

    caller = process(
        start(),
        same("sp", call("u", "q"), chain("s2", "u", "e2")),
        end(),
        chain("s", "sp", "e"),
        id="p",
    )
    called = process(
        start("s"),
        sub("x", start("y"), user("u"), end("z"), chain("y", "u", "z")),
        end("e"),
        chain("s", "x", "e"),
        id="q",
    )
    # the ids of one file must differ, so the called process comes from a file of its own
    import tests.engine.spiff.carrying as carrying

    definitions = {**carrying.compiled(caller), **carrying.compiled(called)}
    run = carrying.Carrier(
        definitions["p"], carrying.TestHost(definitions), reload=True, variables={}, step_limit=100
    )
    assert run.open == ["u"]
    assert run.done("u").completed


def failing(n: str) -> str:
    inner = sub(
        f"sp{n}",
        start(f"s{n}"),
        user(f"u{n}"),
        element("exclusiveGateway", f"g{n}", default=f"d{n}"),
        end(f"ee{n}", ERROR),
        end(f"en{n}"),
        flows(
            (f"s{n}", f"u{n}"),
            (f"u{n}", f"g{n}"),
            (f"g{n}", f"ee{n}", "= bad"),
            (f"g{n}", f"en{n}", "", f"d{n}"),
        ),
    )
    return (
        inner
        + boundary(f"b{n}", f"sp{n}", ERROR)
        + user(f"h{n}")
        + user(f"n{n}")
        + flows((f"sp{n}", f"n{n}"), (f"b{n}", f"h{n}"))
    )


def test_an_error_is_caught_by_its_own_sub_process_and_not_by_a_sibling(carry: Carry) -> None:
    drawn = process(
        start(),
        element("parallelGateway", "g"),
        failing("1"),
        failing("2"),
        flows(("s", "g"), ("g", "sp1"), ("g", "sp2")),
    )
    run = carry(drawn, bad=False)
    assert run.done("u1", bad=True).open == ["h1", "u2"]
    assert run.done("u2", bad=False).open == ["h1", "n2"]
    assert run.done("h1").done("n2").completed


def test_an_error_nobody_catches_is_an_incident_and_interrupts_nothing(carry: Carry) -> None:
    drawn = process(
        start(),
        user("w"),
        boundary("b", "w", ERROR),
        user("h"),
        user("u"),
        end("ee", ERROR),
        flows(("s", "w"), ("s", "u"), ("u", "ee"), ("b", "h")),
    )
    run = carry(drawn).done("u")
    assert (run.open, run.stopped) == (["w"], ["ee"])
    assert "nothing around it catches it" in run.execution.incidents[0].message


def test_an_error_climbs_out_of_a_called_process(carry: Carry) -> None:
    child = process(start("cs"), user("cu"), end("ce", ERROR), chain("cs", "cu", "ce"), id="child")
    drawn = process(
        start(),
        call("ca", "child"),
        boundary("b", "ca", ERROR),
        user("h"),
        end(),
        chain("s", "ca", "e"),
        chain("b", "h", "e"),
    )
    run = carry(drawn, child)
    assert run.done("cu").open == ["h"]
    assert run.done("h").completed


def test_an_error_in_an_instance_ends_the_whole_multi_instance(carry: Carry) -> None:
    from tests.engine.spiff.drawing import each

    inner = sub("sp", each("= xs"), start("s1"), user("u1"), end("ee", ERROR), chain("s1", "u1", "ee"))
    drawn = process(start(), inner, boundary("b", "sp", ERROR), user("h"), chain("s", "sp"), chain("b", "h"))
    run = carry(drawn, xs=[1, 2])
    assert run.done("u1").open == ["h"]


def test_the_nearest_handler_wins_and_a_code_wins_over_any_code(carry: Carry) -> None:
    anyone = "<bpmn:errorEventDefinition/>"
    inner = sub("in", start("s1"), end("ee", ERROR), chain("s1", "ee"))
    outer = sub(
        "out",
        start("s2"),
        inner,
        boundary("b1", "in", anyone),
        boundary("b2", "in", ERROR),
        user("h1"),
        user("h2"),
        chain("s2", "in"),
        chain("b1", "h1"),
        chain("b2", "h2"),
    )
    drawn = process(
        start(), outer, boundary("b3", "out", ERROR), user("h3"), chain("s", "out"), chain("b3", "h3")
    )
    assert carry(drawn).open == ["h2"]


def test_an_event_sub_process_catches_an_error_with_its_variables(carry: Carry) -> None:
    body = handler("ev", "es", ERROR, user("eu"), chain("es", "eu"), interrupting=True)
    drawn = process(
        start(),
        sub("sp", start("s1"), end("ee", ERROR), chain("s1", "ee")),
        user("w"),
        chain("s", "sp"),
        chain("s", "w"),
        body,
    )
    run = carry(drawn)
    assert run.open == ["eu"]
    assert run.done("eu").completed


def test_an_event_sub_process_does_not_catch_its_own_error(carry: Carry) -> None:
    body = handler("ev", "es", ERROR, end("again", ERROR), chain("es", "again"), interrupting=True)
    run = carry(process(start(), end("ee", ERROR), chain("s", "ee"), body))
    assert run.stopped == ["again"]


def test_an_escalation_is_told_beside_the_work(carry: Carry) -> None:
    inner = sub("sp", start("s1"), throw("th", ESCALATION), user("u1"), chain("s1", "th", "u1"))
    drawn = process(
        start(),
        inner,
        boundary("b", "sp", ESCALATION, interrupting=False),
        user("h"),
        chain("s", "sp"),
        chain("b", "h"),
    )
    run = carry(drawn)
    assert run.open == ["h", "u1"]
    assert run.done("u1").done("h").completed


def test_an_interrupting_escalation_stops_its_thrower(carry: Carry) -> None:
    inner = sub("sp", start("s1"), throw("th", ESCALATION), user("u1"), chain("s1", "th", "u1"))
    drawn = process(
        start(), inner, boundary("b", "sp", ESCALATION), user("h"), chain("s", "sp"), chain("b", "h")
    )
    assert carry(drawn).open == ["h"]


def test_an_escalation_nobody_catches_goes_on(carry: Carry) -> None:
    assert carry(process(start(), throw("th", ESCALATION), end(), chain("s", "th", "e"))).completed


def test_a_job_throws_a_bpmn_error(carry: Carry) -> None:
    drawn = process(
        start(),
        service("j"),
        boundary("b", "j", ERROR),
        user("h"),
        end(),
        chain("s", "j", "e"),
        chain("b", "h", "e"),
    )
    run = carry(drawn)
    job = run.execution.jobs[0]
    assert run.execution.throw_error(job.token_id, "E1", {"why": "late"})
    assert run.settle().open == ["h"]
    assert run.variables == {"why": "late"}


def test_a_job_error_nobody_catches_changes_nothing(carry: Carry) -> None:
    run = carry(process(start(), service("j"), end(), chain("s", "j", "e")))
    assert not run.execution.throw_error(run.execution.jobs[0].token_id, "E9", {"why": "late"})
    run.settle()
    assert (run.open, run.stopped, run.variables) == (["j"], [], {})


def test_terminate_in_a_sub_process_ends_only_the_sub_process(carry: Carry) -> None:
    inner = sub(
        "sp",
        start("s1"),
        element("parallelGateway", "g"),
        user("u1"),
        user("u2"),
        end("t", TERMINATE),
        flows(("s1", "g"), ("g", "u1"), ("g", "u2"), ("u1", "t")),
    )
    run = carry(process(start(), inner, user("z"), end("e", SIGNAL), chain("s", "sp", "z", "e")))
    assert run.done("u1").open == ["z"]
    assert run.done("z").completed
    assert [f.name for f in run.facts if isinstance(f, spiff.SignalThrown)] == ["go"]


def test_a_cancelled_instance_keeps_nothing(carry: Carry) -> None:
    run = carry(calling(), CHILD)
    run.execution.cancel()
    run.settle()
    assert run.completed
    assert run.execution.state().tokens == {}
    assert list(run.execution.state().scopes) == [0]


def test_an_instance_starts_at_the_named_start_event(carry: Carry) -> None:
    drawn = process(
        start(),
        start("sm", '<bpmn:messageEventDefinition messageRef="msg1"/>'),
        user("a"),
        user("b"),
        chain("s", "a"),
        chain("sm", "b"),
    )
    run = carry(drawn)
    assert run.open == ["a"]
    other = spiff.Execution.start(run.definition, run.host, variables={}, start_event="sm")
    assert [t.element for t in other.open_user_tasks] == ["b"]
    events = [start.event and start.event.name.text for start in run.definition.process.starts]
    assert events == [None, "hello"]


def test_a_process_that_calls_itself_without_end_is_an_incident(carry: Carry) -> None:
    drawn = process(start(), call("ca", "p"), end(), chain("s", "ca", "e"))
    run = carry(drawn)
    assert [note.kind for note in run.execution.incidents] == ["too-deep"]
    run.execution.cancel()
    assert run.execution.state().tokens == {}


def test_an_error_of_one_event_sub_process_is_caught_by_another_of_the_same_process(carry: Carry) -> None:
    failing = handler(
        "A", "as", MESSAGE, user("au"), end("ae", ERROR), chain("as", "au", "ae"), interrupting=False
    )
    catching = handler("B", "bs", ERROR, user("bu"), chain("bs", "bu"), interrupting=True)
    box = sub("box", start("s1"), user("u"), chain("s1", "u"), failing, catching)
    outside = boundary("b", "box", ERROR), user("h"), chain("s", "box"), chain("b", "h")
    run = carry(process(start(), box, *outside), ref="A")
    assert run.message("A")
    assert run.done("au").open == ["bu"]


def test_an_escalation_that_is_thrown_keeps_its_output_mappings(carry: Carry) -> None:
    thrown = throw("t", extensions(mapping([], [("= 1", "told")])), ESCALATION)
    assert carry(process(start(), thrown, chain("s", "t"))).variables == {"told": 1}
