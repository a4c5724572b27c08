"""A small matcher for the few patterns with back-references: it tries in order, within a budget of steps."""

from collections.abc import Callable, Iterator
from typing import assert_never

from engine.feel.regex.tree import (
    Anchor,
    BackReference,
    Characters,
    Choice,
    Group,
    Part,
    PatternError,
    Repeat,
    Sequence,
    Slots,
)
from engine.feel.run import Run

MAX_STEPS = 200_000
_MAX_PROGRAM = 5_000

State = tuple[int, int, Slots]
Instruction = Callable[[str, int, Slots], list[State]]
"""From text, position and slots to the states to try next, the first one first."""


class Program:
    """Instructions of a backtracking machine. Slots 2n and 2n+1 hold where group n begins and ends."""

    def __init__(self, part: Part, groups: int, *, ignore_case: bool, multiline: bool) -> None:
        self._code: list[Instruction] = []
        self._slots = 2 * (groups + 1)
        self._ignore_case = ignore_case
        self._multiline = multiline
        self._emit(part)

    def first(self, text: str, run: Run) -> Slots | None:
        """The edges of the first match and of its groups."""
        return self._search(text, 0, run)

    def every(self, text: str, run: Run) -> Iterator[Slots]:
        """All matches, from left to right, none overlapping."""
        at = 0
        while at <= len(text) and (found := self._search(text, at, run)) is not None:
            yield found
            at = max(found[1], found[0] + 1)

    def _search(self, text: str, start: int, run: Run) -> Slots | None:
        budget = MAX_STEPS
        for begin in range(start, len(text) + 1):
            stack: list[State] = [(0, begin, (-1,) * self._slots)]
            while stack:
                budget -= 1
                if budget < 0:
                    raise PatternError("matching the back-references of the pattern takes too long")
                at, position, slots = stack.pop()
                if at == len(self._code):
                    run.spend((MAX_STEPS - budget) // 16)
                    return (begin, position, *slots[2:])
                stack.extend(reversed(self._code[at](text, position, slots)))
        run.spend((MAX_STEPS - budget) // 16)
        return None

    def _add(self, instruction: Instruction) -> int:
        self._code.append(instruction)
        if len(self._code) > _MAX_PROGRAM:
            raise PatternError("the pattern with its repetitions is too long")
        return len(self._code) - 1

    def _emit(self, part: Part) -> None:
        match part:
            case Characters():
                self._characters(part)
            case Anchor(start):
                self._anchor(start)
            case BackReference(group):
                self._back_reference(group)
            case Sequence(items):
                for item in items:
                    self._emit(item)
            case Choice(branches):
                self._choice(branches)
            case Group(inner, number):
                self._group(inner, number)
            case Repeat():
                self._repeat(part)
            case _:
                assert_never(part)

    def _characters(self, part: Characters) -> None:
        following = len(self._code) + 1
        members = part.members.members()
        fold = self._ignore_case

        def step(text: str, position: int, slots: Slots) -> list[State]:
            if position >= len(text):
                return []
            forms = {text[position]}
            if fold:
                forms |= {text[position].lower(), text[position].upper()}
            points = [ord(form) for form in forms if len(form) == 1]
            held = any(low <= point <= high for point in points for low, high in members)
            return [(following, position + 1, slots)] if held else []

        self._add(step)

    def _anchor(self, start: bool) -> None:
        following, multiline = len(self._code) + 1, self._multiline

        def step(text: str, position: int, slots: Slots) -> list[State]:
            edge = 0 if start else len(text)
            beside = text[position - 1 : position] if start else text[position : position + 1]
            return (
                [(following, position, slots)] if position == edge or (multiline and beside == "\n") else []
            )

        self._add(step)

    def _back_reference(self, group: int) -> None:
        following, fold = len(self._code) + 1, self._ignore_case

        def step(text: str, position: int, slots: Slots) -> list[State]:
            begin, end = slots[2 * group], slots[2 * group + 1]
            wanted = text[begin:end] if end >= 0 else ""
            given = text[position : position + len(wanted)]
            same = given.casefold() == wanted.casefold() if fold else given == wanted
            return [(following, position + len(wanted), slots)] if same else []

        self._add(step)

    def _group(self, inner: Part, number: int | None) -> None:
        if number is None:
            self._emit(inner)
            return
        self._save(2 * number)
        self._emit(inner)
        self._save(2 * number + 1)

    def _save(self, slot: int) -> None:
        following = len(self._code) + 1
        self._add(lambda text, position, slots: [(following, position, _with(slots, slot, position))])

    def _choice(self, branches: tuple[Part, ...]) -> None:
        begins: list[int] = []
        self._add(lambda text, position, slots: [(begin, position, slots) for begin in begins])
        ends: list[int] = []
        for branch in branches:
            begins.append(len(self._code))
            self._emit(branch)
            self._add(lambda text, position, slots: [(ends[0], position, slots)])
        ends.append(len(self._code))

    def _repeat(self, part: Repeat) -> None:
        for _ in range(part.least):
            self._emit(part.inner)
        if part.most is None:
            self._loop(part)
            return
        exits: list[int] = []
        for _ in range(part.most - part.least):
            self._split(part.greedy, exits)
            self._emit(part.inner)
        exits.append(len(self._code))

    def _loop(self, part: Repeat) -> None:
        """Repeat without bound; a turn that took no character is the last."""
        slot, self._slots = self._slots, self._slots + 1
        exits: list[int] = []
        top = self._split(part.greedy, exits)
        self._save(slot)
        self._emit(part.inner)
        self._add(
            lambda text, position, slots: [(top if position > slots[slot] else exits[0], position, slots)]
        )
        exits.append(len(self._code))

    def _split(self, greedy: bool, exits: list[int]) -> int:
        """Go on, or leave to the address that `exits` will hold."""
        following = len(self._code) + 1

        def step(text: str, position: int, slots: Slots) -> list[State]:
            ways = [(following, position, slots), (exits[0], position, slots)]
            return ways if greedy else ways[::-1]

        return self._add(step)


def _with(slots: Slots, slot: int, value: int) -> Slots:
    return (*slots[:slot], value, *slots[slot + 1 :])
