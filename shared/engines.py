"""SQLAlchemy's engines for the two kinds of databases: how their connections are opened and set."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

BUSY_TIMEOUT_MS = 5_000
POOL_SIZE = 10  # connections to PostgreSQL per process


def sqlite_engine(path: Path, *, lasting: bool) -> Engine:
    """An engine for a SQLite file; one that lasts is synchronised to the disk at each commit."""
    engine = create_engine(f"sqlite:///{path}", poolclass=QueuePool, max_overflow=-1)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours to say
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            f"synchronous = {'FULL' if lasting else 'OFF'}",
            "foreign_keys = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def postgresql_engine(url: str, timeout_s: float | None = None) -> Engine:
    """An engine for PostgreSQL over psycopg 3; transactions are begun by us.

    Args:
        url: of the database, `postgresql://...`.
        timeout_s: the most that one statement may take; None for any time.
    """
    timeout_ms = 0 if timeout_s is None else max(1, int(timeout_s * 1000))
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="AUTOCOMMIT",
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=min(10, timeout_s or 10),
        connect_args={"connect_timeout": 5, "options": f"-c statement_timeout={timeout_ms}"},
    )
