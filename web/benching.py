"""The body of `sccif bench`: measures on this machine, now, and prints ratios."""

import importlib
import json
from typing import Any

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.option("--quick", is_flag=True, help="Completing a task only, in less than 45 seconds.")
@json_option
def bench(quick: bool, as_json: bool) -> None:
    """Measure against the cheapest durable step on the same server: DATABASE_URL, or one of its own."""
    report = _report()
    told: dict[str, Any] = report.run(quick=quick)
    click.echo(json.dumps(told, indent=2) if as_json else report.table(told))


def _report() -> Any:
    """The measurements stand beside the packages in the source tree, and are not installed with them."""
    try:
        return importlib.import_module("benchmarks.report")
    except ModuleNotFoundError as error:
        raise click.UsageError(
            f"{error}. Run it from a checkout of the source, with its packages installed."
        ) from error
