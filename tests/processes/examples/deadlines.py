"""Who may change a deadline, and how far."""

from decimal import Decimal

from tests.processes.examples import ASA, CH, SCH, Example

RIM, MANAGER, LEAD = "rim,director", "manager,rim,director", "lead_inspector,manager,rim,director"


def change(what: str, force: str, who: str, furthest: int | None = None, *, setting: str = SCH) -> Example:
    """`furthest` in working days; None where there is no end."""
    inputs = {"change": what, "force": force, "setting": setting}
    return (
        "deadline_changes",
        "deadline_changes",
        dict(inputs),
        [who, None if furthest is None else Decimal(furthest)],
    )


def told(whom: str, days_late: int, *, still_running: bool = True) -> Example:
    inputs = {"still_running": still_running, "days_late": Decimal(days_late)}
    return ("deadline_escalation", "deadline_escalation", dict(inputs), whom)


EXAMPLES: list[Example] = [
    told("whoever has it", -3),
    told("whoever has it", 0),
    told("rim", 1),
    told("rim", 7),
    told("director", 8),
    told("nobody", 8, still_running=False),
    change("pause", "law", "", 0),
    change("pause", "limit", RIM),
    *[change("pause", force, MANAGER) for force in ("usual", "aim", "office")],
    change("extend", "law", "", 0),
    change("extend", "limit", RIM, 20),
    change("extend", "limit", RIM, 20, setting=ASA),
    change("extend", "limit", RIM, 10, setting=CH),
    *[change("extend", force, MANAGER, 20) for force in ("usual", "aim", "office")],
    *[change("change date", force, MANAGER) for force in ("law", "limit")],
    *[change("change date", force, LEAD) for force in ("usual", "aim", "office")],
]
