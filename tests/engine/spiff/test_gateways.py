"""Gateways, splits, merges and loops."""

import pytest

from engine import spiff
from tests.engine.spiff.carrying import to_bytes
from tests.engine.spiff.conftest import Carry
from tests.engine.spiff.drawing import (
    SIGNAL,
    boundary,
    catch,
    chain,
    each,
    element,
    end,
    flows,
    handler,
    link,
    process,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)

PASSED = tuple(element("task", name) for name in "abc")

CHOICE = process(
    start(),
    element("exclusiveGateway", "g", default="fd"),
    user("a"),
    user("b"),
    end(),
    flows(("s", "g"), ("g", "a", "= x &gt; 1"), ("g", "b", "", "fd"), ("a", "e"), ("b", "e")),
)


@pytest.mark.parametrize(("x", "way"), [(2, "a"), (1, "b")])
def test_an_exclusive_gateway_takes_one_flow(carry: Carry, x: int, way: str) -> None:
    run = carry(CHOICE, x=x)
    assert run.open == [way]
    assert "fd" in [f.flow for f in run.facts if isinstance(f, spiff.FlowTaken)] or way == "a"


@pytest.mark.parametrize("variables", [{}, {"x": None}, {"x": "two"}])
def test_a_condition_without_truth_is_an_incident_and_not_the_default(carry: Carry, variables: dict) -> None:
    run = carry(CHOICE, **variables)
    assert (run.open, run.stopped) == ([], ["g"])
    assert run.repair("g", x=5).open == ["a"]


def test_no_true_condition_and_no_default_is_an_incident(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            element("exclusiveGateway", "g"),
            user("a"),
            chain("s", "g"),
            flows(("g", "a", "= false")),
        )
    )
    assert run.stopped == ["g"]
    assert "no default flow" in run.execution.incidents[0].message


def test_parallel_branches_see_each_others_variables(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            element("parallelGateway", "g1"),
            user("a"),
            user("b"),
            script("z", "= v + 1", "r"),
            element("parallelGateway", "g2"),
            end(),
            flows(("s", "g1"), ("g1", "a"), ("g1", "b"), ("b", "z"), ("a", "g2"), ("z", "g2"), ("g2", "e")),
        )
    )
    run.done("a", v=1).done("b")
    assert run.completed
    assert run.variables == {"v": 1, "r": 2}


def test_a_task_splits_and_merges_without_gateways(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            user("a"),
            user("b"),
            user("c"),
            user("d"),
            end(),
            flows(("s", "a"), ("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e")),
        )
    )
    run.done("a")
    assert run.open == ["b", "c"]
    run.done("b").done("c")
    assert run.open == ["d", "d"]
    assert not run.done("d").completed
    assert run.done("d").completed


def test_a_parallel_join_in_a_loop_waits_each_time_for_all(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            user("a"),
            element("parallelGateway", "g1"),
            user("b"),
            user("c"),
            element("parallelGateway", "g2"),
            user("d"),
            element("exclusiveGateway", "x", default="fe"),
            end(),
            flows(("s", "a"), ("a", "g1"), ("g1", "b"), ("g1", "c"), ("b", "g2"), ("c", "g2")),
            flows(("g2", "d"), ("d", "x"), ("x", "a", "= again"), ("x", "e", "", "fe")),
        )
    )
    for turn in range(3):
        first, second = ("c", "b") if turn % 2 else ("b", "c")
        assert run.done("a").open == ["b", "c"]
        assert run.done(first).open == [second]
        assert run.done(second).open == ["d"]
        run.done("d", again=turn < 2)
    assert run.completed


def test_two_tokens_through_one_fork_both_go_on(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            element("parallelGateway", "g0"),
            user("a"),
            user("b"),
            element("exclusiveGateway", "x"),
            element("parallelGateway", "f"),
            user("c"),
            user("d"),
            end(),
            flows(("s", "g0"), ("g0", "a"), ("g0", "b"), ("a", "x"), ("b", "x"), ("x", "f")),
            flows(("f", "c"), ("f", "d"), ("c", "e"), ("d", "e")),
        )
    )
    assert run.done("a").done("b").open == ["c", "c", "d", "d"]


