"""FEEL, the expression language of DMN 1.3 to 1.5: text compiled once to closures over frozen values.

Evaluating never does input or output and never raises for what an expression does: errors are null with
a reason (`Result.reasons`). The one exception is `EvaluationBudgetError`, raised when an evaluation would
take too many steps, too long, too deep or too much memory (bounds in `Environment`): a null could be
swallowed by the expression itself.

The fast door for `engine.dmn`: make one `Run(environment)` a decision, then call `Expression.closure(scope,
run)` and `UnaryTests.test(value, scope, run)` directly; `scope` is any mapping (a plain dict is fastest) or
`LocalScope(names, parent)`; reasons gather in `run.reasons`. `RecursionError` from there means too deep.
"""

from engine.feel.environment import EMPTY, Environment, WorkingDays
from engine.feel.expression import (
    Expression,
    Result,
    UnaryTests,
    compile,
    compile_unary_tests,
    evaluate,
)
from engine.feel.invocation import invoke, invoke_named
from engine.feel.json import NotJsonError, from_json, to_json
from engine.feel.lexer import FeelSyntaxError
from engine.feel.run import EvaluationBudgetError, Place, Reason, Run
from engine.feel.scope import MISSING, LocalScope, Scope
from engine.feel.type_parser import parse_type_name
from engine.feel.types import (
    ANY,
    ConstrainedType,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
    SimpleType,
    conforms,
    convert,
    is_instance,
)
from engine.feel.values.durations import DaysTimeDuration, YearsMonthsDuration
from engine.feel.values.equality import equal, order
from engine.feel.values.functions import (
    Closure,
    Function,
    FunctionError,
    NativeFunction,
    Parameter,
    UserFunction,
)
from engine.feel.values.kinds import Value, type_name
from engine.feel.values.ranges import Range
from engine.feel.values.temporal import Date, DateTime, Time
from engine.feel.values.text import literal, text

__all__ = [
    "ANY",
    "EMPTY",
    "MISSING",
    "Closure",
    "ConstrainedType",
    "ContextType",
    "Date",
    "DateTime",
    "DaysTimeDuration",
    "Environment",
    "EvaluationBudgetError",
    "Expression",
    "FeelSyntaxError",
    "FeelType",
    "Function",
    "FunctionError",
    "FunctionType",
    "ListType",
    "LocalScope",
    "NativeFunction",
    "NotJsonError",
    "Parameter",
    "Place",
    "Range",
    "RangeType",
    "Reason",
    "Result",
    "Run",
    "Scope",
    "SimpleType",
    "Time",
    "UnaryTests",
    "UserFunction",
    "Value",
    "WorkingDays",
    "YearsMonthsDuration",
    "compile",
    "compile_unary_tests",
    "conforms",
    "convert",
    "equal",
    "evaluate",
    "from_json",
    "invoke",
    "invoke_named",
    "is_instance",
    "literal",
    "order",
    "parse_type_name",
    "text",
    "to_json",
    "type_name",
]
