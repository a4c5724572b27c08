"""Tokens put elsewhere by hand: what goes with them, and where they cannot go."""

import pytest

from engine import dialect, spiff
from tests.engine.spiff.carrying import Carrier, TestHost
from tests.engine.spiff.drawing import (
    boundary,
    chain,
    document,
    each,
    element,
    end,
    flows,
    process,
    start,
    sub,
    timer,
    user,
)

DRAWN = process(
    start(),
    user("a"),
    sub("box", "", start("s1"), user("u"), user("v"), chain("s1", "u", "v")),
    boundary("late", "box", timer(duration="P2D")),
    user("b"),
    user("chase"),
    end(),
    chain("s", "a", "box", "b", "e"),
    chain("late", "chase"),
)


def carried(drawn: str) -> Carrier:
    (found,) = dialect.read(document(drawn)).processes.values()
    key = "only"
    definition = spiff.compile(found, key=key)
    return Carrier(definition, TestHost({key: definition}), reload=True, variables={}, step_limit=100)


def token(run: Carrier, name: str) -> int:
    return next(t.id for t in run.execution.state().tokens.values() if t.element == name)


def test_a_token_goes_back_with_all_that_hangs_on_it() -> None:
    run = carried(DRAWN).done("a")
    assert (run.open, len(run.due)) == (["u"], 1)
    run.execution.move(token(run, "box"), "a")
    assert (run.settle().open, run.due) == (["a"], [])
    assert run.done("a").done("u").done("v").done("b").completed


def test_a_token_inside_a_sub_process_moves_inside_it() -> None:
    run = carried(DRAWN).done("a")
    assert run.execution.move_targets(token(run, "u")) == ("u", "v")
    run.execution.move(token(run, "u"), "v")
    assert run.settle().open == ["v"]
    with pytest.raises(spiff.MoveError, match="b is no element of the same process"):
        run.execution.move(token(run, "v"), "b")


def test_a_restart_takes_every_token_of_the_process_away() -> None:
    drawn = process(
        start(),
        element("parallelGateway", "split"),
        user("x"),
        user("y"),
        element("parallelGateway", "join"),
        end(),
        flows(("s", "split"), ("split", "x"), ("split", "y"), ("x", "join"), ("y", "join"), ("join", "e")),
    )
    run = carried(drawn).done("x")
    run.execution.restart("split")
    assert run.settle().open == ["x", "y"]
    assert run.done("x").done("y").completed
    with pytest.raises(spiff.MoveError, match="join waits for several tokens"):
        carried(drawn).execution.restart("join")


def test_what_only_an_event_begins_is_no_place_to_go() -> None:
    run = carried(DRAWN)
    for name in ("late", "s", "nothing"):
        with pytest.raises(spiff.MoveError, match=name):
            run.execution.restart(name)


def test_an_instance_of_several_is_not_moved_alone() -> None:
    inner = sub("m", each("= [1, 2]"), start("i"), user("w"), chain("i", "w"))
    run = carried(process(start(), inner, end(), chain("s", "m", "e")))
    with pytest.raises(spiff.MoveError, match="one of several"):
        run.execution.move(token(run, "m[each]"), "m")
