"""Whether the bookstore can be used now: what `/health` answers on both servers."""

from sqlalchemy import select

from shared.errors import Unavailable
from shared.serving.bookstore import Bookstore
from shared.storage import tables
from shared.storage.statements import Statement

_MADE = Statement(select(tables.bookstore.c.name, tables.bookstore.c.value))


def check_health(bookstore: Bookstore) -> dict[str, str | int | float]:
    """The answer of `/health`: which database there is, and the sample data that it was made with.

    Raises:
        Unavailable: the database does not answer, or is not the bookstore's.
    """
    database = bookstore.database
    database.require_file()
    database.require_schema()
    with database.reading() as connection:
        made = {name: value for name, value in connection.all(_MADE)}  # noqa: C416 - rows of two
    if "complete" not in made:
        raise Unavailable("the database answers, but the bookstore in it is not complete")
    return {
        "status": "ok",
        "database": database.dialect.name,
        "instance": bookstore.instance,
        "books": int(made["books"]),
        "seed": int(made["seed"]),
        "db_latency_ms": database.delay_ms,
    }
