"""Random well-formed processes built of blocks, each with one way in and one way out."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from tests.engine.spiff.drawing import (
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    boundary,
    call,
    catch,
    condition,
    each,
    element,
    end,
    flow,
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

Option = TypeVar("Option")
MISSING = 4
"""How many variables (miss0 and so on) some scripts and conditions ask for that nobody sets but a repair."""


class Tape:
    """Choices read from bytes, so that whoever gives the bytes decides; after them always the first.

    Lower bytes and fewer of them mean simpler models: Hypothesis shrinks them.
    """

    def __init__(self, data: bytes) -> None:
        self._bytes: Iterator[int] = iter(data)
        self.at_end = False

    @classmethod
    def of_seed(cls, seed: int, length: int = 200) -> "Tape":
        return cls(random.Random(seed).randbytes(length))

    def below(self, number: int) -> int:
        found = next(self._bytes, None)
        self.at_end = found is None
        return (found or 0) % number

    def choice(self, options: Sequence[Option]) -> Option:
        return options[self.below(len(options))]

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def often(self, percent: int = 50) -> bool:
        return self.below(100) < percent


class Block(NamedTuple):
    """Drawn text, the element where it begins and the one where it ends (with its default flow, if any)."""

    drawn: str
    first: str
    last: str
    default: str = ""


@dataclass
class Drawer:
    """Draws one random process; the same tape gives the same process.

    ``shut`` holds the events that nothing waits for, and nothing throws, within what such an event starts
    beside other work: it would start again and again.
    """

    tape: Tape
    shut: frozenset[str] = frozenset()
    counter: int = 0
    counters: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)

    def name(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    def join(self, before: Block, after: str, condition_text: str = "") -> str:
        return flow(before.last, after, condition_text, id=before.default)

    def block(self, depth: int) -> Block:
        if depth <= 0:
            return self.leaf(0)
        kind = self.tape.choice(self._kinds())
        return kind(depth - 1)

    def _kinds(self) -> Sequence[Callable[[int], Block]]:
        return (
            self.leaf,
            self.sequence,
            self.leaf,
            self.sequence,
            self.fork,
            self.some,
            self.loop,
            self.sub_process,
            self.bordered_sub_process,
            self.bordered_task,
            self.split,
            self.event_gateway,
            self.failing,
            self.terminated,
            self.escalated,
            self.watched,
            self.guarded,
            self.call,
            self.looped_fork,
            self.ended_early,
            self.bordered_call,
            self.beside,
        )

    def leaf(self, _depth: int) -> Block:
        kinds = (
            self.task,
            self.task,
            self.message,
            self.received,
            self.signalled,
            self.throwing,
            self.linked,
            self.job,
            self.failing_job,
            self.stopping,
            self.each_task,
        )
        return self.tape.choice(kinds)()

    def task(self) -> Block:
        name = self.name("u")
        return Block(user(name), name, name)

    def sequence(self, depth: int) -> Block:
        first, second = self.block(depth), self.block(depth)
        drawn = first.drawn + second.drawn + self.join(first, second.first)
        return Block(drawn, first.first, second.last, second.default)

    def event(self, *definitions: str) -> str:
        """One of them."""
        return self.tape.choice(
            [each for each in definitions if each not in self.shut] or [timer(duration="P1D")]
        )

    def received(self) -> Block:
        if MESSAGE in self.shut:
            return self.task()
        name = self.name("r")
        return Block(element("receiveTask", name, messageRef="msg1"), name, name)

    def signalled(self) -> Block:
        name = self.name("c")
        return Block(catch(name, self.event(SIGNAL)), name, name)

    def throwing(self) -> Block:
        name = self.name("th")
        return Block(throw(name, ESCALATION if SIGNAL in self.shut else SIGNAL), name, name)

    def linked(self) -> Block:
        name = self.name("k")
        out, into = f"{name}out", f"{name}in"
        return Block(throw(out, link(name)) + catch(into, link(name)), out, into)

    def job(self) -> Block:
        name = self.name("j")
        mapped = mapping(
            [("= 1", f"loc{name}")], [(f"= loc{name} + 1", f"out{name}"), (f"= out{name}", "last")]
        )
        return Block(service(name, ext=mapped), name, name)

    def failing_job(self) -> Block:
        """A job that may end with an error that is foreseen."""
        name = self.name("jf")
        return self._bordered(service(name), name, ERROR)

    def stopping(self) -> Block:
        """Work that stops until somebody sets a variable: before it, in it, or after it."""
        name, missing = self.name("sc"), f"miss{self.tape.below(MISSING)}"
        result = f"r{name}"
        drawn = self.tape.choice(
            (
                script(name, f"= {missing} + 1", result),
                script(name, "= 1", result, mapping([], [(f"= {result} + {missing}", result)])),
                script(name, f"= loc{name}", result, mapping([(f"= {missing} + 1", f"loc{name}")])),
                user(name, ext=mapping([], [(f"= {missing} + 1", result)])),
            )
        )
        return Block(drawn, name, name)

    def each_task(self) -> Block:
        """A multi-instance task, also of a receive task."""
        name, sequential = self.name("m"), self.tape.often()
        loop = each(
            "= [1, 2]",
            sequential=sequential,
            inputElement="it",
            outputCollection=f"c{name}",
            outputElement=self.tape.choice(("= it * 2", f"= set{name}")),
        )
        if self.tape.often(70) or MESSAGE in self.shut:
            return Block(user(name, loop), name, name)
        return Block(element("receiveTask", name, loop, messageRef="msg1"), name, name)

    def fork(self, depth: int) -> Block:
        split, merge = self.name("g"), self.name("g")
        drawn = element("parallelGateway", split) + element("parallelGateway", merge)
        for _ in range(self.tape.between(2, 3)):
            branch = self.block(depth)
            drawn += branch.drawn + flow(split, branch.first) + self.join(branch, merge)
        return Block(drawn, split, merge)

    def some(self, depth: int) -> Block:
        """Inclusive gateways; the last branch is the default flow."""
        split, merge, default = self.name("g"), self.name("g"), self.name("f")
        drawn = element("inclusiveGateway", split, default=default) + element("inclusiveGateway", merge)
        branches = [self.block(depth) for _ in range(self.tape.between(2, 3))]
        for branch in branches:
            drawn += branch.drawn + self.join(branch, merge)
        for branch in branches[:-1]:
            drawn += flow(split, branch.first, "= true" if self.tape.often(60) else "= false")
        return Block(drawn + flow(split, branches[-1].first, id=default), split, merge)

    def looped_fork(self, depth: int) -> Block:
        """A loop around a fork that an inclusive or parallel gateway joins."""
        split, merge = self.name("g"), self.name("g")
        joining = self.tape.choice(("parallelGateway", "inclusiveGateway"))
        a, b = self.block(depth), self.block(depth)
        drawn = element("parallelGateway", split) + element(joining, merge) + a.drawn + b.drawn
        drawn += flow(split, a.first) + flow(split, b.first) + self.join(a, merge) + self.join(b, merge)
        return self._loop(Block(drawn, split, merge))

    def split(self, depth: int) -> Block:
        task, merge = self.name("u"), self.name("g")
        a, b = self.block(depth), self.block(depth)
        drawn = user(task) + element("parallelGateway", merge) + a.drawn + b.drawn
        drawn += flow(task, a.first) + flow(task, b.first) + self.join(a, merge) + self.join(b, merge)
        return Block(drawn, task, merge)

    def loop(self, depth: int) -> Block:
        return self._loop(self.block(depth))

    def _loop(self, body: Block) -> Block:
        merge, choice, count, default = self.name("x"), self.name("x"), self.name("n"), self.name("f")
        step = self.name("sc")
        self.counters.append(count)
        drawn = element("exclusiveGateway", merge) + body.drawn + script(step, f"= {count} + 1", count)
        drawn += element("exclusiveGateway", choice, default=default)
        drawn += flow(merge, body.first) + self.join(body, step) + flow(step, choice)
        drawn += flow(choice, merge, f"= {count} &lt; 2")
        return Block(drawn, merge, choice, default)

    def _inside(self, depth: int, *extra: str) -> tuple[str, str]:
        """A sub-process text without its opening tag, and its id."""
        name, begin, finish = self.name("sp"), self.name("s"), self.name("e")
        body = self.block(depth)
        drawn = start(begin) + end(finish) + body.drawn + flow(begin, body.first) + self.join(body, finish)
        return name, "".join(extra) + drawn

    def _maybe_each(self) -> str:
        if self.tape.often():
            return ""
        return each(
            "= [1, 2]",
            sequential=self.tape.often(),
            inputElement="it",
            outputCollection="collected",
            outputElement="= it",
        )

    def sub_process(self, depth: int) -> Block:
        name, drawn = self._inside(depth, self._maybe_each())
        return Block(sub(name, drawn), name, name)

    def ended_early(self, depth: int) -> Block:
        loop = each(
            "= [1, 2, 3]",
            sequential=self.tape.often(),
            until="= numberOfCompletedInstances = 2",
            inputElement="it",
            outputCollection="early",
            outputElement="= loopCounter",
        )
        name, drawn = self._inside(depth, loop)
        return Block(sub(name, drawn), name, name)

    def beside(self, depth: int) -> Block:
        """A path beside a sub-process that a boundary event starts without interrupting."""
        name, drawn = self._inside(depth, self._maybe_each())
        border, finish = self.name("b"), self.name("e")
        event = self.event(MESSAGE, SIGNAL, timer(cycle="R2/P1D"), condition("= miss0 != null"))
        after = self._started_by(event, depth)
        drawn = sub(name, drawn) + boundary(border, name, event, interrupting=False) + end(finish)
        return Block(drawn + after.drawn + flow(border, after.first) + self.join(after, finish), name, name)

    def _started_by(self, event: str, depth: int) -> Block:
        before, self.shut = self.shut, self.shut | {event}
        block = self.block(depth)
        self.shut = before
        return block

    def bordered_sub_process(self, depth: int) -> Block:
        name, drawn = self._inside(depth, self._maybe_each())
        return self._bordered(sub(name, drawn), name, timer(duration=f"P{self.tape.between(1, 4)}D"))

    def _bordered(self, drawn: str, host: str, event: str) -> Block:
        border, merge, after = self.name("b"), self.name("x"), self.name("u")
        drawn += boundary(border, host, event) + user(after) + element("exclusiveGateway", merge)
        return Block(drawn + flow(host, merge) + flow(border, after) + flow(after, merge), host, merge)

    def bordered_task(self, _depth: int) -> Block:
        host = self.name("u")
        if self.tape.often():
            return self._bordered(user(host), host, timer(duration=f"P{self.tape.between(1, 3)}D"))
        border, after, finish = self.name("b"), self.name("u"), self.name("e")
        drawn = user(host) + boundary(border, host, timer(cycle="R3/P1D"), interrupting=False)
        return Block(
            drawn + user(after) + end(finish) + flow(border, after) + flow(after, finish), host, host
        )

    def event_gateway(self, depth: int) -> Block:
        gateway, merge, first = self.name("g"), self.name("x"), self.tape.between(1, 2)
        drawn = element("eventBasedGateway", gateway) + element("exclusiveGateway", merge)
        for i in range(2):
            event, after = self.name("t"), self.block(depth)
            waits = timer(duration=f"P{first if i == 0 else 3 - first}D")
            awaited = catch(
                event, self.event(waits, MESSAGE, SIGNAL, condition("= miss2 != null") if i else waits)
            )
            if MESSAGE in awaited and self.tape.often(30):
                awaited = element("receiveTask", event, messageRef="msg1")
            drawn += awaited + after.drawn
            drawn += flow(gateway, event) + flow(event, after.first) + self.join(after, merge)
        return Block(drawn, gateway, merge)

    def _ending(self, depth: int, definition: str) -> tuple[str, str]:
        name, begin, split, finish, other = (self.name(p) for p in ("sp", "s", "g", "e", "e"))
        a, b = self.block(depth), self.block(depth)
        drawn = start(begin) + element("parallelGateway", split) + a.drawn + b.drawn
        drawn += end(finish, definition) + end(other) + flow(begin, split) + flow(split, a.first)
        drawn += flow(split, b.first) + self.join(a, finish) + self.join(b, other)
        return name, drawn

    def terminated(self, depth: int) -> Block:
        name, drawn = self._ending(depth, TERMINATE)
        return Block(sub(name, drawn), name, name)

    def failing(self, depth: int) -> Block:
        name, drawn = self._ending(depth, ERROR)
        if self.tape.often():
            return self._bordered(sub(name, drawn), name, ERROR)
        caught, begin, finish = self.name("ev"), self.name("s"), self.name("e")
        after = self.block(depth)
        body = end(finish) + after.drawn + flow(begin, after.first) + self.join(after, finish)
        return Block(sub(name, drawn, handler(caught, begin, ERROR, body, interrupting=True)), name, name)

    def message(self) -> Block:
        name = self.name("c")
        return Block(catch(name, self.event(MESSAGE)), name, name)

    def escalated(self, depth: int) -> Block:
        name, begin, thrower, finish, border, after = (self.name(p) for p in ("sp", "s", "th", "e", "b", "u"))
        body, interrupting = self.block(depth), self.tape.often()
        drawn = start(begin) + throw(thrower, ESCALATION) + end(finish) + body.drawn
        drawn += flow(begin, thrower) + flow(thrower, body.first) + self.join(body, finish)
        if interrupting:
            return self._bordered(sub(name, drawn), name, ESCALATION)
        outside = boundary(border, name, ESCALATION, interrupting=False) + user(after) + flow(border, after)
        return Block(sub(name, drawn) + outside, name, name)

    def watched(self, depth: int) -> Block:
        """A condition on the number of turns of a loop, beside what it interrupts or not."""
        count, step = self.name("n"), self.name("sc")
        self.counters.append(count)
        name, begin, finish = self.name("sp"), self.name("s"), self.name("e")
        body = self.block(depth)
        drawn = start(begin) + end(finish) + body.drawn + script(step, f"= {count} + 1", count)
        drawn += flow(begin, step) + flow(step, body.first) + self.join(body, finish)
        return self._bordered(sub(name, drawn), name, condition(f"= {count} &gt; {self.tape.below(2)}"))

    def guarded(self, depth: int) -> Block:
        """A sub-process with an event sub-process of any kind."""
        caught, begin, finish = self.name("ev"), self.name("s"), self.name("e")
        interrupting = self.tape.often()
        cycle = timer(duration="P2D") if interrupting else timer(cycle="R2/P1D")
        watched = condition("= miss1 != null")
        definition = self.event(timer(duration="P2D"), cycle, MESSAGE, SIGNAL, ESCALATION, watched)
        after = self._started_by(definition, depth)
        body = end(finish, self.tape.choice(("", TERMINATE, ESCALATION)))
        body += after.drawn + flow(begin, after.first) + self.join(after, finish)
        name, started, ended = self.name("sp"), self.name("s"), self.name("e")
        block = self.block(depth)
        drawn = self._maybe_each() + start(started) + end(ended, self.tape.choice(("", ESCALATION)))
        drawn += block.drawn + flow(started, block.first) + self.join(block, ended)
        drawn += handler(caught, begin, definition, body, interrupting=interrupting)
        return Block(sub(name, drawn), name, name)

    def bordered_call(self, depth: int) -> Block:
        """A called process that throws an error or escalation to the border of its call."""
        name, called, event = self.name("ca"), self.name("p"), self.tape.choice((ERROR, ESCALATION))
        _, drawn = self._ending(depth, event)
        self.called.append(process(drawn, id=called))
        calling = call(name, called, inner=self._maybe_each())
        if event == ERROR or self.tape.often():
            return self._bordered(calling, name, event)
        border, after = self.name("b"), self.name("u")
        outside = boundary(border, name, event, interrupting=False) + user(after) + flow(border, after)
        return Block(calling + outside, name, name)

    def call(self, depth: int) -> Block:
        name, called, begin, finish = self.name("ca"), self.name("p"), self.name("s"), self.name("e")
        body = self.block(depth)
        drawn = start(begin) + end(finish) + body.drawn + flow(begin, body.first) + self.join(body, finish)
        self.called.append(process(drawn, id=called))
        flags = {"propagateAllChildVariables": self.tape.choice(("true", "false"))}
        mapped = self.tape.choice(
            ("", mapping([("= 1", "handed")]), mapping([], [("= miss3 + 1", f"got{name}")]))
        )
        return Block(call(name, called, mapped, inner=self._maybe_each(), **flags), name, name)


def draw(tape: Tape, depth: int = 3) -> tuple[tuple[str, ...], list[str]]:
    """The processes of a model (the first is to be started) and its counting variables."""
    drawer = Drawer(tape)
    body = drawer.sequence(depth)
    drawn = start() + body.drawn + end() + flow("s", body.first) + drawer.join(body, "e")
    return (process(drawn), *drawer.called), drawer.counters
