"""The `sccif services` command: which homes and agencies are inspected."""

import os
from typing import TextIO

import click

from engine.runtime import services as records
from web.place import present_database


@click.group()
def services() -> None:
    """Which homes and agencies are inspected."""


@services.command()
@click.argument("file", type=click.File(encoding="utf-8-sig"))
def load(file: TextIO) -> None:
    """Add the services of a CSV FILE, or bring known ones up to date by their URN.

    Headings: urn, name, setting, region, local_authority, provider_name, provider_email; and, where known,
    registered_manager, responsible_individual, manager_vacant_since, last_inspection, last_overall.
    """
    with present_database(os.environ) as database, database.begin() as connection:
        try:
            count = records.load(connection, file)
        except records.ServiceListError as error:
            click.echo(str(error), err=True)
            raise click.exceptions.Exit(1) from error
    click.echo(f"{count} services")
