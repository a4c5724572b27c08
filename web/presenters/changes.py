"""What two versions of a model differ in, in words and as colours on a diagram."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.check import Change, ChangeKind
from web.presenters.models import KINDS as QUESTIONS
from web.presenters.tags import Tag
from web.presenters.twin import KINDS as ELEMENTS

WHAT = {
    ChangeKind.ADDED: Tag("New", "green"),
    ChangeKind.REMOVED: Tag("Gone", "red"),
    ChangeKind.CHANGED: Tag("Changed", "yellow"),
    ChangeKind.MOVED: Tag("Moved", "grey"),
}

_WORDS = {
    **ELEMENTS,
    **{str(kind): words for kind, words in QUESTIONS.items()},
    "process": "The process itself",
    "sequenceFlow": "Arrow",
    "lane": "Lane",
    "participant": "Pool",
    "textAnnotation": "Note",
    "association": "Line to a note",
    "decision": "The decision itself",
    "inputData": "Input",
    "input": "Condition",
    "output": "Outcome",
    "rule": "Row of the table",
    "form": "The form itself",
    "datetime": "Date",
    "dynamiclist": "Rows of questions",
    "group": "Group of questions",
    "text": "Text",
    "separator": "Line across",
}
_LINES = frozenset({"sequenceFlow", "association", "messageFlow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One element that differs, in words."""

    id: str
    what: Tag
    kind: str
    name: str


def differences(found: Iterable[Change]) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            id=each.id,
            what=WHAT[each.what],
            kind=_WORDS.get(each.kind, each.kind),
            name="" if each.kind in ("process", "form") else each.name,
        )
        for each in found
    )


def island_states(found: Iterable[Change]) -> dict[str, dict[str, dict[str, list[str] | str]]]:
    """What the diagram viewer reads to colour what is new or changed; arrows get no words, they are many."""
    return {
        "elements": {
            each.id: {
                "states": [str(each.what)],
                "badge": "" if each.kind in _LINES else WHAT[each.what].text,
            }
            for each in found
            if each.what in (ChangeKind.ADDED, ChangeKind.CHANGED)
        }
    }
