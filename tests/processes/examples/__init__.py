"""Examples of decisions; a module's `EXAMPLES` are asked one after another."""

from engine import feel

SCH, CH, ASA = "secure children's home", "children's home", "adoption support agency"
Inputs = dict[str, feel.Value]
Example = tuple[str, str, Inputs, feel.Value]
"""The table's file without its ending, the decision, what it is given, what it answers."""
