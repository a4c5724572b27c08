"""What the modeller wrote is read into plain values."""

from engine import dialect
from tests.engine.spiff.drawing import (
    MESSAGE,
    NAMES,
    boundary,
    call,
    catch,
    chain,
    document,
    each,
    element,
    end,
    extensions,
    flow,
    handler,
    link,
    process,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)


def read(*parts: str, extra: str = NAMES) -> dialect.Process:
    return dialect.read(document(process(*parts), extra=extra)).processes["p"]


def test_a_user_task_carries_form_assignment_schedule_and_priority() -> None:
    ext = (
        '<zeebe:assignmentDefinition assignee="= lead" candidateGroups="planner, manager"/>'
        '<zeebe:taskSchedule dueDate="= due" followUpDate="2026-12-01T00:00:00Z"/>'
        '<zeebe:priorityDefinition priority="70"/>'
        '<zeebe:properties><zeebe:property name="guidance" value="R-1, R-2"/></zeebe:properties>'
    )
    task = read(start(), user("t", ext=ext), end(), chain("s", "t", "e")).elements["t"]
    assert task.kind == "userTask"
    assert task.form == dialect.FormRef("f", dialect.Binding())
    assert task.assignment.assignee is not None
    assert not task.assignment.assignee.is_literal
    assert task.assignment.candidate_groups == dialect.Expression("planner, manager", None)
    assert task.assignment.candidate_users is None
    assert task.schedule.due_date is not None
    assert task.priority == dialect.Expression("70", None)
    assert task.guidance == ("R-1", "R-2")


def test_bindings_say_whether_they_are_stated() -> None:
    tagged = call("t", "child", bindingType="versionTag", versionTag="v2")
    called = read(start(), tagged, chain("s", "t")).elements["t"].called
    assert called is not None
    assert called.binding == dialect.Binding(dialect.BindingType.VERSION_TAG, "v2", stated=True)
    assert called.all_parent_variables


def test_a_job_has_type_retries_and_headers() -> None:
    ext = '<zeebe:taskHeaders><zeebe:header key="to" value="= who"/></zeebe:taskHeaders>'
    task = read(start(), service("t", type="mail", ext=ext, retries="5"), chain("s", "t")).elements["t"].task
    assert task is not None
    assert (task.type.text, task.retries.text, task.headers["to"].text) == ("mail", "5", "= who")


def test_a_multi_instance_activity_keeps_its_marker() -> None:
    loop = each("= xs", sequential=True, until="= done", inputElement="x")
    found = read(start(), user("t", loop), chain("s", "t")).elements["t"].loop
    assert found is not None
    assert (found.sequential, found.input_element, found.output_collection) == (True, "x", "")
    assert found.completion_condition is not None


def test_the_innermost_lane_names_also_what_is_inside_a_sub_process() -> None:
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Outer"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
        "<bpmn:flowNodeRef>sp</bpmn:flowNodeRef>"
        '<bpmn:childLaneSet id="cl"><bpmn:lane id="l2" name="Inner"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
        "</bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
    )
    inner = sub("sp", start("s2"), user("b"), chain("s2", "b"))
    found = read(lanes, start(), user("a"), inner, user("c"), chain("s", "a", "sp", "c"))
    assert {name: found.elements[name].lane for name in "abc"} == {"a": "Inner", "b": "Outer", "c": None}
    assert [(lane.name, lane.parent) for lane in found.lanes] == [("Outer", None), ("Inner", "l1")]
    assert found.elements["b"].container == "sp"


def test_starts_stay_with_the_definition() -> None:
    found = read(
        start(),
        start("sm", MESSAGE),
        start("st", timer(cycle="R/P1D")),
        user("t"),
        chain("s", "t"),
        chain("sm", "t"),
        chain("st", "t"),
    )
    assert [(s.element_id, type(s.event).__name__) for s in found.starts] == [
        ("s", "NoneType"),
        ("sm", "MessageEvent"),
        ("st", "TimerEvent"),
    ]


def test_links_become_flows() -> None:
    found = read(
        start(),
        throw("out", link("K")),
        catch("in", link("K")),
        user("t"),
        chain("s", "out"),
        chain("in", "t"),
    )
    assert found.flows["out.link"].target == "in"
    assert found.elements["in"].incoming == ("out.link",)


def test_boundary_events_and_event_sub_processes_say_whether_they_interrupt() -> None:
    found = read(
        start(),
        user("t"),
        chain("s", "t"),
        boundary("b", "t", timer(duration="P1D"), interrupting=False),
        handler("ev", "es", MESSAGE, user("u"), chain("es", "u"), interrupting=False),
    )
    assert found.elements["b"].attached_to == "t"
    assert not found.elements["b"].interrupting
    assert found.elements["ev"].triggered
    assert not found.elements["es"].interrupting
    message = found.elements["es"].event
    assert isinstance(message, dialect.MessageEvent)
    assert message.correlation_key is not None


def test_drawing_aids_and_a_pool_that_is_not_executable_are_left_out() -> None:
    aids = (
        '<bpmn:textAnnotation id="ta"/><bpmn:association id="as" sourceRef="t" targetRef="ta"/>'
        '<bpmn:group id="g"/><bpmn:dataObject id="do"/><bpmn:dataObjectReference id="dr"/>'
    )
    other = element("process", "q", start("qs"), isExecutable="false")
    pools = '<bpmn:collaboration id="c"><bpmn:participant id="pa" processRef="p"/></bpmn:collaboration>'
    data = document(pools, process(start(), user("t"), aids, chain("s", "t")), other)
    model = dialect.read(data)
    assert list(model.processes) == ["p"]
    assert list(model.processes["p"].elements) == ["s", "t"]


def test_a_process_carries_its_version_tag_and_properties() -> None:
    ext = extensions(
        '<zeebe:versionTag value="v3"/>',
        '<zeebe:properties><zeebe:property name="deadline.a.from" value="notice"/></zeebe:properties>',
    )
    found = read(ext, "<bpmn:documentation>Why</bpmn:documentation>", start(), user("t"), chain("s", "t"))
    assert (found.version_tag, found.documentation) == ("v3", "Why")
    assert found.properties == {"deadline.a.from": "notice"}


def test_conditions_and_defaults_are_on_the_flows() -> None:
    found = read(
        start(),
        element("exclusiveGateway", "g", default="d"),
        end(),
        chain("s", "g"),
        flow("g", "e", "= x", id="c"),
        flow("g", "e", id="d"),
    )
    assert found.elements["g"].outgoing == ("c", "d")
    assert found.elements["g"].default == "d"
    assert found.flows["c"].condition is not None
    assert found.flows["d"].condition is None


def test_a_process_of_many_tasks_in_a_row_is_read() -> None:
    names = [f"t{i}" for i in range(1500)]
    found = read(start(), *(element("task", name) for name in names), chain("s", *names))
    assert len(found.elements) == 1501
