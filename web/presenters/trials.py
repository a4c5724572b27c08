"""What a decision answered when it was tried, row by row, with the decisions it rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine import dmn, feel
from web.presenters import citations
from web.presenters.tags import Tag

MATCHES = Tag("Holds", "green")
HOLDS: Mapping[bool | None, str] = {True: "holds", False: "does not hold", None: "cannot be said"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A row that held, with what its author noted and the rules cited there."""

    number: int
    outcomes: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One decision's answer: values in FEEL, rows that held, what went wrong."""

    name: str
    value: str
    inputs: tuple[tuple[str, str], ...]
    matched: tuple[Matched, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The answer, those it rests on, and for the rows of the table on the page which cells held."""

    answer: Answer
    required: tuple[Answer, ...]
    cells: Mapping[int, tuple[str, ...]]

    @property
    def numbers(self) -> frozenset[int]:
        """The rows that held."""
        return frozenset(each.number for each in self.answer.matched)


def trial(explanation: dmn.Explanation) -> Trial:
    return Trial(
        answer=_answer(explanation),
        required=tuple(_answer(each) for each in _required(explanation)),
        cells={row.number: tuple(HOLDS[cell] for cell in row.cells) for row in explanation.rows},
    )


def _required(explanation: dmn.Explanation) -> Iterator[dmn.Explanation]:
    for each in explanation.required:
        yield from _required(each)
        yield each


def _answer(explanation: dmn.Explanation) -> Answer:
    problems = [*explanation.errors]
    if explanation.no_match:
        problems.append("No row holds. In a case this would stop the step as an incident.")
    return Answer(
        name=explanation.name,
        value=feel.literal(explanation.value),
        inputs=tuple((name, feel.literal(value)) for name, value in explanation.inputs.items()),
        matched=tuple(_matched(each) for each in explanation.matched),
        problems=tuple(problems),
    )


def _matched(match: dmn.RuleMatch) -> Matched:
    notes = [citations.split(text) for text in match.annotations.values() if text]
    return Matched(
        number=match.number,
        outcomes=tuple((name, feel.literal(value)) for name, value in match.outputs.items()),
        notes=tuple(note for note, _ in notes),
        rules=tuple(rule for _, rules in notes for rule in rules),
    )
