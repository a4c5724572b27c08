"""Random well-formed processes built of blocks, each with one way in and one way out."""

import random
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.engine.spiff.drawing import (
    ERROR,
    ESCALATION,
    MESSAGE,
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
    process,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)


class Block(NamedTuple):
    """Drawn text, the element where it begins and the one where it ends (with its default flow, if any)."""

    drawn: str
    first: str
    last: str
    default: str = ""


@dataclass
class Drawer:
    """Draws one random process; the same seed gives the same process."""

    rng: random.Random
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
            return self.task()
        kinds = [
            self.task,
            self.task,
            self.sequence,
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
            self.message,
            self.escalated,
            self.watched,
            self.guarded,
            self.call,
        ]
        kind = self.rng.choice(kinds)
        return kind() if kind == self.task else kind(depth - 1)  # type: ignore[call-arg]

    def task(self) -> Block:
        name = self.name("u")
        return Block(user(name), name, name)

    def sequence(self, depth: int) -> Block:
        first, second = self.block(depth), self.block(depth)
        drawn = first.drawn + second.drawn + self.join(first, second.first)
        return Block(drawn, first.first, second.last, second.default)

    def fork(self, depth: int) -> Block:
        return self._branches(depth, "parallelGateway", lambda _i: "")

    def some(self, depth: int) -> Block:
        return self._branches(
            depth, "inclusiveGateway", lambda i: "= true" if i == 0 or self.rng.random() < 0.7 else "= false"
        )

    def _branches(self, depth: int, tag: str, condition_of: object) -> Block:
        split, merge = self.name("g"), self.name("g")
        drawn = element(tag, split) + element(tag, merge)
        for i in range(self.rng.randint(2, 3)):
            branch = self.block(depth)
            drawn += branch.drawn + flow(split, branch.first, condition_of(i))  # type: ignore[operator]
            drawn += self.join(branch, merge)
        return Block(drawn, split, merge)

    def split(self, depth: int) -> Block:
        task, merge = self.name("u"), self.name("g")
        a, b = self.block(depth), self.block(depth)
        drawn = user(task) + element("parallelGateway", merge) + a.drawn + b.drawn
        drawn += flow(task, a.first) + flow(task, b.first) + self.join(a, merge) + self.join(b, merge)
        return Block(drawn, task, merge)

    def loop(self, depth: int) -> Block:
        merge, choice, count, default = self.name("x"), self.name("x"), self.name("n"), self.name("f")
        body, step = self.block(depth), self.name("sc")
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
        if self.rng.random() < 0.5:
            return ""
        return each(
            "= [1, 2]",
            sequential=self.rng.random() < 0.5,
            inputElement="it",
            outputCollection="collected",
            outputElement="= it",
        )

    def sub_process(self, depth: int) -> Block:
        name, drawn = self._inside(depth, self._maybe_each())
        return Block(sub(name, drawn), name, name)

    def bordered_sub_process(self, depth: int) -> Block:
        name, drawn = self._inside(depth, self._maybe_each())
        return self._bordered(sub(name, drawn), name, timer(duration=f"P{self.rng.randint(1, 4)}D"))

    def _bordered(self, drawn: str, host: str, event: str) -> Block:
        border, merge, after = self.name("b"), self.name("x"), self.name("u")
        drawn += boundary(border, host, event) + user(after) + element("exclusiveGateway", merge)
        return Block(drawn + flow(host, merge) + flow(border, after) + flow(after, merge), host, merge)

    def bordered_task(self, _depth: int) -> Block:
        host = self.name("u")
        if self.rng.random() < 0.5:
            return self._bordered(user(host), host, timer(duration=f"P{self.rng.randint(1, 3)}D"))
        border, after, finish = self.name("b"), self.name("u"), self.name("e")
        drawn = user(host) + boundary(border, host, timer(cycle="R3/P1D"), interrupting=False)
        return Block(
            drawn + user(after) + end(finish) + flow(border, after) + flow(after, finish), host, host
        )

    def event_gateway(self, depth: int) -> Block:
        gateway, merge, first = self.name("g"), self.name("x"), self.rng.randint(1, 2)
        drawn = element("eventBasedGateway", gateway) + element("exclusiveGateway", merge)
        for days in (first, 3 - first):
            event, after = self.name("t"), self.block(depth)
            drawn += catch(event, timer(duration=f"P{days}D")) + after.drawn
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
        if self.rng.random() < 0.5:
            return self._bordered(sub(name, drawn), name, ERROR)
        caught, begin, finish = self.name("ev"), self.name("s"), self.name("e")
        after = self.block(depth)
        body = end(finish) + after.drawn + flow(begin, after.first) + self.join(after, finish)
        return Block(sub(name, drawn, handler(caught, begin, ERROR, body, interrupting=True)), name, name)

    def message(self, _depth: int) -> Block:
        name = self.name("c")
        return Block(catch(name, MESSAGE), name, name)

    def escalated(self, depth: int) -> Block:
        name, begin, thrower, finish, border, after = (self.name(p) for p in ("sp", "s", "th", "e", "b", "u"))
        body, interrupting = self.block(depth), self.rng.random() < 0.5
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
        return self._bordered(sub(name, drawn), name, condition(f"= {count} &gt; {self.rng.randint(0, 1)}"))

    def guarded(self, depth: int) -> Block:
        """A sub-process with an event sub-process on a timer or message."""
        caught, begin, finish = self.name("ev"), self.name("s"), self.name("e")
        after, interrupting = self.block(depth), self.rng.random() < 0.5
        events = (MESSAGE,) if interrupting else (timer(cycle="R2/P1D"),)  # a message could come for ever
        definition = self.rng.choice((timer(duration="P2D"), *events))
        body = end(finish) + after.drawn + flow(begin, after.first) + self.join(after, finish)
        name, drawn = self._inside(
            depth, self._maybe_each(), handler(caught, begin, definition, body, interrupting=interrupting)
        )
        return Block(sub(name, drawn), name, name)

    def call(self, depth: int) -> Block:
        name, called, begin, finish = self.name("ca"), self.name("p"), self.name("s"), self.name("e")
        body = self.block(depth)
        drawn = start(begin) + end(finish) + body.drawn + flow(begin, body.first) + self.join(body, finish)
        self.called.append(process(drawn, id=called))
        flags = {"propagateAllChildVariables": self.rng.choice(("true", "false"))}
        return Block(call(name, called, inner=self._maybe_each(), **flags), name, name)


def draw(seed: int, depth: int = 3) -> tuple[tuple[str, ...], list[str]]:
    """The processes of a model (the first is to be started) and its counting variables."""
    drawer = Drawer(random.Random(seed))
    body = drawer.block(depth)
    drawn = start() + body.drawn + end() + flow("s", body.first) + drawer.join(body, "e")
    return (process(drawn), *drawer.called), drawer.counters
