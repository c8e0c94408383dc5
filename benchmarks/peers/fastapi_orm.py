"""FastAPI with response models and SQLAlchemy's ORM, as FastAPI's documentation shows both.

Its tutorial writes the mapped classes by SQLModel, which is SQLAlchemy's mapping with pydantic's
models in one; here they are two.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from benchmarks.peers import models
from benchmarks.peers.serving import database, serve_asgi

engine: Engine


class Shown(BaseModel):
    """What is shown of an object, read from its attributes."""

    model_config = ConfigDict(from_attributes=True)


class BookPublic(Shown):
    """A book as shown."""

    id: int
    title: str
    isbn: str
    price: float
    publication_date: str
    author_id: int
    genre: str
    description: str | None
    stock: int


class TitlePublic(Shown):
    """A book's title."""

    title: str


class ItemPublic(Shown):
    """An item of an order."""

    quantity: int
    book: TitlePublic


class OrderPublic(Shown):
    """An order as a history shows it."""

    order_date: str
    items: list[ItemPublic]


class HistoryPublic(Shown):
    """A customer's orders."""

    name: str
    orders: list[OrderPublic]


def get_session() -> Iterator[Session]:
    """A request's session."""
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]

app = FastAPI()


@app.get("/ping")
async def ping() -> dict[str, str]:
    """The floor: the same server and framework, a constant."""
    return {"status": "ok"}


@app.get("/books/{book_id}", response_model=BookPublic)
def read_book(book_id: int, session: SessionDep) -> models.Book:
    """One book."""
    book = session.get(models.Book, book_id)
    if book is None:
        raise HTTPException(status_code=404, detail="Book not found")
    return book


@app.get("/books", response_model=list[BookPublic])
def read_books(session: SessionDep, limit: Annotated[int, Query(le=100)] = 20) -> list[models.Book]:
    """A page of books."""
    return list(session.scalars(select(models.Book).order_by(models.Book.id).limit(limit)))


@app.get("/customers/{customer_id}/history", response_model=HistoryPublic)
def read_history(customer_id: int, session: SessionDep) -> models.Customer:
    """A customer's orders, with the titles of what was ordered."""
    customer = session.get(models.Customer, customer_id, options=models.HISTORY)
    if customer is None:
        raise HTTPException(status_code=404, detail="Customer not found")
    return customer


def main() -> None:
    """Serve until a signal says stop."""
    global engine  # noqa: PLW0603 - as the tutorial has it
    engine = create_engine(f"sqlite:///{database()}", pool_size=16)
    serve_asgi(app)


if __name__ == "__main__":
    main()
