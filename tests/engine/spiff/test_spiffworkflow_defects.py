"""Each defect of SpiffWorkflow 3.2.0 that was reproduced has a test against our classes."""

import importlib

import pytest

from engine import dialect
from tests.engine.spiff.conftest import Carry
from tests.engine.spiff.drawing import (
    catch,
    chain,
    document,
    element,
    end,
    flow,
    flows,
    process,
    start,
    throw,
    timer,
    user,
)

KEPT = {
    "1 a parallel join in a loop fires too early": (
        "test_gateways",
        "test_a_parallel_join_in_a_loop_waits_each_time_for_all",
    ),
    "2 tasks cancelled in the same round are run": (
        "test_events",
        "test_nothing_runs_after_terminate_in_the_same_step",
    ),
    "3a an error reaches a sibling": (
        "test_containers",
        "test_an_error_is_caught_by_its_own_sub_process_and_not_by_a_sibling",
    ),
    "3b an error nobody encloses interrupts anyone": (
        "test_containers",
        "test_an_error_nobody_catches_is_an_incident_and_interrupts_nothing",
    ),
    "4 an interrupted multi-instance leaves orphans": (
        "test_multi_instance",
        "test_an_interrupted_multi_instance_leaves_nothing_behind",
    ),
    "5 a loop stops after 500 turns": (
        "test_spiffworkflow_defects",
        "test_a_loop_with_a_wait_goes_on_for_hundreds_of_turns",
    ),
    "6 reminders are deleted with their task": (
        "test_events",
        "test_reminders_survive_the_end_of_the_task_they_remind_of",
    ),
    "7 a message that does not interrupt fires once": (
        "test_events",
        "test_a_message_goes_to_the_one_subscription_with_its_key",
    ),
    "8 the second token through a fork deletes the first": (
        "test_gateways",
        "test_two_tokens_through_one_fork_both_go_on",
    ),
    "9a timers of one event gateway share a due time": (
        "test_events",
        "test_timers_of_one_event_gateway_have_their_own_due_times",
    ),
    "9b timers with equal labels are mixed up": (
        "test_spiffworkflow_defects",
        "test_timers_with_equal_labels_are_told_apart",
    ),
    "10a a null item hangs a sequence": (
        "test_multi_instance",
        "test_sequential_instances_come_one_after_the_other_also_for_null",
    ),
    "10b the collection is read again at each turn": (
        "test_multi_instance",
        "test_the_collection_is_read_once",
    ),
    "11a event sub-processes": ("test_events", "test_event_sub_processes_wait_beside_the_process"),
    "11b a waiting event sub-process keeps the instance open": (
        "test_events",
        "test_a_waiting_event_sub_process_does_not_keep_the_process_open",
    ),
    "11c links are nothing": ("test_gateways", "test_link_events_are_a_flow"),
    "11d a signal end event is nothing": (
        "test_containers",
        "test_terminate_in_a_sub_process_ends_only_the_sub_process",
    ),
    "11e unknown events are nothing": (
        "test_spiffworkflow_defects",
        "test_what_would_silently_be_something_else_is_refused",
    ),
    "12 a process without end event never ends": (
        "test_gateways",
        "test_a_path_without_end_event_ends",
    ),
    "13 month arithmetic": ("test_times", "test_months_end_where_the_month_ends"),
    "13 fixed offset from UTC": (
        "test_times",
        "test_days_keep_the_time_of_day_across_a_change_of_the_clocks",
    ),
    "13 timedelta drops microseconds": ("test_times", "test_microseconds_are_kept"),
}


@pytest.mark.parametrize("defect", KEPT)
def test_each_defect_has_its_test(defect: str) -> None:
    module, test = KEPT[defect]
    assert callable(getattr(importlib.import_module(f"tests.engine.spiff.{module}"), test))


def test_a_loop_with_a_wait_goes_on_for_hundreds_of_turns(carry: Carry) -> None:
    run = carry(
        process(
            start(),
            user("a"),
            element("exclusiveGateway", "x", default="fe"),
            end(),
            flows(("s", "a"), ("a", "x"), ("x", "a", "= again"), ("x", "e", "", "fe")),
        )
    )
    for _ in range(600):
        assert run.open == ["a"]
        run.done("a", again=True)
    assert len(run.execution.state().tokens) == 1
    assert run.done("a", again=False).completed


def test_timers_with_equal_labels_are_told_apart(carry: Carry) -> None:
    waits = [
        catch(name, timer(duration=time)).replace("Event id", 'Event name="wait" id')
        for name, time in (("t1", "PT1H"), ("t2", "PT1M"))
    ]
    run = carry(
        process(
            start(),
            element("eventBasedGateway", "g"),
            *waits,
            user("a"),
            user("b"),
            flows(("s", "g"), ("g", "t1"), ("g", "t2"), ("t1", "a"), ("t2", "b")),
        )
    )
    assert run.later(minutes=1).open == ["b"]


@pytest.mark.parametrize(
    "parts",
    [
        (start(), throw("t", "<bpmn:compensateEventDefinition/>"), chain("s", "t")),
        (start(), throw("t", "<bpmn:moonEventDefinition/>"), chain("s", "t")),
        (start(), element("task", "t"), end(), chain("s", "t"), flow("t", "e", "= x")),
    ],
)
def test_what_would_silently_be_something_else_is_refused(parts: tuple[str, ...]) -> None:
    with pytest.raises(dialect.DialectError):
        dialect.read(document(process(*parts)))
