"""Multi-instance activities: in parallel, one after the other, ended early, interrupted."""

import pytest

from engine import spiff
from tests.engine.spiff.conftest import Carry
from tests.engine.spiff.drawing import (
    MESSAGE,
    boundary,
    chain,
    each,
    end,
    mapping,
    process,
    script,
    start,
    sub,
    timer,
    user,
)

COLLECTING = each("= xs", inputElement="x", outputCollection="out", outputElement="= res")


def tasks(*inner: str, ext: str = "") -> str:
    return process(start(), user("m", *inner, ext=ext), user("z"), end(), chain("s", "m", "z", "e"))


def test_parallel_instances_collect_in_the_order_of_the_list(carry: Carry) -> None:
    run = carry(tasks(COLLECTING, ext=mapping(outputs=[("= ans", "res")])), xs=[1, None, 3])
    assert run.open == ["m", "m", "m"]
    items = [run.execution.variables(t.token_id)["x"] for t in run.execution.open_user_tasks]
    assert items == [1, None, 3]
    run.done("m", 2, ans="c").done("m", 1, ans="b").done("m", 0, ans="a")
    assert run.open == ["z"]
    assert run.variables == {"xs": [1, None, 3], "out": ["a", "b", "c"]}


def test_an_empty_list_is_passed_by_with_an_empty_result(carry: Carry) -> None:
    run = carry(tasks(COLLECTING), xs=[])
    assert run.open == ["z"]
    assert run.variables["out"] == []


@pytest.mark.parametrize("xs", [None, "text", 5])
def test_a_collection_that_is_no_list_is_an_incident(carry: Carry, xs: object) -> None:
    run = carry(tasks(COLLECTING), xs=xs)
    assert run.stopped == ["m"]
    assert run.repair("m", xs=[1]).open == ["m"]


def test_sequential_instances_come_one_after_the_other_also_for_null(carry: Carry) -> None:
    loop = each("= xs", sequential=True, inputElement="x", outputCollection="out", outputElement="= x")
    run = carry(tasks(loop), xs=[1, None, 3])
    for _ in range(3):
        assert run.open == ["m"]
        run.done("m")
    assert run.open == ["z"]
    assert run.variables["out"] == [1, None, 3]


def test_the_collection_is_read_once(carry: Carry) -> None:
    run = carry(tasks(each("= xs", sequential=True, inputElement="x")), xs=[1, 2])
    run.done("m", xs=[])
    assert run.open == ["m"]
    assert run.done("m").open == ["z"]


def test_a_completion_condition_ends_a_sequence(carry: Carry) -> None:
    loop = each(
        "= xs",
        sequential=True,
        until="= stop",
        inputElement="x",
        outputCollection="out",
        outputElement="= x",
    )
    run = carry(tasks(loop), xs=[1, 2, 3], stop=False)
    assert run.done("m", stop=True).open == ["z"]
    assert run.variables["out"] == [1, None, None]


def test_a_completion_condition_cancels_the_other_instances(carry: Carry) -> None:
    inner = sub(
        "sp", each("= xs", until="= enough"), start("s2"), user("u2"), end("e2"), chain("s2", "u2", "e2")
    )
    run = carry(
        process(start(), inner, user("z"), end(), chain("s", "sp", "z", "e")), xs=[1, 2, 3], enough=False
    )
    assert run.open == ["u2"] * 3
    assert run.done("u2").open == ["u2"] * 2
    assert run.done("u2", enough=True).open == ["z"]
    cancelled = [f.element for f in run.facts if isinstance(f, spiff.ElementCancelled)]
    assert sorted(cancelled) == ["sp", "u2"]
    assert run.done("z").completed


def test_a_completion_condition_may_count_instances(carry: Carry) -> None:
    loop = each("= xs", until="= numberOfCompletedInstances / numberOfInstances &gt;= 0.5")
    run = carry(tasks(loop), xs=[1, 2, 3, 4])
    assert run.done("m").open == ["m"] * 3
    assert run.done("m").open == ["z"]


def test_an_interrupted_multi_instance_leaves_nothing_behind(carry: Carry) -> None:
    inner = sub(
        "sp",
        each("= xs", inputElement="x"),
        start("s2"),
        user("u2"),
        boundary("tb", "u2", timer(duration="P5D"), interrupting=False),
        user("rem"),
        end("e2"),
        end("e3"),
        chain("s2", "u2", "e2"),
        chain("tb", "rem", "e3"),
    )
    drawn = process(
        start(),
        inner,
        boundary("bt", "sp", timer(duration="P1D")),
        user("z"),
        user("y"),
        end(),
        chain("s", "sp", "z", "e"),
        chain("bt", "y", "e"),
    )
    run = carry(drawn, xs=[1, 2])
    assert len(run.due) == 3
    run.later(days=1)
    assert (run.open, run.due) == (["y"], [])
    assert list(run.execution.state().scopes) == [0]
    assert run.done("y").completed


def test_a_failing_output_element_stops_only_its_instance(carry: Carry) -> None:
    loop = each("= xs", inputElement="x", outputCollection="out", outputElement="= factor * x")
    run = carry(tasks(loop), xs=[1, 2])
    run.done("m")
    assert (run.open, run.stopped) == (["m"], ["m"])
    run.repair("m", factor=10).done("m")
    assert run.variables["out"] == [10, 20]


def test_instances_without_a_wait_run_through(carry: Carry) -> None:
    loop = each("= xs", inputElement="x", outputCollection="out", outputElement="= y")
    task = script("m", "= x * x", "y").replace("</bpmn:scriptTask>", loop + "</bpmn:scriptTask>")
    task = task.replace(
        "</bpmn:extensionElements>", mapping(outputs=[("= y", "y")]) + "</bpmn:extensionElements>", 1
    )
    run = carry(process(start(), task, end(), chain("s", "m", "e")), xs=[1, 2, 3])
    assert run.completed
    assert run.variables["out"] == [1, 4, 9]


def test_a_message_on_the_border_interrupts_all_instances(carry: Carry) -> None:
    drawn = process(
        start(),
        user("m", each("= xs")),
        boundary("b", "m", MESSAGE),
        user("h"),
        end(),
        chain("s", "m", "e"),
        chain("b", "h", "e"),
    )
    run = carry(drawn, xs=[1, 2, 3], ref="A")
    assert run.message("A")
    assert run.open == ["h"]


def test_too_many_instances_are_an_incident(carry: Carry) -> None:
    run = carry(tasks(each("= for i in 1..1001 return i")))
    assert [note.kind for note in run.execution.incidents] == ["too-many"]


def test_a_thousand_instances_run(carry: Carry) -> None:
    run = carry(tasks(each("= for i in 1..1000 return i")))
    assert len(run.open) == 1000
    assert len(run.done("m").open) == 999
