"""Running cases moved to another version of their process: previewed, carried out case by case, undone."""

from engine.runtime.migration.keeping import KEPT, forget
from engine.runtime.migration.moving import migrate
from engine.runtime.migration.planning import (
    NotMovableError,
    Preview,
    RenameError,
    Target,
    cases_on_other_versions,
    preview,
    target,
)
from engine.runtime.migration.undoing import undo

__all__ = [
    "KEPT",
    "NotMovableError",
    "Preview",
    "RenameError",
    "Target",
    "cases_on_other_versions",
    "forget",
    "migrate",
    "preview",
    "target",
    "undo",
]
