"""SQLAlchemy's engines for the two kinds of databases: how their connections are opened and set."""

import select
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from shared import limits
from shared.storage import named_file
from shared.storage.timed_connection import TimedConnection, connect_in_time

BUSY_TIMEOUT_MS = 5_000
# A server that is gone without a word, or that no network leads to any more, is found out in about
# 10 s: by libpq's own options.
FINDS_OUT: Final[dict[str, Any]] = {
    "keepalives_idle": 4,  # s
    "keepalives_interval": 2,  # s
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # ms
}


def sqlite_engine(path: Path, *, lasting: bool, existing: bool = False) -> Engine:
    """An engine for a SQLite file.

    Args:
        path: of the file.
        lasting: whether it is synchronised to the disk at each commit.
        existing: whether it has to be there already, instead of being made.
    """
    opening = {"creator": partial(named_file.connect, path)} if existing else {}
    engine = create_engine(f"sqlite:///{path}", poolclass=QueuePool, max_overflow=-1, **opening)

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
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def postgresql_engine(
    url: str, timeout_s: float | None = None, pool_size: int = limits.POOL_SIZE
) -> Engine:
    """An engine for PostgreSQL over psycopg 3; transactions are begun by us.

    Args:
        url: of the database, `postgresql://...`.
        timeout_s: the most that one statement may take, and that anything is waited for; None
            for any time.
        pool_size: connections at once; whoever needs one more has to wait before asking.
    """
    timeout_ms = 0 if timeout_s is None else max(1, int(timeout_s * 1000))
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=0,
        connect_args={
            "connect_timeout": 5,
            "client_encoding": "utf8",  # by default the database's, or what the environment says
            "options": f"-c statement_timeout={timeout_ms}",
            **FINDS_OUT,
        },
    )

    @event.listens_for(engine, "do_connect")
    def connect(
        _dialect: object, _record: object, arguments: list[Any], named: dict[str, Any]
    ) -> TimedConnection:
        return connect_in_time(timeout_s or inf, *arguments, **named)

    @event.listens_for(engine, "checkout")
    def require_open(connection: Any, _record: object, _fairy: object) -> None:
        # A server that ends a connection says so, or closes it: there is something to read though
        # nothing was asked. To look takes 1 µs; to ask the server (pool_pre_ping), a round trip.
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        if poll.poll(0):
            raise DisconnectionError("the server has closed this connection")

    return engine
