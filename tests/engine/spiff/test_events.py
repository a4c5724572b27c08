"""Timers, messages, signals, conditions, event-based gateways, terminate."""

from datetime import UTC, date, datetime

import pytest

from engine import feel, spiff
from engine.spiff import NotOpenError
from tests.engine.spiff.conftest import Carry
from tests.engine.spiff.drawing import (
    MESSAGE,
    SIGNAL,
    TERMINATE,
    boundary,
    catch,
    chain,
    condition,
    element,
    end,
    flows,
    handler,
    process,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)


def bordered(event: str, *, interrupting: bool = True) -> str:
    """User task u with one boundary event b that leads to user task h."""
    return process(
        start(),
        user("u"),
        boundary("b", "u", event, interrupting=interrupting),
        user("h"),
        end(),
        end("e2"),
        chain("s", "u", "e"),
        chain("b", "h", "e2"),
    )


def test_timers_of_every_kind_fire_in_order(carry: Carry) -> None:
    drawn = process(
        start(),
        catch("tc", timer(date="= when")),
        user("u"),
        boundary("bi", "u", timer(duration="P3D")),
        boundary("bn", "u", timer(cycle="R2/P1D"), interrupting=False),
        user("rem"),
        user("late"),
        end(),
        flows(("s", "tc"), ("tc", "u"), ("u", "e"), ("bn", "rem"), ("bi", "late"), ("late", "e")),
    )
    run = carry(drawn, when="2026-12-02T09:00:00Z")
    assert run.due == [("2026-12-02 09:00", "tc")]
    assert run.later(days=1).open == ["u"]
    assert run.due == [("2026-12-03 09:00", "bn"), ("2026-12-05 09:00", "bi")]
    assert run.later(days=1).open == ["rem", "u"]
    assert run.later(days=1).open == ["rem", "rem", "u"]
    assert [element_id for _due, element_id in run.due] == ["bi"]
    assert run.later(days=1).open == ["late", "rem", "rem"]
    assert run.due == []
    assert run.done("rem").done("rem").done("late").completed


def test_a_timer_is_not_fired_before_it_is_due(carry: Carry) -> None:
    run = carry(bordered(timer(duration="P1D")))
    (waiting,) = run.execution.timers
    with pytest.raises(NotOpenError, match="before it is due"):
        run.execution.fire_timer(waiting.token_id, waiting.key)


def test_a_due_time_in_the_past_is_due_at_once(carry: Carry) -> None:
    run = carry(bordered(timer(date="2020-01-01")))
    assert run.fire_due().open == ["h"]


def test_reminders_survive_the_end_of_the_task_they_remind_of(carry: Carry) -> None:
    run = carry(bordered(timer(cycle="R/P1D"), interrupting=False))
    run.later(days=1).later(days=1)
    run.done("u")
    assert (run.open, run.due) == (["h", "h"], [])
    assert run.done("h").done("h").completed


def test_a_cycle_counts_from_its_start_and_not_from_the_late_firing(carry: Carry) -> None:
    run = carry(bordered(timer(cycle="R/P1D"), interrupting=False))
    run.later(days=1, hours=5)
    assert run.due == [("2026-12-03 09:00", "b")]


def test_turns_missed_while_nothing_ran_are_not_made_up(carry: Carry) -> None:
    run = carry(bordered(timer(cycle="R/PT1H"), interrupting=False))
    run.later(hours=72, minutes=20)
    assert run.open == ["h", "u"]
    assert run.due == [("2026-12-04 10:00", "b")], "the hours of its start, not of the late firing"


def test_a_counted_cycle_counts_its_firings_and_not_the_turns_it_missed(carry: Carry) -> None:
    run = carry(bordered(timer(cycle="R3/P1D"), interrupting=False))
    for late in (10, 0, 5):
        run.later(days=1 + late)
    assert run.open == ["h", "h", "h", "u"]
    assert run.due == []


