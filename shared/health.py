"""Whether the bookstore can be used now: what `/health` answers on both servers."""

from sqlalchemy import bindparam, select

from shared import tables
from shared.errors import Unavailable
from shared.seeding import Bookstore
from shared.statements import Statement

_COMPLETE = Statement(
    select(tables.bookstore.c.value).where(tables.bookstore.c.name == bindparam("name"))
)


def check_health(bookstore: Bookstore) -> dict[str, str]:
    """What answers, after asking the database.

    Raises:
        Unavailable: the database does not answer, or is not the bookstore's.
    """
    database = bookstore.database
    with database.reading() as connection:
        row = connection.first(_COMPLETE, name="complete")
    if row is None:
        raise Unavailable("the database answers, but the bookstore in it is not complete")
    return {
        "status": "ok",
        "database": database.dialect.name,
        "instance": bookstore.instance,
    }
