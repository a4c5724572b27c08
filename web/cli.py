"""The `sccif` command: exits 0, or 1 with findings, or 2 when called wrongly."""

import importlib
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from engine import check as checks
from engine import dmn, feel, history, workdays
from engine.clock import now
from engine.db import json as exact_json
from engine.guidance import traces
from engine.runtime import calendars
from web import logs
from web.benching import bench
from web.migrating import migrate
from web.place import present_database
from web.reporting import Reporting
from web.services import services
from web.serving import db, run, web, worker
from web.users import users

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
paths_argument = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)


@click.group(cls=Reporting, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run inspection processes from their diagrams."""
    logs.configure(os.environ)


for command in (run, web, worker, db, services, users, bench, migrate):
    main.add_command(command)


# --- models ---------------------------------------------------------------------------------------


@main.command()
@paths_argument
@json_option
def check(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check model files: dialect, tables, forms, references, guidance."""
    findings = checks.check(_files(paths))
    if as_json:
        _print_json([_finding(found) for found in findings])
    else:
        for found in findings:
            click.echo(f"{found.file}: {found.element or '(file)'}: {found.severity}")
            click.echo(f"    {found.reason}\n    {found.remedy}")
        errors = sum(found.severity is checks.Severity.ERROR for found in findings)
        click.echo(f"{errors} errors, {len(findings) - errors} warnings")
    sys.exit(any(found.severity is checks.Severity.ERROR for found in findings))


def _finding(found: checks.Finding) -> dict[str, str]:
    return {
        "file": found.file,
        "element": found.element,
        "severity": found.severity,
        "reason": found.reason,
        "remedy": found.remedy,
    }


def _files(paths: tuple[Path, ...]) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir():
            found |= checks.read_folder(path)
        else:
            found[path.name] = path.read_bytes()
    return found


@main.command()
@paths_argument
@click.option("--note", default="", help="Why, for the library page.")
def deploy(paths: tuple[Path, ...], note: str) -> None:
    """Check model files, then make new versions startable."""
    deployments = importlib.import_module("engine.runtime.deployments")
    with present_database(os.environ) as database, database.begin() as connection:
        made = deployments.deploy(connection, files=_files(paths), by="command line", at=now(), note=note)
    if made is None:
        click.echo("Nothing changed.")
        return
    for kind in ("processes", "decisions", "forms"):
        for name, version in getattr(made, kind).items():
            click.echo(f"{kind[:-1]} {name} version {version}")


@main.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.argument("decision")
@click.option("--inputs", required=True, help="A JSON object; dates, times and durations as text.")
@json_option
def decide(file: Path, decision: str, inputs: str, as_json: bool) -> None:
    """Evaluate one decision and say why."""
    try:
        model = dmn.load(file)
        given = feel.from_json(exact_json.decode(inputs))
        kinds = model.inputs_of(decision)
        typed = {name: _typed(value, kinds.get(name, "")) for name, value in given.items()}
        calendar = workdays.Calendar.england(calendars.FIRST_YEAR, calendars.LAST_YEAR)
        explanation = model.explain(decision, typed, feel.Environment(at=now(), calendar=calendar))
    except (dmn.ModelError, ValueError, KeyError) as error:
        raise click.UsageError(str(error)) from error
    told = explanation.as_json()
    if as_json:
        _print_json(told)
    else:
        click.echo(f"{explanation.name}: {feel.text(explanation.value)}")
        for match in explanation.matched:
            said = "; ".join(f"{name}: {text}" for name, text in match.annotations.items() if text)
            click.echo(f"  row {match.number}" + (f" ({said})" if said else ""))
        for problem in explanation.errors:
            click.echo(f"  {problem}")
    sys.exit(bool(explanation.errors))


# --- dates and proof ------------------------------------------------------------------------------


_TEMPORAL = frozenset(
    {"date", "time", "dateTime", "date and time", "dayTimeDuration", "yearMonthDuration"}
    | {"days and time duration", "years and months duration"}
)


def _typed(value: feel.Value, kind: str) -> feel.Value:
    """JSON has no dates: a text for an input of such a type is read as one."""
    if isinstance(value, str) and kind in _TEMPORAL:
        return feel.evaluate("@" + feel.literal(value), {})
    return value


@main.command("workdays", context_settings={"ignore_unknown_options": True})
@click.argument("day", required=False)
@click.argument("amount", required=False, type=int)
@click.option("--visits", multiple=True, help="A notice date; repeat for several.")
@json_option
def workdays_(day: str | None, amount: int | None, visits: tuple[str, ...], as_json: bool) -> None:
    """Working-day arithmetic with what was skipped (DATE AMOUNT), or the follow-up visit plan (--visits)."""
    calendar = workdays.Calendar.england(calendars.FIRST_YEAR, calendars.LAST_YEAR)
    try:
        if visits:
            _print_visits([date.fromisoformat(each) for each in visits], calendar, as_json)
            return
        if day is None or amount is None:
            raise click.UsageError("Give DATE AMOUNT, or --visits DATE …")
        found = calendar.explain(date.fromisoformat(day), amount)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        skipped = [{"date": each.day.isoformat(), "why": each.why} for each in found.skipped]
        _print_json({"start": day, "amount": amount, "end": found.end.isoformat(), "skipped": skipped})
    else:
        click.echo(found.end.isoformat())
        click.echo(found.sentence)


def _print_visits(dates: list[date], calendar: workdays.Calendar, as_json: bool) -> None:
    each, fewest = workdays.plan_visits(dates, calendar)
    plans = {"one visit a date": each, "fewest visits": fewest}
    told = {
        name: [
            {
                "dates": [day.isoformat() for day in visit.dates],
                "day": visit.day.isoformat(),
                "earliest": visit.earliest.isoformat(),
                "latest": visit.latest.isoformat(),
            }
            for visit in plan
        ]
        for name, plan in plans.items()
    }
    if as_json:
        _print_json(told)
        return
    for name, plan in told.items():
        click.echo(f"{name}:")
        for visit in plan:
            click.echo(f"  {visit['day']} (by {visit['latest']}) for {', '.join(visit['dates'])}")


@main.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path), default="bpmn")
@json_option
def guidance(folder: Path, as_json: bool) -> None:
    """Coverage of the guidance both ways: rules without a fate, work without a rule, traces to nothing."""
    read = checks.read_all(checks.read_folder(folder))
    try:
        register = checks.register_of(read)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    findings = list(checks.check_guidance(read))
    if as_json:
        traced = traces(register, checks.models_of(read))
        _print_json(
            {
                "rules": [
                    {"id": rule.id, "fate": rule.fate, "because": rule.because, "traces": traced[rule.id]}
                    for rule in register.rules.values()
                ],
                "findings": [_finding(found) for found in findings],
            }
        )
    else:
        for found in findings:
            click.echo(str(found))
        fates = Counter(str(rule.fate) for rule in register.rules.values())
        click.echo(", ".join(f"{count} {fate}" for fate, count in sorted(fates.items())))
        click.echo(f"{len(register.rules)} rules, {len(register.decisions)} decisions, {len(findings)} holes")
    sys.exit(bool(findings))


