"""Decision Model and Notation 1.1 to 1.5: read, evaluate, explain and prove decision models."""

from engine.dmn.compiler import Problem
from engine.dmn.explain import Explanation, RowTrace, RuleMatch, TableTrace
from engine.dmn.model import Model, UnknownDecisionError, load, loads
from engine.dmn.notation import Decision, DecisionTable, HitPolicy
from engine.dmn.proof import Finding, prove
from engine.dmn.xml import ModelError

__all__ = [
    "Decision",
    "DecisionTable",
    "Explanation",
    "Finding",
    "HitPolicy",
    "Model",
    "ModelError",
    "Problem",
    "RowTrace",
    "RuleMatch",
    "TableTrace",
    "UnknownDecisionError",
    "load",
    "loads",
    "prove",
]
