"""The one database: connections, transactions and migrations."""

from engine.db.database import Database, connect
from engine.db.migrate import SchemaMismatchError, migrate

__all__ = ["Database", "SchemaMismatchError", "connect", "migrate"]
