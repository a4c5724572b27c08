"""Which BPMN tags are run, which carry no behaviour, and what to draw instead of the others."""

from collections.abc import Mapping

SUB_PROCESS = "subProcess"
ACTIVITIES = frozenset(
    {
        "task",
        "manualTask",
        "userTask",
        "businessRuleTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "callActivity",
        SUB_PROCESS,
    }
)
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"})
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
IGNORED = frozenset(
    {
        "documentation",
        "extensionElements",
        "laneSet",
        "incoming",
        "outgoing",
        "multiInstanceLoopCharacteristics",
        "textAnnotation",
        "association",
        "group",
        "dataObject",
        "dataObjectReference",
        "auditing",
        "monitoring",
        "property",
    }
)
ANNOTATE = "Keep it in a text annotation, and pass values by variables."
ASSIGN = "Use the assignment of the user task (candidate groups)."
NEVER: Mapping[str, tuple[str, str]] = {
    "complexGateway": (
        "Complex gateways are not run.",
        "Use an inclusive or exclusive gateway with conditions.",
    ),
    "adHocSubProcess": (
        "Ad hoc sub-processes are not run.",
        "Draw the order, or a multi-instance activity over a list.",
    ),
    "transaction": (
        "Transactions are not run.",
        "Use a sub-process with error boundary events.",
    ),
    "compensation": (
        "Compensation is not run.",
        "Draw the undoing as tasks of its own on the path that needs it.",
    ),
    "standardLoopCharacteristics": (
        "Standard loops are not run.",
        "Draw a gateway that leads back, or use a sequential multi-instance activity.",
    ),
    "dataInputAssociation": ("Data associations are not run.", ANNOTATE),
    "dataOutputAssociation": ("Data associations are not run.", ANNOTATE),
    "ioSpecification": ("Data inputs and outputs are not run.", ANNOTATE),
    "dataStoreReference": ("Data stores are not run.", ANNOTATE),
    "performer": ("Resource roles are not run.", ASSIGN),
    "humanPerformer": ("Resource roles are not run.", ASSIGN),
    "potentialOwner": ("Resource roles are not run.", ASSIGN),
    "resourceRole": ("Resource roles are not run.", ASSIGN),
    "correlationSubscription": (
        "Correlation subscriptions are not run.",
        "Give the message a correlation key (zeebe:subscription).",
    ),
    "script": (
        "Only FEEL scripts are run.",
        "Choose the implementation “FEEL expression” and give a result variable.",
    ),
}
