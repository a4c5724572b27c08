"""What a DMN file says, as frozen values: the elements of the graph and their boxed expressions."""

from dataclasses import dataclass, field
from enum import StrEnum


class HitPolicy(StrEnum):
    """How many rows of a table may hold and what follows (DMN 8.2.8)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"

    @property
    def single(self) -> bool:
        """Whether the table answers with one row's output."""
        return self not in (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT)


class Aggregation(StrEnum):
    """What COLLECT does with the outputs of the rows that hold."""

    LIST = "LIST"
    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True)
class Literal:
    """A FEEL expression as text."""

    id: str
    type_ref: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """One row of a boxed context; without a name it is the result."""

    name: str
    type_ref: str
    value: "Expression"


@dataclass(frozen=True, slots=True)
class Context:
    id: str
    type_ref: str
    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True)
class BoxedList:
    id: str
    type_ref: str
    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Relation:
    id: str
    type_ref: str
    columns: tuple[str, ...]
    rows: tuple[tuple["Expression", ...], ...]


@dataclass(frozen=True, slots=True)
class Invocation:
    id: str
    type_ref: str
    function: "Expression"
    bindings: tuple[tuple[str, "Expression"], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type_ref: str


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A function; `kind` other than FEEL is refused when called. Without a body it answers null."""

    id: str
    type_ref: str
    kind: str
    parameters: tuple[Parameter, ...]
    body: "Expression | None"


@dataclass(frozen=True, slots=True)
class Conditional:
    id: str
    type_ref: str
    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True, slots=True)
class Filter:
    id: str
    type_ref: str
    source: "Expression"
    match: "Expression"


@dataclass(frozen=True, slots=True)
class Iteration:
    """`for`, `some` or `every` over one list."""

    id: str
    type_ref: str
    kind: str
    variable: str
    source: "Expression"
    body: "Expression"


@dataclass(frozen=True, slots=True)
class InputClause:
    """One input column; `values` are its allowed values as FEEL unary tests, "" without any."""

    id: str
    label: str
    expression: Literal
    values: str


@dataclass(frozen=True, slots=True)
class OutputClause:
    """One output column; `values` are its allowed values in descending priority."""

    id: str
    name: str
    type_ref: str
    values: str
    default: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One row, numbered from 1; annotations are (column, text)."""

    id: str
    number: int
    inputs: tuple[str, ...]
    outputs: tuple[Literal, ...]
    annotations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    id: str
    type_ref: str
    hit_policy: HitPolicy
    aggregation: Aggregation
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]


Expression = (
    Literal
    | Context
    | BoxedList
    | Relation
    | Invocation
    | FunctionDefinition
    | Conditional
    | Filter
    | Iteration
    | DecisionTable
)


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type: `allowed` constrains each value, `constraint` the whole (DMN 7.3.3)."""

    id: str
    name: str
    type_ref: str
    collection: bool
    allowed: str
    constraint: str
    components: tuple["ItemDefinition", ...] = ()
    function: "FunctionItem | None" = None


@dataclass(frozen=True, slots=True)
class FunctionItem:
    output_type: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Import:
    name: str
    namespace: str
    kind: str


@dataclass(frozen=True, slots=True)
class InputData:
    id: str
    name: str
    type_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision as drawn: `variable` is its name inside expressions, the requirements are hrefs."""

    id: str
    name: str
    variable: str
    type_ref: str
    required_inputs: tuple[str, ...] = ()
    required_decisions: tuple[str, ...] = ()
    required_knowledge: tuple[str, ...] = ()
    expression: Expression | None = None

    @property
    def table(self) -> DecisionTable | None:
        """The decision's own table, if that is its logic."""
        return self.expression if isinstance(self.expression, DecisionTable) else None

    @property
    def hit_policy(self) -> HitPolicy | None:
        return self.table.hit_policy if self.table else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessKnowledgeModel:
    id: str
    name: str
    variable: str
    type_ref: str
    required_knowledge: tuple[str, ...]
    function: FunctionDefinition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService:
    """A set of decisions called as one function: input decisions first, then input data (DMN 10.4)."""

    id: str
    name: str
    variable: str
    type_ref: str
    output_decisions: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """One file."""

    id: str
    name: str
    namespace: str
    language: str
    imports: tuple[Import, ...] = ()
    items: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge: tuple[BusinessKnowledgeModel, ...] = ()
    services: tuple[DecisionService, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)
    """Every component, entry, column and output name: the parts a FEEL path may use."""
