"""Operations on authors."""

from shared.database import Connection
from shared.models import AuthorCreate, AuthorUpdate
from shared.operations.rows import Versions, change_row, delete_row, found, insert_row
from shared.reading.catalogue import AUTHOR
from shared.reading.fetching import Record, Records, fetch_one
from shared.reading.listing import AuthorQuery, fetch_list
from shared.reading.selection import FULL_AUTHOR, Selection


def list_authors(
    connection: Connection, query: AuthorQuery, selection: Selection = FULL_AUTHOR
) -> Records:
    """A page of all authors, or those with the ids that are given."""
    return fetch_list(connection, query, selection)


def get_author(
    connection: Connection, author_id: int, selection: Selection = FULL_AUTHOR
) -> Record:
    """One author.

    Raises:
        NotFound: there is none with this id.
    """
    return found(AUTHOR, author_id, fetch_one(connection, selection, author_id))


def create_author(
    connection: Connection, author: AuthorCreate, selection: Selection = FULL_AUTHOR
) -> Record:
    """Add an author.

    Raises:
        Duplicate: the e-mail address is taken.
    """
    author_id = insert_row(connection, AUTHOR, author.model_dump())
    return get_author(connection, author_id, selection)


def replace_author(
    connection: Connection,
    author_id: int,
    author: AuthorCreate,
    selection: Selection = FULL_AUTHOR,
    *,
    expected: Versions = None,
) -> Record:
    """Set every member of an author; what is left out becomes empty.

    Raises:
        NotFound: there is none with this id.
        ValidationFailed: a member that is read only is not as it is.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        Duplicate: the e-mail address is taken.
    """
    values, own = author.values(), author.own()
    return change_row(connection, AUTHOR, author_id, values, selection, expected, own)


def update_author(
    connection: Connection,
    author_id: int,
    author: AuthorUpdate,
    selection: Selection = FULL_AUTHOR,
    *,
    expected: Versions = None,
) -> Record:
    """Set the members that are given.

    Raises:
        NotFound: there is none with this id.
        ValidationFailed: a member that is read only is not as it is.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        Duplicate: the e-mail address is taken.
    """
    changes, own = author.changes(), author.own()
    return change_row(connection, AUTHOR, author_id, changes, selection, expected, own)


def delete_author(connection: Connection, author_id: int, *, expected: Versions = None) -> None:
    """Remove an author.

    Raises:
        NotFound: there is none with this id.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        InUse: books are by this author.
    """
    delete_row(connection, AUTHOR, author_id, "books", expected)
