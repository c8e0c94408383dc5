"""Brings a database that an earlier version made up to date."""

import logging
from collections.abc import Iterable, Iterator
from threading import Event
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, Table, Text, func, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError

from shared.errors import StartError
from shared.rules.normalization import nfc
from shared.sample_data.filling import TEXT_FORM, gather_statistics, mark_file
from shared.sample_data.interruptible import interruptibly
from shared.sample_data.progress import shown_progress
from shared.storage import search_index, tables
from shared.storage.schema import missing_columns
from shared.storage.search_index import search_text

log = logging.getLogger(__name__)

# Earlier versions made them; others do their work now.
_FORMER_INDEXES: Final = {
    *("ix_author_name", "ix_customer_name", "ix_book_author_id", "ix_book_genre", "ix_book_title"),
    *("ix_book_price", "ix_book_publication_date", "ix_order_customer_id", "ix_order_status"),
    *("ix_order_date", "ix_order_total"),
}
# The first version had none of them. Another one that is missing has lost its rows.
_LATER_TABLES: Final = [tables.order_event, tables.idempotency_key]
_WITH_TEXT: Final = (tables.author, tables.book, tables.customer)  # an order has none of others
_BATCH: Final = 1_000  # rows read at once; their changes are one transaction

Row = dict[str, Any]
Item = TypeVar("Item")


def renew(engine: Engine) -> None:
    """Make the tables and indexes that are missing, and bring the text of all rows into NFC.

    An exception that a signal handler raises comes through at once; the next start goes on.

    Raises:
        StartError: a table or a column that every version has is missing.
    """
    with engine.connect() as connection:
        interruptibly(connection, lambda stop: _renew(connection, stop))


def _renew(connection: Connection, stop: Event) -> None:
    with connection.begin():
        tables.metadata.create_all(connection, tables=_LATER_TABLES)
    _require_columns(connection)
    with connection.begin():
        books = connection.execute(select(func.max(tables.book.c.id))).scalar() or 0
    _add_what_is_new(connection, books, stop)
    if connection.dialect.name == "sqlite":
        mark_file(connection)
    else:  # whose engine commits each statement by itself
        connection.execution_options(isolation_level="READ COMMITTED")
    _compose(connection, books, stop)


def _require_columns(connection: Connection) -> None:
    with connection.begin():
        found = inspect(connection).get_multi_columns()
    names = [(table, column["name"]) for (_, table), of in found.items() for column in of]
    if missing := missing_columns(names):
        url = connection.engine.url
        where = url.set(drivername=connection.dialect.name).render_as_string()
        raise StartError(
            f"{where} lacks {missing}, which another program "
            "has taken away: restore it, or set BOOKSTORE_DATABASE_URL to another database"
        )


def _add_what_is_new(connection: Connection, books: int, stop: Event) -> None:
    before = _indexes_in(connection)
    found = [index for table in tables.metadata.sorted_tables for index in table.indexes]
    missing = [index for index in found if index.name not in before]
    with shown_progress("making indexes that are new", books, len(missing) + 1) as progress:
        for index in _until(stop, missing):
            progress.begin(f"index {index.name}")
            with connection.begin():
                index.create(connection, checkfirst=True)
            progress.advance(1)
        progress.begin("search index")
        with connection.begin():
            search_index.create(connection)
    for name in _FORMER_INDEXES & before:
        with connection.begin():
            connection.exec_driver_sql(f'DROP INDEX "{name}"')
    if _indexes_in(connection) != before:
        gather_statistics(connection)


def _indexes_in(connection: Connection) -> set[str]:
    with connection.begin():
        found = inspect(connection).get_multi_indexes()
    return {str(index["name"]) for indexes in found.values() for index in indexes}


def _compose(connection: Connection, books: int, stop: Event) -> None:
    """Bring text into NFC, once: what is searched for is, too."""
    name, form = TEXT_FORM
    mark = tables.bookstore.c
    with connection.begin():
        if connection.execute(select(mark.value).where(mark.name == name)).scalar() == form:
            return
        counts = select(*(select(func.count(t.c.id)).scalar_subquery() for t in _WITH_TEXT))
        total = sum(connection.execute(counts).one())
    title = f"bringing the text of {total:,} rows into one form ({form})"
    with shown_progress(title, books, total) as progress:
        for table in _WITH_TEXT:
            progress.begin(f"rows of {table.name}")
            for batch in _batches(connection, table):
                _compose_rows(connection, table, batch, stop)
                progress.advance(len(batch))
    with connection.begin():
        connection.execute(insert(tables.bookstore).values(name=name, value=form))


def _compose_rows(connection: Connection, table: Table, batch: list[Row], stop: Event) -> None:
    ids = [row["id"] for row in _until(stop, batch) if _composed(table, row)]
    if ids:
        with connection.begin():
            for row in _until(stop, _locked(connection, table, ids)):
                _rewrite(connection, table, row)


def _until(stop: Event, items: Iterable[Item]) -> Iterator[Item]:
    """These, unless the start is cut short meanwhile."""
    for item in items:
        if stop.is_set():
            raise InterruptedError
        yield item


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if isinstance(column.type, Text)]


def _batches(connection: Connection, table: Table) -> Iterator[list[Row]]:
    last = 0
    columns = (table.c.id, *(table.c[name] for name in _columns(table)))
    while True:
        page = select(*columns).where(table.c.id > last).order_by(table.c.id).limit(_BATCH)
        with connection.begin():
            rows = [dict(row) for row in connection.execute(page).mappings()]
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


def _locked(connection: Connection, table: Table, ids: list[int]) -> list[Row]:
    """These rows as they are now: servers that are there already may have changed them."""
    columns = (table.c.id, *(table.c[name] for name in _columns(table)))
    rows = select(*columns).where(table.c.id.in_(ids)).order_by(table.c.id).with_for_update()
    return [dict(row) for row in connection.execute(rows).mappings()]


def _composed(table: Table, row: Row) -> Row:
    """What changes of a row."""
    new = {name: text if text is None else nfc(text) for name, text in row.items() if name != "id"}
    if table is tables.book:
        new["search_text"] = search_text(new["title"] or "", new["description"])
    return {name: text for name, text in new.items() if text != row[name]}


def _rewrite(connection: Connection, table: Table, row: Row) -> None:
    new = _composed(table, row)
    if not new:
        return
    if new.keys() != {"search_text"}:  # which nobody is shown
        new["version"] = table.c.version + 1
    try:
        with connection.begin_nested():
            connection.execute(update(table).where(table.c.id == row["id"]).values(new))
    except IntegrityError:
        log.warning(
            "%s %d keeps its text as it is: in Unicode's NFC another one has the same",
            table.name,
            row["id"],
        )
