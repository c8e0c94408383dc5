"""A REST server as one is begun: every book with its author, by Flask and SQLAlchemy's ORM.

    python -m benchmarks.claims.over_fetching.naive_rest --port PORT --database FILE

GET /books has the newest first. Without `limit` that is all of them; without `fields` each has all
of its members, and its author with all of theirs.

The classes are its own, since those of benchmarks/peers/models.py have no author: another relation
there would change a peer whose speed is published.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    joinedload,
    load_only,
    mapped_column,
    relationship,
    scoped_session,
    sessionmaker,
)

from benchmarks.claims.servers import listen_at, parser_of
from benchmarks.peers.serving import serve_wsgi_at

THREADS = 1  # as the peer of the same kind has, see benchmarks/peers/flask_orm.py

app = Flask(__name__)
db_session = scoped_session(sessionmaker(autoflush=False))


class Base(DeclarativeBase):
    """Of all mapped classes."""


class Author(Base):
    """An author."""

    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    bio: Mapped[str | None]


class Book(Base):
    """A book."""

    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    isbn: Mapped[str]
    price_cents: Mapped[int]
    publication_date: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    genre: Mapped[str]
    description: Mapped[str | None]
    stock: Mapped[int]
    author: Mapped[Author] = relationship()


_NEWEST = select(Book).order_by(Book.publication_date.desc(), Book.id)


@app.teardown_appcontext
def shutdown_session(exception: BaseException | None = None) -> None:
    """End the request's session."""
    db_session.remove()


@app.get("/books")
def list_books() -> Response:
    """The newest books: `limit` of them, with the members that `fields` names."""
    fields = [name for name in request.args.get("fields", "").split(",") if name]
    limit = request.args.get("limit", type=int)
    statement = _NEWEST if limit is None else _NEWEST.limit(limit)
    if fields:
        named = load_only(*(getattr(Book, name) for name in fields))
        books = db_session.scalars(statement.options(named))
        return jsonify([{name: getattr(book, name) for name in fields} for book in books])
    books = db_session.scalars(statement.options(joinedload(Book.author)))
    return jsonify([_shown(book) for book in books])


def _shown(book: Book) -> dict[str, Any]:
    author = book.author
    return {
        "id": book.id,
        "title": book.title,
        "isbn": book.isbn,
        "price": book.price_cents / 100,
        "publication_date": book.publication_date,
        "genre": book.genre,
        "description": book.description,
        "stock": book.stock,
        "author": {
            "id": author.id,
            "name": author.name,
            "email": author.email,
            "bio": author.bio,
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal says stop."""
    parser = parser_of("Serves the newest books as a REST API that was just begun.")
    parser.add_argument("--database", type=Path, required=True, help="the SQLite file to read")
    options = parser.parse_args(arguments)
    if not options.database.is_file():
        parser.error(f"there is no file {options.database}")
    db_session.configure(bind=create_engine(f"sqlite:///{options.database}"))
    serve_wsgi_at(app, THREADS, *listen_at(options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
