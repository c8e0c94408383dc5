"""Translates the errors of the two database drivers into the bookstore's."""

import sqlite3

import psycopg

from shared.errors import TimedOut, Unavailable
from shared.storage.instrumentation import remaining_s


class ConstraintViolation(Exception):
    """A unique or foreign key constraint refused a write.

    Attributes:
        unique: the name of the unique constraint, e.g. `uq_author_email`; None for a foreign key.
    """

    def __init__(self, unique: str | None) -> None:
        super().__init__(unique or "foreign key")
        self.unique = unique


# SQLite's errors caused by the machine or another process; its other operational errors are bugs.
_STATES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOLFS,
    }
)
_DAMAGES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})


# The machine takes no writes, such as a disk that is full, or a file that is read only by now.
_REFUSALS_TO_WRITE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
    }
)


# A server that refuses writes is a replica, or is being replaced by another one.
_STATES_OF_A_SERVER = (
    psycopg.OperationalError,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.DataCorrupted,
    psycopg.errors.IndexCorrupted,
    psycopg.errors.InsufficientPrivilege,  # as it was not when the database was opened
)


def is_damage(error: Exception) -> bool:
    """Whether SQLite has found that the file is no whole database."""
    return _code(error) in _DAMAGES


def is_refusal_to_write(error: Exception) -> bool:
    """Whether SQLite could not write to the file, though that is whole."""
    return getattr(error, "sqlite_errorcode", None) in _REFUSALS_TO_WRITE


def is_refusal_of_rights(error: Exception) -> bool:
    """Whether PostgreSQL says that this user may not do it."""
    return isinstance(error, psycopg.errors.InsufficientPrivilege)


def is_busy(error: Exception) -> bool:
    """Whether somebody else has the lock of SQLite's that was asked for."""
    return _code(error) == sqlite3.SQLITE_BUSY


def _is_state(error: Exception) -> bool:
    return _code(error) in _STATES


def _code(error: Exception) -> int | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF  # the lowest byte is the primary code


def translated(error: Exception) -> Exception:
    """The driver's error as one of ours; an unexpected error stays as it is."""
    if isinstance(error, sqlite3.IntegrityError):
        text = str(error)
        if text.startswith("UNIQUE constraint failed: "):
            return ConstraintViolation("uq_" + text.rsplit(": ", 1)[1].replace(".", "_"))
        return ConstraintViolation(None) if text.startswith("FOREIGN KEY") else error
    if isinstance(error, psycopg.errors.UniqueViolation):
        return ConstraintViolation(error.diag.constraint_name)
    if isinstance(error, psycopg.errors.ForeignKeyViolation):
        return ConstraintViolation(None)
    if isinstance(error, psycopg.errors.QueryCanceled):
        return timed_out()
    if isinstance(error, _STATES_OF_A_SERVER) or _is_state(error):
        if remaining_s() <= 0:
            return timed_out()
        return Unavailable(f"the database does not answer now: {str(error).strip()}")
    return error


def first_line(error: Exception) -> str:
    """The first line of an error, without the hints that drivers write below it."""
    return (str(error).strip() or repr(error)).splitlines()[0]


def timed_out() -> TimedOut:
    """The error for a request that has taken as long as it may."""
    return TimedOut("the request took longer than it may; ask for less, or try again later")
