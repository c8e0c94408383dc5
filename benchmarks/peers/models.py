"""The bookstore as SQLAlchemy's documentation maps tables to classes, for the peers that do so."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from sqlalchemy.orm.interfaces import ORMOption


class Base(DeclarativeBase):
    """Of all mapped classes."""


class Book(Base):
    """A book."""

    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    isbn: Mapped[str]
    price_cents: Mapped[int]
    publication_date: Mapped[str]
    author_id: Mapped[int]
    genre: Mapped[str]
    description: Mapped[str | None]
    stock: Mapped[int]

    @property
    def price(self) -> float:
        """As it is shown."""
        return self.price_cents / 100


class OrderItem(Base):
    """So many copies of a book."""

    __tablename__ = "order_item"

    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"), primary_key=True)
    quantity: Mapped[int]
    book: Mapped[Book] = relationship()


class Order(Base):
    """An order."""

    __tablename__ = "order"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    order_date: Mapped[str]
    items: Mapped[list[OrderItem]] = relationship(order_by=OrderItem.book_id)


class Customer(Base):
    """A customer."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list[Order]] = relationship(order_by=Order.id)


# A statement per relation and not per row: "select IN loading", which SQLAlchemy's documentation
# calls the best choice for most collections.
HISTORY: list[ORMOption] = [
    selectinload(Customer.orders).selectinload(Order.items).selectinload(OrderItem.book)
]