INCLUSIVE = process(
    start(),
    element("inclusiveGateway", "i1", default="df"),
    user("b"),
    user("c"),
    element("inclusiveGateway", "i2"),
    user("z"),
    end(),
    flows(("s", "i1"), ("i1", "b", "= n &gt; 0"), ("i1", "c", "= n &gt; 1"), ("i1", "i2", "", "df")),
    flows(("b", "i2"), ("c", "i2"), ("i2", "z"), ("z", "e")),
)


@pytest.mark.parametrize(("n", "open_tasks"), [(0, ["z"]), (1, ["b"]), (2, ["b", "c"])])
def test_an_inclusive_gateway_takes_every_true_flow(carry: Carry, n: int, open_tasks: list[str]) -> None:
    assert carry(INCLUSIVE, n=n).open == open_tasks


def test_an_inclusive_join_waits_only_for_tokens_that_can_come(carry: Carry) -> None:
    assert carry(INCLUSIVE, n=1).done("b").open == ["z"]
    run = carry(INCLUSIVE, n=2)
    assert run.done("c").open == ["b"]
    assert run.done("b").open == ["z"]
    assert run.done("z").completed


def test_a_loop_around_an_inclusive_join_does_not_deadlock(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            element("exclusiveGateway", "m"),
            element("inclusiveGateway", "i1"),
            user("a"),
            user("b"),
            element("inclusiveGateway", "i2"),
            element("exclusiveGateway", "x", default="fe"),
            end(),
            flows(("s", "m"), ("m", "i1"), ("i1", "a", "= true"), ("i1", "b", "= true"), ("a", "i2")),
            flows(("b", "i2"), ("i2", "x"), ("x", "m", "= again"), ("x", "e", "", "fe")),
        ),
        again=True,
    )
    run.done("a").done("b")
    assert run.open == ["a", "b"]
    assert run.done("b", again=False).done("a").completed


def test_a_path_without_end_event_ends(carry: Carry) -> None:
    assert carry(process(start(), user("u"), chain("s", "u"))).done("u").completed


def test_link_events_are_a_flow(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            throw("out", link("K")),
            catch("in", link("K")),
            user("u"),
            end(),
            chain("s", "out"),
            chain("in", "u", "e"),
        )
    )
    assert run.open == ["u"]
    assert run.done("u").path() == ["s", "out", "in", "u", "e"]


def test_an_endless_automatic_loop_is_an_incident(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            element("exclusiveGateway", "m"),
            script("sc", "= 1", "x"),
            user("u"),
            flows(("s", "m"), ("m", "sc"), ("sc", "m"), ("s", "u")),
        ),
        step_limit=50,
    )
    assert run.open == ["u"]
    assert [note.kind for note in run.execution.incidents] == ["endless-loop"]


def test_elements_may_be_called_like_spiffworkflows_own(carry: Carry) -> None:
    run = carry(process(start("Start"), user("root"), end("End"), chain("Start", "root", "End")))
    assert run.done("root").completed


def test_a_loop_of_a_thousand_turns_goes_on(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            element("exclusiveGateway", "m"),
            script("sc", "= i + 1", "i"),
            element("exclusiveGateway", "x", default="fe"),
            user("u"),
            flows(("s", "m"), ("m", "sc"), ("sc", "x"), ("x", "m", "= i &lt; 1000"), ("x", "u", "", "fe")),
        ),
        i=0,
        step_limit=10_000,
    )
    assert run.open == ["u"]
    assert run.variables == {"i": 1000}