def test_a_late_daily_cycle_keeps_its_time_of_day_across_a_change_of_the_clocks(carry: Carry) -> None:
    run = carry(bordered(timer(cycle="R/2027-03-20T09:00:00Z/P1D"), interrupting=False))
    run.host.at = datetime(2027, 4, 2, 8, 30, tzinfo=UTC)
    assert run.fire_due().due == [("2027-04-03 08:00", "b")]


def test_a_late_monthly_cycle_keeps_the_day_it_began_on(carry: Carry) -> None:
    run = carry(bordered(timer(cycle="R/2027-01-31T09:00:00Z/P1M"), interrupting=False))
    run.host.at = datetime(2027, 4, 30, 8, tzinfo=UTC)
    assert run.fire_due().due == [("2027-05-31 08:00", "b")]


def test_a_cycle_ends_where_the_calendar_does(carry: Carry) -> None:
    run = carry(bordered(timer(cycle="R/2027-01-31/P5000Y"), interrupting=False))
    run.host.at = datetime(2027, 1, 31, tzinfo=UTC)
    assert run.fire_due().due == [("7027-01-31 00:00", "b")]
    run.host.at = datetime(7027, 1, 31, tzinfo=UTC)
    assert run.fire_due().due == []


def test_a_monthly_cycle_does_not_drift_after_a_short_month(carry: Carry) -> None:
    run = carry(bordered(timer(cycle="R/2027-01-31T09:00:00Z/P1M"), interrupting=False))
    seen = []
    for _ in range(3):
        seen.append(run.due[0][0][:10])
        run.host.at = run.execution.timers[0].due_at
        run.fire_due()
    assert seen == ["2027-01-31", "2027-02-28", "2027-03-31"]


def test_a_timer_that_cannot_be_computed_is_an_incident_beside_the_task(carry: Carry) -> None:
    run = carry(bordered(timer(duration="= wait")))
    assert (run.open, run.stopped) == (["u"], ["b"])
    run.repair("b", wait="P2D")
    assert run.due == [("2026-12-03 09:00", "b")]


def test_a_timer_that_follows_a_deadline_moves_with_it(carry: Carry) -> None:
    due: dict[str, feel.Value] = {"draft": None}

    def deadline(name: feel.Value) -> feel.Value:
        return {"due": due[str(name)]}

    names = {"deadline": feel.NativeFunction(("id",), deadline)}
    run = carry(bordered(timer(date="= deadline(&quot;draft&quot;).due")), names=names)
    assert [t.due_at for t in run.execution.timers] == [None]
    due["draft"] = feel.Date.of(date(2026, 12, 24))
    run.execution.refresh_timers()
    assert run.settle().due == [("2026-12-24 00:00", "b")]


def test_a_message_goes_to_the_one_subscription_with_its_key(carry: Carry) -> None:
    drawn = process(
        start(),
        catch("c", MESSAGE),
        user("u"),
        boundary("bm", "u", MESSAGE, interrupting=False),
        user("v"),
        element("receiveTask", "rt", messageRef="msg1"),
        end(),
        flows(("s", "c"), ("c", "u"), ("u", "rt"), ("rt", "e"), ("bm", "v")),
    )
    run = carry(drawn, ref="A1")
    (waiting,) = run.execution.subscriptions
    assert (waiting.kind, waiting.name, waiting.correlation_key) == ("message", "hello", "A1")
    assert not run.message("B2")
    assert run.message("A1", got=1)
    assert run.variables["got"] == 1
    assert run.message("A1")
    assert run.message("A1")
    assert run.open == ["u", "v", "v"]
    run.done("u")
    assert run.message("A1")
    assert run.done("v").done("v").completed


def test_a_correlation_key_is_evaluated_once(carry: Carry) -> None:
    run = carry(bordered(MESSAGE), ref="A1")
    run.execution.set_variables({"ref": "B2"})
    run.settle()
    assert [s.correlation_key for s in run.execution.subscriptions] == ["A1"]


