"""Prints the conformance totals at the end of a run."""

from typing import Protocol


class Reporter(Protocol):
    stats: dict[str, list[object]]

    def write_line(self, line: str) -> None: ...


def pytest_terminal_summary(terminalreporter: Reporter) -> None:
    for level in (2, 3):
        counts = {
            outcome: sum(f"test_level_{level}_" in getattr(each, "nodeid", "") for each in reports)
            for outcome, reports in terminalreporter.stats.items()
            if outcome in ("passed", "failed", "xfailed")
        }
        if total := sum(counts.values()):
            right, named = counts.get("passed", 0), counts.get("xfailed", 0)
            terminalreporter.write_line(
                f"DMN TCK level {level}: {right} of {total} results right "
                f"({right / total:.2%}), {named} named exceptions"
            )
