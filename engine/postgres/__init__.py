"""Runs our own PostgreSQL from the programs in a wheel, for when DATABASE_URL is unset."""

from engine.postgres.account import NoAccountError
from engine.postgres.cluster import InitdbError, NoPasswordError, OtherMajorError, OtherOwnerError
from engine.postgres.errors import LauncherError
from engine.postgres.keeping import kept
from engine.postgres.places import UnsafeFolderError
from engine.postgres.programs import NoProgramsError
from engine.postgres.server import Server, StartError, start

__all__ = [
    "InitdbError",
    "LauncherError",
    "NoAccountError",
    "NoPasswordError",
    "NoProgramsError",
    "OtherMajorError",
    "OtherOwnerError",
    "Server",
    "StartError",
    "UnsafeFolderError",
    "kept",
    "start",
]
