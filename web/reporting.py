"""Tells foreseen failures of a command in a sentence, without a trace of the program's calls."""

import click
from sqlalchemy.exc import ArgumentError, OperationalError

from engine.db import SchemaMismatchError
from engine.postgres import LauncherError
from engine.runtime.deployments import RefusedError
from engine.runtime.errors import RefusedCommandError
from engine.worker import StuckError
from engine.worker.mail import MailSettingsError
from web.logs import LogFormatError
from web.place import ListenError, NoDatabaseError, PortTakenError, WorkerEndedError
from web.settings import MissingSettingError

_WRONG_CALLS = (
    ListenError,
    LogFormatError,
    MailSettingsError,
    MissingSettingError,
    NoDatabaseError,
    PortTakenError,
)
_FAILURES = (
    LauncherError,
    RefusedCommandError,
    RefusedError,
    SchemaMismatchError,
    StuckError,
    WorkerEndedError,
)


class Reporting(click.Group):
    """A group of commands that exit 2 where the environment is wrong, 1 where something else failed."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except _WRONG_CALLS as error:
            raise click.UsageError(str(error)) from error
        except _FAILURES as error:
            raise click.ClickException(str(error)) from error
        except ArgumentError as error:
            raise click.UsageError(
                f"DATABASE_URL cannot be read: {error}. It looks like postgresql://user:password@host/database."
            ) from error
        except OperationalError as error:
            raise click.ClickException(f"The database does not answer: {error.orig}") from error