@main.command()
@click.argument("scenario", type=click.Path(exists=True, path_type=Path))
@click.option("--from", "first_day", default=None, help="The first working day; today by default.")
@click.option("--models", type=click.Path(exists=True, path_type=Path), default="bpmn", show_default=True)
@json_option
def simulate(scenario: Path, first_day: str | None, models: Path, as_json: bool) -> None:
    """Carry a case through a SCENARIO file on a database and a clock of its own; print what happened."""
    simulation = importlib.import_module("engine.simulation")
    try:
        script = simulation.read(scenario)
        first = date.fromisoformat(first_day) if first_day else None
        told = simulation.carry_through(script, models, first_day=first)
    except (simulation.ScenarioError, simulation.NotOpenError, simulation.FormRefusedError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if as_json:
        _print_json([{**each, "at": each["at"].isoformat()} for each in told])
        return
    for each in told:
        click.echo(f"{each['at']:%a %d %b %Y %H:%M}  {each['kind']:<18} {each['what']}")


@main.group("history")
def history_() -> None:
    """The record of what happened."""


@history_.command()
def verify() -> None:
    """Check the hash chain of every case."""
    with present_database(os.environ) as database, database.read() as connection:
        held, breaks = history.verify(connection)
    for found in breaks:
        click.echo(f"{found.reference}: row {found.seq}: {found.why}")
    click.echo(f"{held} rows hold, {len(breaks)} cases are broken")
    sys.exit(bool(breaks))


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, default=_number, ensure_ascii=False))


def _number(value: object) -> float | int | str:
    return (int(value) if value == int(value) else float(value)) if isinstance(value, Decimal) else str(value)