def test_a_missing_correlation_key_is_an_incident(carry: Carry) -> None:
    assert carry(bordered(MESSAGE)).stopped == ["b"]
    assert carry(bordered(MESSAGE), ref=None).stopped == ["b"]


def test_a_signal_reaches_every_event_that_waits(carry: Carry) -> None:
    drawn = process(
        start(),
        catch("c1", SIGNAL),
        catch("c2", SIGNAL),
        user("a"),
        flows(("s", "c1"), ("s", "c2"), ("c1", "a"), ("c2", "a")),
    )
    run = carry(drawn)
    assert run.signal("other") == 0
    assert run.signal("go", x=1) == 2
    assert run.open == ["a", "a"]
    assert run.variables == {"x": 1}


def test_a_condition_interrupts_when_it_becomes_true(carry: Carry) -> None:
    drawn = process(
        start(),
        element("parallelGateway", "g"),
        user("u"),
        boundary("bc", "u", condition("= n &gt; 2")),
        user("v"),
        user("k"),
        flows(("s", "g"), ("g", "u"), ("g", "k"), ("bc", "v")),
    )
    run = carry(drawn)
    assert (run.open, run.stopped) == (["k", "u"], [])
    assert run.done("k", n=3).open == ["v"]


def test_a_repeated_condition_needs_to_become_true_again(carry: Carry) -> None:
    run = carry(bordered(condition("= n &gt; 2"), interrupting=False), n=1)
    seen = []
    for n in (3, 4, 1, 5):
        run.execution.set_variables({"n": run.variables["n"] * 0 + n})
        seen.append(run.settle().open.count("h"))
    assert seen == [1, 1, 1, 2]


def test_a_condition_that_is_true_at_once_fires_at_once(carry: Carry) -> None:
    assert carry(bordered(condition("= true"))).open == ["h"]


def test_a_condition_that_is_no_truth_value_is_an_incident(carry: Carry) -> None:
    assert carry(bordered(condition("= 5"))).stopped == ["b"]


def test_terminate_ends_everything_beside_it(carry: Carry) -> None:
    drawn = process(
        start(),
        element("parallelGateway", "g"),
        catch("c", SIGNAL),
        user("u"),
        end("t", TERMINATE),
        end(),
        flows(("s", "g"), ("g", "c"), ("g", "u"), ("c", "t"), ("u", "e")),
    )
    run = carry(drawn)
    assert run.signal("go") == 1
    assert run.completed
    assert run.open == []
    assert run.execution.state().tokens == {}


def test_nothing_runs_after_terminate_in_the_same_step(carry: Carry) -> None:
    drawn = process(
        start(),
        element("parallelGateway", "g"),
        end("t", TERMINATE),
        script("k2", "= 1", "ran"),
        end(),
        flows(("s", "g"), ("g", "t"), ("g", "k2"), ("k2", "e")),
    )
    run = carry(drawn)
    assert run.completed
    assert run.variables == {}


GATEWAY = process(
    start(),
    element("eventBasedGateway", "g"),
    catch("m", MESSAGE),
    catch("t1", timer(duration="P1D")),
    catch("t2", timer(duration="P2D")),
    user("a"),
    user("b"),
    user("c"),
    flows(("s", "g"), ("g", "m"), ("g", "t1"), ("g", "t2"), ("m", "a"), ("t1", "b"), ("t2", "c")),
)


def test_an_event_based_gateway_takes_the_first_event(carry: Carry) -> None:
    run = carry(GATEWAY, ref="A")
    assert [element_id for _due, element_id in run.due] == ["t1", "t2"]
    assert run.message("A", v=3)
    assert (run.open, run.due) == (["a"], [])
    assert run.variables["v"] == 3
    assert run.path() == ["s", "g", "m"]


def test_timers_of_one_event_gateway_have_their_own_due_times(carry: Carry) -> None:
    assert carry(GATEWAY, ref="A").later(days=1).open == ["b"]


