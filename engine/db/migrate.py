"""Brings a database to the schema of this version, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

_FOLDER = Path(__file__).parent / "migrations"


class SchemaMismatchError(Exception):
    """The database's schema is not the one of this version."""

    def __init__(self, found: str | None, wanted: str | None) -> None:
        super().__init__(
            f"The database is at migration {found or 'none'}, this version needs {wanted}. "
            "Run 'sccif db upgrade'."
        )


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Apply every migration that is missing; nothing happens when there is none."""
    command.upgrade(_config(url), "head")


def require_current(connection: Connection) -> None:
    """Raise `SchemaMismatchError` unless the database is at the newest migration."""
    wanted = ScriptDirectory.from_config(_config("")).get_current_head()
    found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        raise SchemaMismatchError(found, wanted)


def engine_of(config: Config) -> Engine:
    """The engine a migration runs on."""
    return create_engine(config.attributes["url"], poolclass=NullPool)
