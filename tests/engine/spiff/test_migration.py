"""Running instances move to another version: tokens by name, due dates and counts kept."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from engine import dialect, spiff
from tests.engine.spiff.carrying import Carrier, TestHost, from_bytes, to_bytes, value_of
from tests.engine.spiff.drawing import (
    MESSAGE,
    NAMES,
    boundary,
    catch,
    chain,
    condition,
    document,
    each,
    element,
    end,
    flow,
    flows,
    handler,
    headers,
    mapping,
    process,
    service,
    start,
    sub,
    timer,
    user,
)

OLD = process(
    start(),
    user("a"),
    user("b", ext=mapping([("= k", "own")])),
    boundary("bt", "b", timer(duration="P9D"), interrupting=False),
    user("rem"),
    user("c"),
    end(),
    chain("s", "a", "b", "c", "e"),
    chain("bt", "rem"),
)


def compiled(drawn: str, key: str) -> spiff.Definition:
    (found,) = dialect.read(document(drawn, extra=NAMES)).processes.values()
    return spiff.compile(found, key=key)


def migrated(drawn: str, state: spiff.State, host: TestHost, **rename: str) -> Carrier:
    new = compiled(drawn, "new")
    host.definitions = {**host.definitions, "new": new}
    run = object.__new__(Carrier)
    run.definition, run.host, run.reload, run.step_limit, run.facts = new, host, True, 100, []
    run.execution = moved(new, state, host, rename)
    return run.settle()


def moved(
    new: spiff.Definition, state: spiff.State, host: TestHost, rename: Mapping[str, str]
) -> spiff.Execution:
    target = spiff.MigrationTarget(old={"old"}, new=new, rename=rename)
    return spiff.Execution.migrated(new, host, state, target)


def at_b(drawn: str = OLD, **variables: object) -> tuple[spiff.State, TestHost]:
    old = compiled(drawn, "old")
    host = TestHost({"old": old})
    run = Carrier(
        old,
        host,
        reload=True,
        variables={"k": "v", "ref": "A", **{n: value_of(v) for n, v in variables.items()}},
        step_limit=100,
    )
    if "a" in run.open:
        run.done("a")
    return from_bytes(to_bytes(run.execution.state())), host


def test_elements_ahead_may_change() -> None:
    state, host = at_b()
    run = migrated(OLD.replace('"c"', '"c2"'), state, host)
    assert (run.open, [d[:10] for d, _ in run.due]) == (["b"], ["2026-12-10"])
    assert run.done("b").open == ["c2"]
    assert run.done("c2").completed


def test_a_renamed_element_keeps_its_token_and_its_due_date() -> None:
    state, host = at_b()
    host.at = host.at.replace(day=6)
    run = migrated(OLD.replace('"b"', '"b2"').replace('"bt"', '"bt2"'), state, host, b="b2", bt="bt2")
    assert run.open == ["b2"]
    assert run.due == [("2026-12-10 09:00", "bt2")]
    assert {t.definition for t in run.execution.state().tokens.values()} == {"new"}
    assert run.later(days=4).open == ["b2", "rem"]


def test_a_changed_duration_does_not_move_a_running_timer() -> None:
    state, host = at_b()
    assert migrated(OLD.replace("P9D", "P20D"), state, host).due == [("2026-12-10 09:00", "bt")]


def test_a_boundary_event_that_is_gone_is_dropped_and_a_new_one_waits() -> None:
    state, host = at_b()
    plain = process(start(), user("a"), user("b"), user("c"), end(), chain("s", "a", "b", "c", "e"))
    run = migrated(plain, state, host)
    assert run.due == []
    assert run.done("b").done("c").completed
    state, host = at_b(plain)
    assert migrated(OLD, state, host).due == [("2026-12-10 09:00", "bt")]


def test_a_new_event_sub_process_begins_to_wait() -> None:
    state, host = at_b()
    body = handler("ev", "es", MESSAGE, user("u"), chain("es", "u"), interrupting=False)
    run = migrated(OLD.replace("</bpmn:process>", body + "</bpmn:process>"), state, host)
    assert run.message("A")
    assert run.open == ["b", "u"]


def test_a_missing_or_changed_element_is_refused_with_its_name() -> None:
    state, host = at_b()
    with pytest.raises(spiff.MigrationError, match="b: it has a token and is not in the new version"):
        migrated(OLD.replace('"b"', '"b2"'), state, host, bt="bt")
    changed = process(start(), element("task", "b"), end(), chain("s", "b", "e"))
    with pytest.raises(spiff.MigrationError, match="it is a UserTask with a token and a PassThrough"):
        migrated(changed, state, host)


def test_a_multi_instance_in_flight_keeps_its_count() -> None:
    inner = sub("sp", each("= xs", inputElement="x"), start("s1"), user("u"), chain("s1", "u"))
    drawn = process(start(), inner, user("z"), chain("s", "sp", "z"))
    state, host = at_b(drawn, xs=[1, 2])
    new = drawn.replace('"sp"', '"sq"').replace('"u"', '"v"')
    run = migrated(new, state, host, sp="sq", u="v")
    assert run.done("v").open == ["v"]
    assert run.done("v").open == ["z"]


def test_a_waiting_event_gateway_keeps_its_timers_under_new_names() -> None:
    drawn = process(
        start(),
        element("eventBasedGateway", "g"),
        catch("t1", timer(duration="P1D")),
        catch("t2", timer(duration="P2D")),
        flows(("s", "g"), ("g", "t1"), ("g", "t2")),
    )
    state, host = at_b(drawn)
    run = migrated(drawn.replace('"t1"', '"q1"'), state, host, t1="q1")
    assert [name for _due, name in run.due] == ["q1", "t2"]
    assert run.later(days=1).completed


GATEWAY = process(
    start(),
    element("eventBasedGateway", "g"),
    catch("t1", timer(duration="P1D")),
    catch("t2", timer(duration="P2D")),
    user("u"),
    flows(("s", "g"), ("g", "t1"), ("g", "t2"), ("t2", "u")),
)


def test_an_event_gateway_waits_for_what_is_new_behind_it_and_no_more_for_what_is_gone() -> None:
    state, host = at_b(GATEWAY)
    host.at = host.at.replace(day=2)
    new = process(
        start(),
        element("eventBasedGateway", "g"),
        catch("t2", timer(duration="P9D")),
        catch("t3", timer(duration="P3D")),
        catch("m", MESSAGE),
        user("u"),
        flows(("s", "g"), ("g", "t2"), ("g", "t3"), ("g", "m"), ("t2", "u"), ("m", "u")),
    )
    run = migrated(new, state, host)
    assert run.due == [("2026-12-03 09:00", "t2"), ("2026-12-05 09:00", "t3")]
    assert run.message("A")
    assert (run.open, run.due) == (["u"], [])


def test_an_event_of_another_kind_behind_a_gateway_is_waited_for_anew() -> None:
    state, host = at_b(GATEWAY)
    run = migrated(GATEWAY.replace(catch("t2", timer(duration="P2D")), catch("t2", MESSAGE)), state, host)
    assert run.due == [("2026-12-02 09:00", "t1")]
    assert run.message("A")
    assert run.open == ["u"]


def test_a_new_event_behind_a_gateway_that_cannot_be_computed_is_an_incident() -> None:
    state, host = at_b(GATEWAY)
    flawed = GATEWAY.replace(catch("t1", timer(duration="P1D")), catch("t3", timer(duration="= nothing")))
    run = migrated(flawed.replace('targetRef="t1"', 'targetRef="t3"'), state, host)
    assert [note.element for note in run.execution.incidents] == ["g"]


def test_the_old_state_is_untouched_so_that_migration_can_be_undone() -> None:
    state, host = at_b()
    before = to_bytes(state)
    migrated(OLD.replace('"b"', '"b2"'), state, host, b="b2")
    assert to_bytes(state) == before
    again = spiff.Execution.load(host.definitions["old"], host, replace(state))
    assert [task.element for task in again.open_user_tasks] == ["b"]


def test_an_event_that_has_fired_already_does_not_wait_again() -> None:
    state, host = at_b()
    host.at = host.at.replace(day=11)
    fired = Carrier.__new__(Carrier)
    fired.definition, fired.host, fired.reload = host.definitions["old"], host, True
    fired.step_limit, fired.facts = 100, []
    fired.execution = spiff.Execution.load(fired.definition, host, state)
    assert fired.later(days=0).open == ["b", "rem"]
    run = migrated(OLD, from_bytes(to_bytes(fired.execution.state())), host)
    assert run.due == []


def test_a_called_process_moves_wherever_it_runs() -> None:
    call = '<bpmn:callActivity id="{id}"><bpmn:extensionElements><zeebe:calledElement processId="{called}" '
    call += 'propagateAllChildVariables="true" /></bpmn:extensionElements></bpmn:callActivity>'
    inner = compiled(process(start(), user("x"), end(), chain("s", "x", "e")), "inner-old")
    outer = compiled(
        process(start(), call.format(id="c", called="inner"), user("z"), chain("s", "c", "z")), "outer"
    )
    host = TestHost({"outer": outer, "inner-old": inner, "inner": inner})
    run = Carrier(outer, host, reload=True, variables={}, step_limit=100)
    assert run.open == ["x"]
    new = compiled(process(start(), user("y"), end(), chain("s", "y", "e")), "inner-new")
    host.definitions = {**host.definitions, "inner-new": new}
    target = spiff.MigrationTarget(old={"inner-old"}, new=new, rename={"x": "y"})
    state = from_bytes(to_bytes(run.execution.state()))
    run.execution = spiff.Execution.migrated(outer, host, state, target)
    assert {t.definition for t in run.execution.state().tokens.values()} == {"outer", "inner-new"}
    assert run.settle().done("y").open == ["z"]


def joined(gateway: str, *ways: tuple[str, str]) -> str:
    """Two tasks beside each other and a join; `ways` are the flows into it by their source and id."""
    into = "".join(flow(source, "j", id=name) for source, name in ways)
    return process(
        start(),
        element("parallelGateway", "f"),
        user("a"),
        user("b"),
        element(gateway, "j"),
        user("z"),
        flows(("s", "f"), ("f", "a"), ("f", "b"), ("j", "z")) + into,
    )


@pytest.mark.parametrize("gateway", ["parallelGateway", "inclusiveGateway"])
def test_a_token_at_a_join_came_from_the_same_element_by_whatever_name_its_flow_has(gateway: str) -> None:
    old = joined(gateway, ("a", "d"), ("b", "e"))
    for new, rename in (
        (joined(gateway, ("a", "d2"), ("b", "e2")), {}),
        (joined(gateway, ("a", "e"), ("b", "d")), {}),
        (joined(gateway, ("a", "d2"), ("b", "e2")).replace('"a"', '"a2"'), {"a": "a2"}),
    ):
        state, host = at_b(old)
        assert migrated(new, state, host, **rename).done("b").open == ["z"]


def test_a_token_at_a_join_whose_way_is_gone_or_not_clear_is_a_problem() -> None:
    state, host = at_b(joined("parallelGateway", ("a", "d"), ("b", "e")))
    gone = process(start(), user("b"), element("parallelGateway", "j"), chain("s", "b", "j"))
    with pytest.raises(spiff.MigrationError, match="no flow comes from a"):
        migrated(gone, state, host)
    twice = joined("parallelGateway", ("a", "d2"), ("a", "d3"), ("b", "e"))
    with pytest.raises(spiff.MigrationError, match="several flows come from a"):
        migrated(twice, state, host)


def test_a_join_that_now_waits_for_nothing_else_goes_on() -> None:
    state, host = at_b(joined("parallelGateway", ("a", "d"), ("b", "e")))
    new = compiled(joined("parallelGateway", ("a", "d")), "new")
    execution = moved(new, state, host, {})
    execution.refresh_conditions()
    assert [task.element for task in execution.open_user_tasks] == ["b", "z"]


LIST = each("= [1, 2]", inputElement="x")
IN_TURN = each("= [1, 2]", sequential=True, inputElement="x")
GATHERED = each("= [1, 2]", inputElement="x", outputCollection="found", outputElement="= x")


def with_list(loop: str) -> str:
    return process(start(), user("u", loop), user("z"), chain("s", "u", "z"))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (LIST, IN_TURN, "all at once for the items of a list, and in the new version one after another"),
        (IN_TURN, LIST, "one after another for the items of a list, and in the new version all at once"),
        (LIST, "", "once for each item of a list, and in the new version once"),
        ("", LIST, "it is done once, and in the new version once for each item of a list"),
    ],
)
def test_an_activity_is_not_repeated_in_another_way_while_it_is_done(old: str, new: str, why: str) -> None:
    state, host = at_b(with_list(old))
    with pytest.raises(spiff.MigrationError, match=why) as refused:
        migrated(with_list(new), state, host)
    assert refused.value.problems.keys() == {"u"}


def test_results_are_gathered_by_a_new_version_only_from_the_first_item_on() -> None:
    state, host = at_b(with_list(LIST))
    run = migrated(with_list(GATHERED), state, host).done("u").done("u")
    assert (run.open, run.variables["found"]) == (["z"], [1, 2])
    state, host = at_b(with_list(LIST))
    begun = Carrier.__new__(Carrier)
    begun.definition, begun.host, begun.reload = host.definitions["old"], host, True
    begun.step_limit, begun.facts = 100, []
    begun.execution = spiff.Execution.load(begun.definition, host, state)
    begun.done("u")
    with pytest.raises(
        spiff.MigrationError, match="without the results that the new version gathers in found"
    ):
        migrated(with_list(GATHERED), begun.execution.state(), host)


def test_an_event_on_the_border_of_another_activity_waits_there_and_no_more_here() -> None:
    def drawn(host: str) -> str:
        late = boundary("bt", host, timer(duration="P9D"))
        return process(start(), user("a"), user("b"), late, chain("s", "a", "b"))

    for at, new, waiting in (("b", "a", []), ("b", "b", ["bt"]), ("a", "b", ["bt"])):
        state, host = at_b(drawn(at))
        run = migrated(drawn(new), state, host)
        assert [name for _due, name in run.due] == waiting
    state, host = at_b(drawn("b"))
    run = migrated(drawn("b").replace('"b"', '"b2"'), state, host, b="b2")
    assert [name for _due, name in run.due] == ["bt"]


def test_a_condition_of_the_new_version_that_is_true_already_is_met() -> None:
    state, host = at_b()
    met = process(
        start(),
        user("b"),
        boundary("bc", "b", condition('= k = "v"')),
        user("u"),
        flows(("s", "b"), ("bc", "u")),
    )
    run = migrated(met, state, host)
    run.execution.refresh_conditions()
    assert run.open == ["u"]


def test_a_job_becomes_what_the_new_version_says() -> None:
    def drawn(type: str, **told: str) -> str:
        return process(start(), service("w", type=type, ext=headers(**told)), chain("s", "w"))

    state, host = at_b(drawn("letter", to="old"))
    run = migrated(drawn("mail", to="= k"), state, host)
    assert [(job.type, job.headers) for job in run.execution.jobs] == [("mail", {"to": "v"})]
    with pytest.raises(spiff.MigrationError, match=r"w: .* has no value"):
        migrated(drawn("= nothing + 1"), state, host)
    with pytest.raises(spiff.MigrationError, match="w: it waits for a worker, and would now send a message"):
        migrated(drawn("publish-message", name="told"), state, host)
