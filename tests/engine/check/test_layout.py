"""What a reader of a diagram would stumble over is told, and nothing else."""

import re
from pathlib import Path

import pytest

from engine.check import Finding, Severity, read_all, read_folder
from engine.check.layout import check_layout

BPMN = Path(__file__).parents[3] / "bpmn"
FILE = "case_review/case_review.bpmn"
REVIEW = (BPMN / FILE).read_text()


def told(diagram: str) -> list[Finding]:
    return list(check_layout(read_all({FILE: diagram.encode()})))


def moved(element: str, *, x: int = 0, y: int = 0, what: str = "Bounds") -> str:
    """The diagram with the first bounds after an element's shape moved."""

    def shift(match: re.Match[str]) -> str:
        return f'{match[1]}x="{int(match[2]) + x}" y="{int(match[3]) + y}"'

    pattern = rf'(bpmnElement="{element}"[^>]*>\s*<[a-z]+:{what} )x="(-?\d+)" y="(-?\d+)"'
    changed, count = re.subn(pattern, shift, REVIEW, count=1)
    assert count == 1
    return changed


def of(element: str, found: list[Finding]) -> set[str]:
    return {each.reason for each in found if each.element == element}


def test_the_products_diagrams_are_well_drawn() -> None:
    assert list(check_layout(read_all(read_folder(BPMN)))) == []


def test_a_shape_upon_another_is_told_and_is_no_error() -> None:
    found = told(moved("Task_CallReview", x=100))

    assert "It is drawn over Task_HoldReview." in of("Task_CallReview", found)
    assert {each.severity for each in found} == {Severity.WARNING}


def test_a_flow_that_no_longer_meets_its_shape_is_told() -> None:
    found = told(moved("Task_HoldReview", y=60))

    assert "It does not meet Task_HoldReview." in of("Flow_CallReview_HoldReview", found)


def test_a_flow_at_a_slant_is_told() -> None:
    assert of(
        "Flow_CallReview_HoldReview", told(moved("Flow_CallReview_HoldReview", y=9, what="waypoint"))
    ) == {"It runs at a slant."}


def test_an_element_outside_its_lane_is_told() -> None:
    assert any("not drawn inside its lane" in each.reason for each in told(moved("Task_HoldReview", y=300)))


def test_an_element_that_is_not_drawn_is_told() -> None:
    hidden = re.sub(
        r'<bpmndi:BPMNShape id="Task_HoldReview_di".*?</bpmndi:BPMNShape>', "", REVIEW, flags=re.S
    )

    assert "It is not drawn." in of("Task_HoldReview", told(hidden))


HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="t" '
    'xmlns:b="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:i="http://www.omg.org/spec/DD/20100524/DI"><process id="p" isExecutable="true">'
)


def drawn(places: dict[str, tuple[int, int]], flows: dict[str, list[tuple[int, int]]]) -> str:
    """Events of 36 pixels at the places; a flow `a_b` leads from a to b."""
    ends = {flow: flow.split("_") for flow in flows}
    kinds = {
        place: "endEvent" if any(to == place for _, to in ends.values()) else "startEvent" for place in places
    }
    model = "".join(f'<{kind} id="{place}"/>' for place, kind in kinds.items()) + "".join(
        f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{to}"/>'
        for flow, (source, to) in ends.items()
    )
    shapes = "".join(
        f'<b:BPMNShape bpmnElement="{place}"><c:Bounds x="{x}" y="{y}" width="36" height="36"/></b:BPMNShape>'
        for place, (x, y) in places.items()
    )
    edges = "".join(
        f'<b:BPMNEdge bpmnElement="{flow}">'
        + "".join(f'<i:waypoint x="{x}" y="{y}"/>' for x, y in points)
        + "</b:BPMNEdge>"
        for flow, points in flows.items()
    )
    return (
        f'{HEAD}{model}</process><b:BPMNDiagram><b:BPMNPlane bpmnElement="p">{shapes}{edges}'
        "</b:BPMNPlane></b:BPMNDiagram></definitions>"
    )


ROW = {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (100, 100), "e": (300, 100)}


def test_a_flow_through_a_shape_is_told() -> None:
    found = told(drawn(ROW, {"a_c": [(36, 18), (200, 18)]}))

    assert of("a_c", found) == {"It runs through b."}


def test_flows_that_cross_are_told_and_flows_that_meet_at_their_end_are_not() -> None:
    across = {"b_e": [(136, 18), (160, 18), (160, 118), (300, 118)]}

    assert of("b_e", told(drawn(ROW, across | {"d_c": [(136, 118), (218, 118), (218, 36)]}))) == {
        "It crosses d_c."
    }
    assert told(drawn(ROW, across | {"d_e": [(136, 118), (300, 118)]})) == []


@pytest.mark.parametrize("text", [REVIEW[: REVIEW.index("<bpmndi:BPMNDiagram")] + "</bpmn:definitions>"])
def test_a_diagram_without_a_drawing_says_so_once(text: str) -> None:
    assert [each.reason for each in told(text)] == ["Nothing is drawn."]
