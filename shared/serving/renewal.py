"""Brings a database that an earlier version made up to date."""

import logging
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, Text, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError

from shared.rules.normalization import nfc
from shared.sample_data.filling import TEXT_FORM, gather_statistics, mark_file
from shared.storage import search_index, tables
from shared.storage.search_index import search_text

log = logging.getLogger(__name__)

# Earlier versions made them; others do their work now.
_FORMER_INDEXES: Final = {
    *("ix_author_name", "ix_customer_name", "ix_book_author_id", "ix_book_genre", "ix_book_title"),
    *("ix_book_price", "ix_book_publication_date", "ix_order_customer_id", "ix_order_status"),
    *("ix_order_date", "ix_order_total"),
}
_BATCH: Final = 1_000  # rows read at once; their changes are one transaction

Row = dict[str, Any]


def renew(engine: Engine) -> None:
    """Make the tables and indexes that are missing, and bring the text of all rows into NFC."""
    _add_what_is_new(engine)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            mark_file(connection)
        else:  # whose engine commits each statement by itself
            connection.execution_options(isolation_level="READ COMMITTED")
        _compose(connection)


def _add_what_is_new(engine: Engine) -> None:
    before = _indexes_in(engine)
    tables.metadata.create_all(engine)
    for table in tables.metadata.sorted_tables:
        for index in table.indexes:
            if index.name not in before:
                index.create(engine, checkfirst=True)  # a new table has come with its own
    with engine.connect() as connection:
        with connection.begin():
            search_index.create(connection)
        for name in _FORMER_INDEXES & before:
            with connection.begin():
                connection.exec_driver_sql(f'DROP INDEX "{name}"')
        if _indexes_in(engine) != before:
            gather_statistics(connection)


def _indexes_in(engine: Engine) -> set[str]:
    found = inspect(engine).get_multi_indexes()
    return {str(index["name"]) for indexes in found.values() for index in indexes}


def _compose(connection: Connection) -> None:
    """Bring text into NFC, once: what is searched for is, too."""
    name, form = TEXT_FORM
    mark = tables.bookstore.c
    with connection.begin():
        done = connection.execute(select(mark.value).where(mark.name == name)).scalar()
    if done == form:
        return
    for table in (tables.author, tables.book, tables.customer):  # an order has no text of others
        for batch in _batches(connection, table):
            ids = [row["id"] for row in batch if _composed(table, row)]
            if ids:
                with connection.begin():
                    for row in _locked(connection, table, ids):
                        _rewrite(connection, table, row)
    with connection.begin():
        connection.execute(insert(tables.bookstore).values(name=name, value=form))


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