def test_many_instances_with_a_few_steps_each_are_no_endless_loop(carry: Carry) -> None:
    inner = sub("m", each("= for i in 1..300 return i"), start("ms"), *PASSED, chain("ms", "a", "b", "c"))
    run = carry(process(start(), inner, user("z"), chain("s", "m", "z")), step_limit=300)
    assert (run.open, run.stopped) == (["z"], [])


def test_no_command_goes_on_for_ever_whatever_it_does(carry: Carry) -> None:
    inner = sub("m", each("= for i in 1..100 return i"), start("ms"), *PASSED, chain("ms", "a", "b", "c"))
    outer = sub("o", each("= for i in 1..100 return i"), start("os"), inner, chain("os", "m"))
    run = carry(process(start(), outer, user("z"), chain("s", "o", "z")), step_limit=200)
    assert {note.kind for note in run.execution.incidents} == {"endless-loop"}


def test_handlers_that_start_each_other_without_end_are_an_endless_loop(carry: Carry) -> None:
    again = handler("ev", "es", SIGNAL, throw("t", SIGNAL), chain("es", "t"), interrupting=False)
    run = carry(
        process(start(), throw("first", SIGNAL), user("u"), chain("s", "first", "u"), again), step_limit=50
    )
    assert run.open == ["u"]
    assert {note.kind for note in run.execution.incidents} == {"endless-loop"}


def test_an_endless_loop_that_is_retried_goes_on_where_it_stopped(carry: Carry) -> None:
    loop = flows(("s", "m"), ("m", "sc"), ("sc", "x"), ("x", "m", "= i &lt; 60"), ("x", "u", "", "fe"))
    turns = script("sc", "= i + 1", "i")
    gates = element("exclusiveGateway", "m"), element("exclusiveGateway", "x", default="fe")
    run = carry(process(start(), turns, *gates, user("u"), loop), i=0, step_limit=50)
    assert len(run.stopped) == 1
    assert run.repair(run.stopped[0]).open == ["u"]
    assert run.variables == {"i": 60}


def test_a_border_event_that_has_not_fired_keeps_no_inclusive_join_waiting(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            element("parallelGateway", "pg"),
            user("a"),
            user("h"),
            boundary("bd", "h", timer(duration="P1D")),
            user("late"),
            element("exclusiveGateway", "m"),
            element("inclusiveGateway", "i"),
            user("z"),
            flows(("s", "pg"), ("pg", "a"), ("pg", "h"), ("a", "m"), ("h", "m"), ("m", "i")),
            flows(("bd", "late"), ("late", "i"), ("i", "z")),
        )
    )
    assert run.done("a").open == ["h", "z"]


def test_a_border_event_keeps_an_inclusive_join_waiting_if_its_activity_leads_nowhere_else(
    carry: Carry,
) -> None:
    run = carry(
        process(
            start(),
            element("parallelGateway", "pg"),
            user("a"),
            user("h"),
            boundary("bd", "h", timer(duration="P1D")),
            element("inclusiveGateway", "i"),
            user("z"),
            flows(("s", "pg"), ("pg", "a"), ("pg", "h"), ("a", "i"), ("bd", "i"), ("i", "z")),
        )
    )
    assert run.done("a").open == ["h"]
    assert run.later(days=1).open == ["z"]


def test_three_thousand_turns_leave_the_state_as_small_as_one(carry: Carry) -> None:
    loop = flows(("s", "a"), ("a", "x"), ("x", "a", "= again"), ("x", "e", "", "fe"))
    gate = element("exclusiveGateway", "x", default="fe")
    run = carry(process(start(), user("a"), gate, end(), loop))
    run.done("a", again=True)
    first = len(run.execution.state().tokens), len(to_bytes(run.execution.state()))
    for _ in range(2_999):
        run.done("a", again=True)
    state = run.execution.state()
    assert len(state.tokens) == first[0]
    assert len(to_bytes(state)) - first[1] == len(f"{state.next_id}") * 2 - 2, "token ids have more digits"
