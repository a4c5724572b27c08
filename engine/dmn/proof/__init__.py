"""Static proof of decision tables: gaps, overlaps, unreachable and subsumed rows, with examples."""

from engine.dmn.model import Model
from engine.dmn.proof.findings import Finding, Kind
from engine.dmn.proof.tables import TableProof

__all__ = ["Finding", "Kind", "prove"]


def prove(model: Model) -> list[Finding]:
    """Every finding over every table of the model and its imports, wherever the table stands."""
    return [finding for record in model.network.tables for finding in TableProof(record).findings()]
