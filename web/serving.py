"""The commands that serve: everything on one machine, or web pages, workers and migrations apart."""

import importlib
import os
import threading
from pathlib import Path
from typing import Any

import click

from engine.db import Database
from engine.db.migrate import require_current
from web.place import Place, database_for, require_free


def _running() -> Any:
    """Flask is imported by the commands that serve, not by those that check."""
    return importlib.import_module("web.running")


@click.command()
@click.option("--demo", is_flag=True, help="Fill an empty database with invented services and cases.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def run(demo: bool, host: str, port: int) -> None:
    """Database, migrations, models, web pages and worker in one go, for one machine."""
    require_free(host, port)
    running = _running()
    running.end_on_request()
    place = Place.from_environment(os.environ, port=port)
    click.echo("Starting the database …")
    with database_for(os.environ, place, pool_size=running.THREADS + 4) as database:
        running.prepare(database)
        click.echo("Deploying the models …")
        running.deploy_folder(database, place.models, by="system")
        settings = running.for_one_machine(os.environ, place)
        library = importlib.import_module("engine.runtime.library").Library()
        tools = running.tools(database, library, place, settings.secret_key)
        if demo:
            _fill(database, tools, place.models)
        worker = _worker(tools, place, settings)
        click.echo(f"\n  Open {place.address}\n  E-mail goes to {place.mail}\n  Stop with Ctrl+C\n")
        with running.working(worker):
            running.serve(database, library, settings, host=host, port=port)


def _fill(database: Database, tools: Any, models: Path) -> None:
    demo = importlib.import_module("web.demo")
    demo.fill(database, tools, models, tell=click.echo)
    click.echo("\n  Sign in as any of these (password: " + demo.PASSWORD + "):")
    for person in demo.PEOPLE:
        click.echo(f"    {person.user_id:<12} {person.title}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def web(host: str, port: int) -> None:
    """The web pages, for a deployment with workers of its own (needs DATABASE_URL and SECRET_KEY)."""
    require_free(host, port)
    running = _running()
    running.end_on_request()
    settings = importlib.import_module("web.settings").Settings.from_environment(os.environ)
    library = importlib.import_module("engine.runtime.library").Library()
    running.serve(_database(running.THREADS + 4), library, settings, host=host, port=port)


@click.command()
def worker() -> None:
    """A worker: fires timers, delivers messages, does jobs (needs DATABASE_URL, SECRET_KEY, SCCIF_MAIL)."""
    running = _running()
    for name in ("SECRET_KEY", "SCCIF_MAIL", "SCCIF_ADDRESS"):
        if not os.environ.get(name):
            raise click.UsageError(f"{name} is not set. A worker of its own needs it.")
    place = Place.from_environment(os.environ)
    settings = importlib.import_module("web.settings").Settings.from_environment(os.environ)
    library = importlib.import_module("engine.runtime.library").Library()
    tools = running.tools(_database(), library, place, settings.secret_key)
    metrics_at = os.environ.get("SCCIF_METRICS", "")
    running.run_worker(_worker(tools, place, settings), threading.Event(), metrics_at=metrics_at)


def _worker(tools: Any, place: Place, settings: Any) -> Any:
    metrics = importlib.import_module("web.metrics")
    made = importlib.import_module("engine.worker").Worker(
        tools, settings.clock, outside=place.outside_jobs, observe=metrics.worked
    )
    metrics.watch(made)
    return made


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Apply the migrations that are missing (needs DATABASE_URL)."""
    database = Database(_url())
    _running().prepare(database)


def _database(pool_size: int = 10) -> Database:
    database = Database(_url(), pool_size=pool_size)
    with database.read() as connection:
        require_current(connection)
    return database


def _url() -> str:
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise click.UsageError("DATABASE_URL is not set. 'sccif run' starts a database of its own.")
    return url
