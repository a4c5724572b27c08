"""The command that moves running cases to another version, each in its own transaction."""

import importlib
import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from engine.clock import now
from engine.db import Database
from web.place import present_database


@click.command()
@click.argument("process")
@click.option("--to", "version", type=int, required=True, help="The number of the version to move to.")
@click.option("--rename", multiple=True, metavar="OLD=NEW", help="What an element is called there; repeat.")
@click.option("--preview", is_flag=True, help="Only say what would become of each case.")
@click.option("--all", "every", is_flag=True, help="Move every case that can be moved.")
@click.option(
    "--case", "references", multiple=True, metavar="REF", help="Move this case; repeat for several."
)
@click.option("--undo", is_flag=True, help="Take back the move of the cases named by --case to this version.")
@click.option("--reason", default="Moved from the command line", help="Stays in the history.")
def migrate(
    process: str,
    version: int,
    rename: tuple[str, ...],
    preview: bool,
    every: bool,
    references: tuple[str, ...],
    undo: bool,
    reason: str,
) -> None:
    """Move running cases of PROCESS, and of processes that call it, to another version."""
    if sum((preview, every, bool(references))) != 1:
        raise click.UsageError("Give exactly one of --preview, --all and --case.")
    if undo and not references:
        raise click.UsageError("--undo needs --case.")
    if undo and rename:
        raise click.UsageError("--undo gives elements the names they had; leave --rename out.")
    if not reason.strip():
        raise click.UsageError("The reason is empty. Say why; it stays in the history.")
    moving = importlib.import_module("web.manage.moving")
    with present_database(os.environ) as database:
        mover = moving.Mover(database, importlib.import_module("engine.runtime.library").Library(), now())
        names = _renaming(rename)
        chosen = [_number(database, each) for each in references]
        if preview:
            sys.exit(_tell(mover.preview(process, version, names)))
        if undo:
            sys.exit(_report(mover.undo_to(process, version, chosen, reason, moving.COMMAND_LINE)))
        sys.exit(_report(mover.move(process, version, names, chosen or None, reason, moving.COMMAND_LINE)))


def _renaming(given: tuple[str, ...]) -> Mapping[str, str]:
    pairs = [each.partition("=") for each in given]
    wrong = [old for old, _, new in pairs if not (old and new)]
    if wrong:
        raise click.UsageError("--rename takes OLD=NEW, such as --rename Task_Write=Task_Draft.")
    return {old: new for old, _, new in pairs}


def _number(database: Database, reference: str) -> int:
    queries = importlib.import_module("engine.queries.migration")
    with database.read() as connection:
        found: int | None = queries.case_number(connection, reference)
    if found is None:
        raise click.UsageError(f"There is no case {reference}.")
    return found


def _tell(previews: Any) -> int:
    for each in previews:
        versions = ", ".join(map(str, each.versions))
        click.echo(f"{each.reference} (version {versions}, {each.state}):")
        for old, new in each.moves:
            click.echo(f"    {old}" + (f" -> {new}" if new != old else " stays"))
        for element, why in each.problems.items():
            click.echo(f"    {element} cannot be moved: {why}")
    stuck = sum(bool(each.problems) for each in previews)
    click.echo(f"{len(previews) - stuck} cases can be moved, {stuck} cannot")
    return int(bool(stuck))


def _report(outcomes: Any) -> int:
    for each in outcomes:
        click.echo(f"{each.reference}: {each.why or 'done'}")
    failed = sum(bool(each.why) for each in outcomes)
    click.echo(f"{len(outcomes) - failed} cases done, {failed} left as they were")
    return int(bool(failed))
