"""Operations on customers."""

from shared.database import Connection
from shared.models import CustomerCreate, CustomerUpdate
from shared.operations.rows import Versions, change_row, delete_row, found, insert_row
from shared.reading.catalogue import CUSTOMER
from shared.reading.fetching import Record, Records, fetch_one
from shared.reading.listing import CustomerQuery, fetch_list
from shared.reading.selection import FULL_CUSTOMER, Selection


def list_customers(
    connection: Connection, query: CustomerQuery, selection: Selection = FULL_CUSTOMER
) -> Records:
    """A page of all customers, or those with the ids that are given."""
    return fetch_list(connection, query, selection)


def get_customer(
    connection: Connection, customer_id: int, selection: Selection = FULL_CUSTOMER
) -> Record:
    """One customer.

    Raises:
        NotFound: there is none with this id.
    """
    return found(CUSTOMER, customer_id, fetch_one(connection, selection, customer_id))


def create_customer(
    connection: Connection, customer: CustomerCreate, selection: Selection = FULL_CUSTOMER
) -> Record:
    """Add a customer.

    Raises:
        Duplicate: the e-mail address is taken.
    """
    customer_id = insert_row(connection, CUSTOMER, customer.model_dump())
    return get_customer(connection, customer_id, selection)


def replace_customer(
    connection: Connection,
    customer_id: int,
    customer: CustomerCreate,
    selection: Selection = FULL_CUSTOMER,
    *,
    expected: Versions = None,
) -> Record:
    """Set every member of a customer; what is left out becomes empty.

    Raises:
        NotFound: there is none with this id.
        ValidationFailed: a member that is read only is not as it is.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        Duplicate: the e-mail address is taken.
    """
    values, own = customer.values(), customer.own()
    return change_row(connection, CUSTOMER, customer_id, values, selection, expected, own)


def update_customer(
    connection: Connection,
    customer_id: int,
    customer: CustomerUpdate,
    selection: Selection = FULL_CUSTOMER,
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
    changes, own = customer.changes(), customer.own()
    return change_row(connection, CUSTOMER, customer_id, changes, selection, expected, own)


def delete_customer(connection: Connection, customer_id: int, *, expected: Versions = None) -> None:
    """Remove a customer.

    Raises:
        NotFound: there is none with this id.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        InUse: orders are of this customer.
    """
    delete_row(connection, CUSTOMER, customer_id, "orders", expected)
