"""Models of paths and query strings; the rules of their values are those of `shared`.

flask-openapi describes them in the OpenAPI document; `parsing` validates requests by them.
"""

from typing import Annotated, Any

from pydantic import Field
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from shared import limits
from shared.errors import ValidationFailed, Violation
from shared.models import Input
from shared.reading.catalogue import AUTHOR, BOOK, CUSTOMER, ORDER, Entity
from shared.reading.listing import (
    AuthorQuery,
    BookQuery,
    BooksOfAuthorQuery,
    CustomerQuery,
    OrderQuery,
    OrdersOfCustomerQuery,
)
from shared.reading.selection import (
    FULL_AUTHOR,
    FULL_BOOK,
    FULL_CUSTOMER,
    FULL_ORDER,
    ORDER_SUMMARY,
    Selection,
    parse_fields,
)
from shared.rules.values import IdText, Rule, shown


class FieldsRule(Rule):
    """Dotted paths with commas between them, as the selection that they name."""

    def __init__(self, entity: Entity, example: str) -> None:
        self.entity = entity
        self.example = example

    def check(self, value: Any) -> Selection:
        if not isinstance(value, str):
            raise ValidationFailed([Violation(("fields",), f"must be text, got {shown(value)}")])
        return parse_fields(self.entity, value)

    def schema(self) -> CoreSchema:
        return core_schema.any_schema()

    def details(self) -> JsonSchemaValue:
        return {
            "type": "string",
            "format": f"fields-of-{self.entity.name}",
            "minLength": 1,
            "maxLength": limits.MAX_FIELDS_TEXT,
            "examples": [self.example],
        }


def _selects(default: Selection) -> Any:
    return Field(
        default_factory=lambda: default,
        description=(
            "The members to show, as dotted paths with commas between them. A path may follow "
            "relations; one that ends in a relation stands for all members of what it leads to. "
            f"Without it: {', '.join(default.keys)}."
        ),
    )


AuthorSelection = Annotated[Selection, FieldsRule(AUTHOR, "name,books.title")]
BookSelection = Annotated[Selection, FieldsRule(BOOK, "title,price,author.name")]
CustomerSelection = Annotated[Selection, FieldsRule(CUSTOMER, "name,orders.status")]
OrderSelection = Annotated[Selection, FieldsRule(ORDER, "status,items.quantity,items.book.title")]


class NoQuery(Input):
    """No query parameters: any that is given is refused."""


class IdPath(Input):
    """The id of the resource that is addressed."""

    id: IdText = Field(description="Which one.", examples=[1])


class AuthorFields(Input):
    """What an author is shown with."""

    fields: AuthorSelection = _selects(FULL_AUTHOR)


class BookFields(Input):
    """What a book is shown with."""

    fields: BookSelection = _selects(FULL_BOOK)


class CustomerFields(Input):
    """What a customer is shown with."""

    fields: CustomerSelection = _selects(FULL_CUSTOMER)


class OrderFields(Input):
    """What an order is shown with."""

    fields: OrderSelection = _selects(FULL_ORDER)


class AuthorList(AuthorFields, AuthorQuery):
    """What a list of authors takes."""


class BookList(BookFields, BookQuery):
    """What a list of books takes."""


class CustomerList(CustomerFields, CustomerQuery):
    """What a list of customers takes."""


class OrderList(OrderFields, OrderQuery):
    """What a list of orders takes."""


class BooksOfAuthorList(BookFields, BooksOfAuthorQuery):
    """What a list of one author's books takes."""


class OrdersOfCustomerList(OrdersOfCustomerQuery):
    """What a list of one customer's orders takes."""

    fields: OrderSelection = _selects(ORDER_SUMMARY)


class ProblemPath(Input):
    """The problem's name in the path."""

    name: str = Field(description="Its code, in lower case with hyphens.", examples=["not-found"])
