"""The index for searches, by trigrams: which books have all groups of three characters of a text.

On SQLite it is an FTS5 table, which triggers keep in step with the books; on PostgreSQL a GIN index
of pg_trgm. Without either, a search reads the books one by one. The index only says which books may
match: each is compared with the whole text as well, so that the answer is always the same.
"""

import sqlite3
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, column, table
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import OperationalError

from shared.rules.normalization import folded

_BETWEEN: Final = "\x1f"  # keeps a match from spanning title and description


def search_text(title: str, description: str | None) -> str:
    """The text that is searched."""
    return _BETWEEN.join((searched(title), searched(description or "")))


def searched(text: str) -> str:
    """A text as it is compared: what lies between two is a space within one."""
    return folded(text.replace(_BETWEEN, " "))


NAME: Final = "book_search"
TABLE: Final = table(NAME, column("rowid"), column(NAME))  # FTS5 matches by the table's own name

# Of 20 trigrams that overlap, the first match took 15 ms among a million books, of the 7 that
# cover the same text 4 ms; what a trigram less lets through is compared anyway.
_MOST_TRIGRAMS: Final = 12

# The text is case folded already. Without positions (`detail`) the index has a third of the size.
_CREATE: Final = (
    f"CREATE VIRTUAL TABLE {NAME} USING fts5(search_text, content='book', content_rowid='id', "
    "detail=none, columnsize=0, tokenize='trigram case_sensitive 1')"
)
_REMOVE: Final = (
    f"INSERT INTO {NAME}({NAME}, rowid, search_text) VALUES ('delete', old.id, old.search_text);"  # noqa: S608
)
_ADD: Final = f"INSERT INTO {NAME}(rowid, search_text) VALUES (new.id, new.search_text);"  # noqa: S608
_TRIGGERS: Final = {
    f"{NAME}_add": f"AFTER INSERT ON book BEGIN {_ADD} END",
    f"{NAME}_remove": f"AFTER DELETE ON book BEGIN {_REMOVE} END",
    # Not of every column: an order that takes stock changes nothing here.
    f"{NAME}_change": "AFTER UPDATE OF search_text ON book WHEN old.search_text <> new.search_text "
    f"BEGIN {_REMOVE} {_ADD} END",
}
PARTS: Final = frozenset([NAME, *_TRIGGERS])  # on SQLite
_HAS_TRIGGERS: Final = (
    f"SELECT count(*) = {len(_TRIGGERS)} FROM sqlite_master "  # noqa: S608 - our own names
    f"WHERE type = 'trigger' AND name LIKE '{NAME}_%'"
)

# Whatever forbids it (no right to make extensions, none installed), searches go without. It is
# looked for first: IF NOT EXISTS would wait for all who write books, and they for it.
_CREATE_GIN: Final = """
DO $$ BEGIN
    IF to_regclass('ix_book_search') IS NULL THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX ix_book_search ON book
            USING gin (search_text gin_trgm_ops) WITH (fastupdate = off);
    END IF;
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file
    OR undefined_object THEN NULL;
END $$
"""
_HAS_GIN: Final = "SELECT to_regclass('ix_book_search') IS NOT NULL"

_known: WeakKeyDictionary[Dialect, bool] = WeakKeyDictionary()  # one dialect for each engine


def create(connection: Connection) -> None:
    """Make the index and fill it from the books, unless it is there; in the caller's transaction.

    A million books take some 10 s and 95 MB on SQLite. It does nothing where the database has
    no trigrams.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_CREATE_GIN)
    elif _has_fts5(connection):
        if not connection.exec_driver_sql(_HAS_TRIGGERS).scalar_one():
            _create_fts5(connection)
    else:
        # Another Python may have made them; without them the index is made anew by the next.
        _drop_triggers(connection)


def require_in_order(connection: sqlite3.Connection) -> None:
    """Have SQLite look through the index, if there is one.

    Raises:
        sqlite3.Error: it is damaged.
    """
    if connection.execute(_HAS_TRIGGERS).fetchone()[0]:
        connection.execute(f"INSERT INTO {NAME}({NAME}) VALUES ('integrity-check')")  # noqa: S608
        connection.rollback()


def drop(connection: Connection) -> None:
    """Remove the index, if it is there; on PostgreSQL it goes with the books."""
    if connection.dialect.name == "sqlite" and _has_fts5(connection):
        _drop_fts5(connection)


def _has_fts5(connection: Connection) -> bool:
    probe = f"CREATE VIRTUAL TABLE temp.{NAME}_probe USING fts5(text, tokenize='trigram')"
    try:
        connection.exec_driver_sql(probe)
    except OperationalError:  # no such module, or no such tokenizer (SQLite before 3.34)
        return False
    connection.exec_driver_sql(f"DROP TABLE temp.{NAME}_probe")
    return True


def _create_fts5(connection: Connection) -> None:
    _drop_fts5(connection)
    connection.exec_driver_sql(_CREATE)
    connection.exec_driver_sql(f"INSERT INTO {NAME}({NAME}) VALUES ('rebuild')")  # noqa: S608
    for name, action in _TRIGGERS.items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {action}")


def _drop_fts5(connection: Connection) -> None:
    _drop_triggers(connection)
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {NAME}")


def _drop_triggers(connection: Connection) -> None:
    for name in _TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")


def is_there(cursor: DBAPICursor, dialect: Dialect) -> bool:
    """Whether searches can use the index; asked once for each database that is open."""
    found = _known.get(dialect)
    if found is None:
        cursor.execute(_HAS_TRIGGERS if dialect.name == "sqlite" else _HAS_GIN)
        found = _known[dialect] = bool(cursor.fetchall()[0][0])
    return found


def parameters(text: str) -> dict[str, Any]:
    """What a search's statement is given for this text, which is case folded."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"search": text, "pattern": f"%{escaped}%", "trigrams": _trigrams(text)}


def _trigrams(text: str) -> str:
    """The trigrams that FTS5 has to find: every third, and the last; only some of a long text."""
    last = len(text) - 3
    starts = list(dict.fromkeys([*range(0, last, 3), last]))
    step = -(-len(starts) // _MOST_TRIGRAMS)
    chosen = dict.fromkeys(text[start : start + 3] for start in starts[::step])
    return " AND ".join('"{}"'.format(one.replace('"', '""')) for one in chosen)