def test_event_sub_processes_wait_beside_the_process(carry: Carry) -> None:
    drawn = process(
        start(),
        user("u"),
        end(),
        chain("s", "u", "e"),
        handler("em", "sm", MESSAGE, user("um"), end("eem"), chain("sm", "um", "eem"), interrupting=False),
        handler(
            "et",
            "st",
            timer(duration="P2D"),
            user("ut"),
            end("eet"),
            chain("st", "ut", "eet"),
            interrupting=True,
        ),
    )
    run = carry(drawn, ref="A")
    assert run.open == ["u"]
    run.message("A", got=1)
    run.message("A")
    assert run.open == ["u", "um", "um"]
    assert not run.done("u", q=1).completed
    assert run.variables["q"] == 1
    assert run.done("um").done("um").completed

    run = carry(drawn, ref="A")
    run.message("A")
    assert run.later(days=2).open == ["ut"]
    assert run.execution.subscriptions == ()
    assert run.done("ut").completed


def test_a_waiting_event_sub_process_does_not_keep_the_process_open(carry: Carry) -> None:
    body = handler("et", "st", timer(duration="P2D"), user("ut"), chain("st", "ut"), interrupting=True)
    run = carry(process(start(), user("u"), chain("s", "u"), body))
    assert run.done("u").completed
    assert run.due == []


def test_a_command_on_a_token_that_is_gone_is_refused(carry: Carry) -> None:
    run = carry(bordered(timer(duration="P1D")))
    task = run.execution.open_user_tasks[0]
    run.later(days=1)
    with pytest.raises(NotOpenError):
        run.execution.complete_user_task(task.token_id, {})


def test_history_tells_of_an_interruption(carry: Carry) -> None:
    run = carry(bordered(timer(duration="P1D"))).later(days=1)
    told = [(type(f).__name__, f.element) for f in run.facts if hasattr(f, "element")]
    assert told == [
        ("ElementEntered", "s"),
        ("ElementCompleted", "s"),
        ("ElementEntered", "u"),
        ("ElementCancelled", "u"),
        ("ElementEntered", "b"),
        ("ElementCompleted", "b"),
        ("ElementEntered", "h"),
    ]
    assert isinstance(run.facts[0], spiff.ElementEntered)


def test_every_token_of_a_case_that_waits_for_a_signal_gets_it(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            catch("c1", SIGNAL),
            catch("c2", SIGNAL),
            user("a"),
            user("b"),
            user("u"),
            flows(("s", "c1"), ("s", "c2"), ("s", "u"), ("c1", "a"), ("c2", "b")),
        )
    )
    assert run.signal("other") == 0
    assert run.signal("go") == 2
    assert run.open == ["a", "b", "u"]


def test_a_signal_thrown_in_a_case_reaches_what_waits_in_it_before_the_path_goes_on(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            catch("c", SIGNAL),
            user("before"),
            throw("t", SIGNAL),
            catch("after", SIGNAL),
            user("a"),
            flows(("s", "c"), ("c", "a"), ("s", "before")),
            chain("before", "t", "after"),
        )
    )
    run.done("before")
    assert run.open == ["a"]
    assert [each.element for each in run.execution.subscriptions] == ["after"]


def test_a_signal_that_ends_a_sub_process_is_caught_on_its_border(carry: Carry) -> None:
    box = sub("box", start("s1"), end("e1", SIGNAL), chain("s1", "e1"))
    drawn = (
        box + boundary("b", "box", SIGNAL) + user("h") + user("z") + chain("s", "box", "z") + chain("b", "h")
    )
    run = carry(process(start(), drawn))
    assert run.open == ["h"]


def test_a_signal_caught_once_is_not_caught_again_in_the_same_delivery(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            element("exclusiveGateway", "m"),
            catch("c", SIGNAL),
            script("n", "= n + 1", "n"),
            chain("s", "m", "c", "n", "m"),
        ),
        n=0,
    )
    assert run.signal("go") == 1
    assert run.variables == {"n": 1}
    assert [each.element for each in run.execution.subscriptions] == ["c"]
