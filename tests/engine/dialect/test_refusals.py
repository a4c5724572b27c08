"""What is not run is refused when it is deployed: element, reason, remedy, and all of it at once."""

import pytest

from engine import dialect
from tests.engine.spiff.drawing import (
    ERROR,
    MESSAGE,
    NAMES,
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
    link,
    mapping,
    process,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)


def findings(*parts: str, extra: str = NAMES, **attributes: str) -> tuple[dialect.Finding, ...]:
    with pytest.raises(dialect.DialectError) as raised:
        dialect.read(document(process(*parts, **attributes), extra=extra))
    return raised.value.findings


def one_task(drawn: str, id: str = "t") -> tuple[str, ...]:
    return (start(), drawn, end(), chain("s", id, "e"))


def one_event(definition: str, tag: str = "intermediateCatchEvent") -> tuple[str, ...]:
    return one_task(element(tag, "t", definition))


COUNTED = each("= xs").replace("</bpmn:multi", "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multi")
FILTER = extensions('<zeebe:conditionalFilter variableNames="k"/>')
LISTENERS = extensions("<zeebe:executionListeners/>")
FORK_WITHOUT_IDS = flow("s", "t"), *2 * ('<bpmn:sequenceFlow sourceRef="t" targetRef="e"/>',)
SIMPLE = '<zeebe:userTask/><zeebe:formDefinition formId="f"/>'
CASES = {
    "compensation": (one_task(user("t", isForCompensation="true")), "t", "Compensation", "tasks of its own"),
    "compensation event": (
        one_event("<bpmn:compensateEventDefinition/>", "intermediateThrowEvent"),
        "t",
        "compensateEventDefinition is not run",
        "tasks of its own",
    ),
    "transaction": ((*one_task(element("transaction", "t")),), "t", "Transactions", "error boundary"),
    "cancel": (
        (*one_task(user("t")), boundary("b", "t", "<bpmn:cancelEventDefinition/>")),
        "b",
        "cancelEventDefinition",
        "error event",
    ),
    "complex gateway": (one_task(element("complexGateway", "t")), "t", "Complex gateways", "inclusive"),
    "ad hoc": (one_task(element("adHocSubProcess", "t")), "t", "Ad hoc", "multi-instance"),
    "standard loop": (
        one_task(user("t", "<bpmn:standardLoopCharacteristics/>")),
        "t",
        "Standard loops",
        "sequential multi-instance",
    ),
    "several event definitions": (
        one_event(MESSAGE + timer(duration="P1D")),
        "t",
        "several event definitions",
        "one event for each",
    ),
    "unknown event definition": (
        one_event("<bpmn:moonEventDefinition/>"),
        "t",
        "moonEventDefinition",
        "Use a timer",
    ),
    "condition after an activity": (
        (start(), user("t"), end(), chain("s", "t"), flow("t", "e", "= x", id="f")),
        "f",
        "has a condition but leaves a userTask",
        "gateway in between",
    ),
    "script that is not FEEL": (
        one_task(element("scriptTask", "t", "<bpmn:script>print(1)</bpmn:script>", scriptFormat="python")),
        "t",
        "Only FEEL scripts",
        "FEEL expression",
    ),
    "data association": (
        one_task(user("t", "<bpmn:dataInputAssociation/>")),
        "t",
        "Data associations",
        "variables",
    ),
    "data store": (
        (*one_task(user("t")), element("dataStoreReference", "ds")),
        "ds",
        "Data stores",
        "annotation",
    ),
    "dangling flow": ((*one_task(user("t")), flow("t", "nowhere", id="f")), "f", "“nowhere”", "Reconnect"),
    "boundary without activity": (
        (*one_task(user("t")), boundary("b", "nowhere", MESSAGE)),
        "b",
        "“nowhere”",
        "Attach it",
    ),
    "unknown message": (
        one_event('<bpmn:messageEventDefinition messageRef="gone"/>'),
        "t",
        "message “gone”",
        "Choose or create",
    ),
    "unknown error": (
        (start(), end("t", '<bpmn:errorEventDefinition errorRef="gone"/>'), chain("s", "t")),
        "t",
        "error “gone”",
        "Choose or create",
    ),
    "FEEL that does not parse": (one_task(script("t", "= 1 +", "x")), "t", "is not FEEL", "Correct"),
    "condition that does not parse": (
        (
            start(),
            element("exclusiveGateway", "t", default="d"),
            end(),
            chain("s", "t"),
            flow("t", "e", "= (", id="f"),
            flow("t", "e", id="d"),
        ),
        "f",
        "is not FEEL",
        "Correct",
    ),
    "text where a condition is needed": (one_event(condition("x")), "t", "plain text", "Begin it with ="),
    "gateway without condition": (
        (
            start(),
            element("exclusiveGateway", "t"),
            end(),
            chain("s", "t"),
            flow("t", "e", "= x"),
            flow("t", "e", id="f"),
        ),
        "f",
        "without a condition",
        "default flow",
    ),
    "condition on the default flow": (
        (
            start(),
            element("exclusiveGateway", "t", default="f"),
            end(),
            chain("s", "t"),
            flow("t", "e", "= x", id="f"),
        ),
        "f",
        "never looked at",
        "Remove the condition",
    ),
    "job worker user task": (
        one_task(element("userTask", "t", extensions('<zeebe:formDefinition formId="f"/>'))),
        "t",
        "job worker",
        "zeebe:userTask",
    ),
    "user task without form": (
        one_task(element("userTask", "t", extensions("<zeebe:userTask/>"))),
        "t",
        "no form",
        "Link a form",
    ),
    "embedded form": (
        one_task(
            element("userTask", "t", extensions('<zeebe:userTask/><zeebe:formDefinition formKey="x"/>'))
        ),
        "t",
        "embedded or external form",
        "form id",
    ),
    "unknown zeebe extension": (
        one_task(user("t", ext="<zeebe:executionListeners/>")),
        "t",
        "zeebe:executionListeners",
        "task of its own",
    ),
    "Camunda 7 extension": (one_task(user("t", ext="<camunda:formData/>")), "t", "Camunda 7", "Convert"),
    "Camunda 7 attribute": (
        one_task(user("t").replace(' id="t"', ' id="t" camunda:assignee="x"')),
        "t",
        "Camunda 7",
        "Convert",
    ),
    "duplicate id": ((*one_task(user("t")), user("t")), "t", "given to 2 elements", "id of its own"),
    "several plain starts": (
        (*one_task(user("t")), start("s9"), flow("s9", "t")),
        "s9",
        "already starts plainly at s",
        "Keep one",
    ),
    "no start": ((user("t"), end(), chain("t", "e")), "p", "no start event", "Draw a start event"),
    "unreachable element": ((*one_task(user("t")), user("lost")), "lost", "Nothing leads to it", "Connect"),
    "flow across a border": (
        (
            *one_task(sub("t", start("s1"), user("u1"), chain("s1", "u1"))),
            user("out"),
            flow("u1", "out", id="f"),
        ),
        "f",
        "crosses the border",
        "event on its border",
    ),
    "sub-process without start": (one_task(sub("t", user("u1"))), "t", "0 start events", "exactly one"),
    "event sub-process without event": (
        (*one_task(user("t")), sub("ev", start("s1"), user("u"), chain("s1", "u"), triggeredByEvent="true")),
        "s1",
        "starts on no event",
        "a type",
    ),
    "error that does not interrupt": (
        (*one_task(user("t")), boundary("b", "t", ERROR, interrupting=False)),
        "b",
        "must interrupt",
        "interrupting",
    ),
    "error start that does not interrupt": (
        (*one_task(user("t")), handler("ev", "s1", ERROR, interrupting=False)),
        "s1",
        "must interrupt",
        "interrupting",
    ),
    "timer without time": (one_event("<bpmn:timerEventDefinition/>"), "t", "no time", "date, a duration"),
    "duration that is none": (one_event(timer(duration="5 days")), "t", "no ISO 8601 duration", "Correct it"),
    "cycle on the way": (one_event(timer(cycle="R3/P1D")), "t", "waits once", "date or duration"),
    "cycle that never fires": (
        (*one_task(user("t")), boundary("b", "t", timer(cycle="R0/P1D"), interrupting=False)),
        "b",
        "never or always",
        "Correct it",
    ),
    "link without partner": (
        (start(), throw("t", link("K")), chain("s", "t")),
        "t",
        "0 catching ends",
        "exactly one",
    ),
    "event gateway before a task": (
        (start(), element("eventBasedGateway", "g"), user("t"), chain("s", "g", "t")),
        "t",
        "no catching event",
        "catching events",
    ),
    "job without type": (one_task(element("serviceTask", "t")), "t", "no job type", "type"),
    "message thrown without type": (
        one_task(throw("t", "<bpmn:messageEventDefinition/>")),
        "t",
        "no job type",
        "publish-message",
    ),
    "decision missing": (one_task(element("businessRuleTask", "t")), "t", "calls no decision", "decision id"),
    "call without process": (one_task(element("callActivity", "t")), "t", "no process to call", "process id"),
    "loop without collection": (
        one_task(user("t", "<bpmn:multiInstanceLoopCharacteristics/>")),
        "t",
        "without an input collection",
        "input collection",
    ),
    "output element alone": (
        one_task(user("t", each("= xs", outputElement="= x"))),
        "t",
        "Only one of output",
        "both",
    ),
    "nested mapping target": (
        one_task(user("t", ext=mapping([("= 1", "a.b")]))),
        "t",
        "“a.b”",
        "whole variable",
    ),
    "version tag without tag": (
        one_task(call("t", "x", bindingType="versionTag")),
        "t",
        "names no tag",
        "version tag",
    ),
    "message without correlation key": (
        one_event('<bpmn:messageEventDefinition messageRef="bare"/>'),
        "t",
        "correlation key of its message is missing",
        "beginning with =",
    ),
    "condition start of a process": (
        (element("startEvent", "s", condition("= x")), user("t"), chain("s", "t")),
        "s",
        "cannot start on a condition",
        "plainly",
    ),
    "flow into a start": (
        (*one_task(user("t")), flow("t", "s")),
        "s",
        "leads into a startEvent",
        "intermediate",
    ),
    "flow without id": (
        (start(), element("parallelGateway", "t"), end(), *FORK_WITHOUT_IDS),
        "p",
        "from t to e has no id",
        "an id of its own",
    ),
    "double flow id": (
        (start(), user("t"), end(), flow("s", "t", id="f"), flow("t", "e", id="f")),
        "f",
        "given to 2 elements",
        "id of its own",
    ),
    "default flow of an activity": (
        (start(), user("t", default="d"), end(), chain("s", "t"), flow("t", "e", id="d"), flow("t", "e")),
        "t",
        "a userTask takes all its flows",
        "gateway choose",
    ),
    "default flow of a parallel gateway": (
        (
            start(),
            element("parallelGateway", "t", default="d"),
            end(),
            chain("s", "t"),
            flow("t", "e", id="d"),
        ),
        "t",
        "a parallelGateway takes all its flows",
        "gateway choose",
    ),
    "link caught and not thrown": (
        (*one_task(user("t")), catch("c", link("K")), user("u"), chain("c", "u")),
        "c",
        "no throwing end",
        "the same name",
    ),
    "flow out of a thrown link": (
        (*one_task(throw("t", link("K"))), catch("c", link("K")), user("u"), chain("c", "u")),
        "t",
        "leaves a throwing link event",
        "catching end",
    ),
    "flow into a caught link": (
        (*one_task(catch("t", link("K"))), throw("o", link("K")), flow("s", "o")),
        "t",
        "leads into a catching link event",
        "element after it",
    ),
    "link out of a sub-process": (
        (
            start(),
            sub("t", start("s1"), throw("o", link("K")), chain("s1", "o")),
            catch("c", link("K")),
            end(),
            chain("s", "t"),
            chain("c", "e"),
        ),
        "c",
        "no throwing end in the same process level",
        "delete this one",
    ),
    "border event of a receive task behind an event gateway": (
        (
            start(),
            element("eventBasedGateway", "g"),
            element("receiveTask", "r", messageRef="msg1"),
            boundary("b", "r", timer(duration="PT1H")),
            end(),
            chain("s", "g", "r", "e"),
            chain("b", "e"),
        ),
        "b",
        "event-based gateway waits for in its place",
        "behind the gateway",
    ),
    "parallel event gateway": (
        (
            start(),
            element("eventBasedGateway", "t", eventGatewayType="Parallel"),
            catch("c", MESSAGE),
            chain("s", "t", "c"),
        ),
        "t",
        "only Exclusive is run",
        "each branch",
    ),
    "several tokens needed": (one_task(user("t", startQuantity="2")), "t", "startQuantity is “2”", "Join"),
    "several tokens given": (
        one_task(user("t", completionQuantity="2")),
        "t",
        "completionQuantity is “2”",
        "each token",
    ),
    "loop by number": (
        one_task(user("t", COUNTED)),
        "t",
        "loopCardinality, which is not run",
        "for i in 1..3",
    ),
    "loop that throws events": (
        one_task(user("t", each("= xs").replace(" isSeq", ' behavior="None" isSeq'))),
        "t",
        "throws events",
        "inside a sub-process",
    ),
    "output mapping of a gateway": (
        one_task(element("exclusiveGateway", "t", extensions(mapping([], [("= 1", "q")])))),
        "t",
        "gateway has output mappings",
        "script task",
    ),
    "extension of an event definition": (
        one_event(condition("= x").replace("<bpmn:condition>", FILTER + "<bpmn:condition>")),
        "t",
        "zeebe:conditionalFilter is not run",
        "condition itself",
    ),
    "extension of a sequence flow": (
        (*one_task(user("t")), flow("t", "e", id="f").replace("></bpmn", ">" + LISTENERS + "</bpmn")),
        "f",
        "zeebe:executionListeners is not run on a sequenceFlow",
        "task of its own",
    ),
    "elements that lead to each other alone": (
        (*one_task(user("t")), user("i1"), user("i2"), chain("i1", "i2", "i1")),
        "i1",
        "Nothing leads to it from a start",
        "Connect",
    ),
    "no truth value": (
        (*one_task(user("t")), boundary("b", "t", MESSAGE).replace('"true"', '"yes"')),
        "b",
        "cancelActivity is “yes”",
        "true or false",
    ),
    "repetition as Camunda's function": (
        (
            *one_task(user("t")),
            boundary("b", "t", timer(cycle="= cycle(3, duration(&quot;PT1H&quot;))"), interrupting=False),
        ),
        "b",
        "calls cycle(), which only Camunda has",
        "R3/PT1H",
    ),
    "Camunda's function in words": (
        one_task(script("t", "= get or else( x, 1)", "x")),
        "t",
        "calls get or else(), which only Camunda has",
        "if x != null",
    ),
    "resource role": (
        one_task(user("t", "<bpmn:potentialOwner/>")),
        "t",
        "Resource roles",
        "candidate groups",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_refusal_names_element_reason_and_remedy(case: str) -> None:
    parts, element_id, reason, remedy = CASES[case]
    found = findings(*parts, extra=NAMES + '<bpmn:message id="bare" name="bare"/>')
    assert [
        finding
        for finding in found
        if finding.element_id == element_id and reason in finding.message and remedy in finding.remedy
    ], "\n".join(map(str, found))
    assert all(finding.remedy and finding.line for finding in found)


def test_a_process_that_is_not_executable_is_refused_with_the_remedy() -> None:
    (finding,) = findings(*one_task(user("t")), isExecutable="false")
    assert "no executable process" in finding.message
    assert "Executable" in finding.remedy


def test_all_findings_come_at_once() -> None:
    found = findings(
        start(), element("complexGateway", "g"), service("j", type=""), user("lost"), chain("s", "g", "j")
    )
    assert {finding.element_id for finding in found} >= {"g", "j", "lost"}


def test_what_is_missing_because_it_was_unreadable_is_told_once() -> None:
    found = findings(*one_event('<bpmn:messageEventDefinition messageRef="gone"/>'))
    assert len(found) == 1


def test_the_flows_of_a_refused_element_are_not_findings_themselves() -> None:
    found = findings(start(), element("complexGateway", "g"), end(), flows(("s", "g"), ("g", "e")))
    assert [finding.element_id for finding in found] == ["g"]


def test_what_is_called_like_a_function_of_camunda_is_no_call_of_it() -> None:
    drawn = one_task(script("t", "= if cycle = &quot;trim(x)&quot; then 1 else cycle", "x"))
    dialect.read(document(process(*drawn), extra=NAMES))


@pytest.mark.parametrize(("written", "means"), [("1", True), ("true", True), ("0", False), ("false", False)])
def test_truth_is_written_as_in_xml_schema(written: str, means: bool) -> None:
    border = boundary("b", "t", MESSAGE).replace('cancelActivity="true"', f'cancelActivity="{written}"')
    model = dialect.read(document(process(*one_task(user("t")), border), extra=NAMES))
    assert model.processes["p"].elements["b"].interrupting is means
