"""What the execution kernel asks of us during a step: decisions, definitions, time and deadlines."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from sqlalchemy import Connection

from engine import dialect, feel, spiff
from engine.deadlines import Policy
from engine.dmn import Explanation
from engine.runtime.book import NOT_STARTED, Book, Holder, View
from engine.runtime.errors import DefinitionMissingError
from engine.runtime.library import CompiledProcess, DeployedDecision, Library

RECORDS = "records"
"""The property of an element whose completion is a fact of the service; its value names the fact."""


class StepHost:
    """Serves one step of one case; implements `engine.spiff.Host`."""

    def __init__(
        self, connection: Connection, library: Library, environment: feel.Environment, root: CompiledProcess
    ) -> None:
        """`root` is the version the case was started with."""
        self._connection, self._library = connection, library
        self._environment = environment
        self._used = {root.id: root}
        self.decided: dict[str, DeployedDecision] = {}
        self._deadlines: tuple[Book, Callable[[Iterable[int]], Iterable[Holder]], View] | None = None

    def follow_deadlines(
        self, book: Book, holders: Callable[[Iterable[int]], Iterable[Holder]], view: View
    ) -> None:
        """Let expressions ask for deadlines by `deadline("id")`."""
        self._deadlines = (book, holders, view)

    @property
    def environment(self) -> feel.Environment:
        """Time, calendar and limits of the step."""
        return self._environment

    def process(self, key: spiff.DefinitionKey) -> CompiledProcess:
        """A version used in this step."""
        number = int(key)
        if number not in self._used:
            self._used[number] = self._library.process(self._connection, number)
        return self._used[number]

    @property
    def has_deadlines(self) -> bool:
        """Whether any version used in this step declares deadlines."""
        return any(process.policies for process in self._used.values())

    def definition(self, key: spiff.DefinitionKey) -> spiff.Definition:
        """A definition that a live call activity runs."""
        return self.process(key).definition

    def decide(
        self,
        element: dialect.Element,
        decision_id: str,
        binding: dialect.Binding,
        context: Mapping[str, feel.Value],
    ) -> Explanation:
        """Evaluate a decision. Raises `spiff.IncidentError` when it is not deployed."""
        try:
            deployed = self._library.decision(
                self._connection, self._holder_of(element), decision_id, binding
            )
        except DefinitionMissingError as error:
            raise spiff.IncidentError("decision", error.reason, error.remedy) from error
        self.decided[decision_id] = deployed
        return deployed.model.explain(decision_id, context, self._environment)

    def called(self, element: dialect.Element, process_id: str, binding: dialect.Binding) -> spiff.Definition:
        """The definition a call activity runs. Raises `spiff.IncidentError` when it is not deployed."""
        try:
            found = self._library.called_process(
                self._connection, self._holder_of(element), process_id, binding
            )
        except DefinitionMissingError as error:
            raise spiff.IncidentError("called process", error.reason, error.remedy) from error
        self._used[found.id] = found
        return found.definition

    def extras(self, scopes: tuple[int, ...]) -> Mapping[str, feel.Value]:
        """`deadline(id)`: the dates of a deadline, of the innermost scope that has it.

        `deadline_calendar(id)`: how that one is counted, as a calendar in text.
        """

        def deadline(key: feel.Value) -> feel.Value:
            if self._deadlines is None or not isinstance(key, str):
                return None
            book, holders, view = self._deadlines
            found = book.state_of(key, holders(scopes), view)
            return NOT_STARTED if found is None and self._declares(key) else found

        def drawn(key: feel.Value) -> feel.Value:
            if self._deadlines is None or not isinstance(key, str):
                return None
            book, holders, view = self._deadlines
            return book.calendar_of(key, holders(scopes), view)

        return {
            "deadline": feel.NativeFunction(("id",), deadline),
            "deadline_calendar": feel.NativeFunction(("id",), drawn),
        }

    def policies(self) -> Iterator[Policy]:
        """Every deadline that a version used in this step declares, also of elements that are not live."""
        for process in self._used.values():
            for policies in process.policies.values():
                yield from policies

    def name_of(self, element: str) -> str:
        """The name of an element of a version used in this step; its id where it has none."""
        found = (process.model.elements.get(element) for process in self._used.values())
        return next((each.name for each in found if each is not None and each.name), element)

    def recorded_by(self, elements: Iterable[str]) -> Iterator[str]:
        """The facts of the service that elements of versions used in this step record when completed."""
        for element in elements:
            for process in self._used.values():
                found = process.model.elements.get(element)
                if found is not None and (name := found.properties.get(RECORDS, "").strip()):
                    yield name
                    break

    def _declares(self, key: str) -> bool:
        """Whether a process of the case has the deadline, though no live element holds it yet."""
        return any(policy.key == key for policy in self.policies())

    def _holder_of(self, element: dialect.Element) -> CompiledProcess:
        """The process version in which this very element stands."""
        return next(
            process for process in self._used.values() if process.model.elements.get(element.id) is element
        )
