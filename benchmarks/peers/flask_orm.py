"""Flask with SQLAlchemy's ORM and jsonify, as Flask's documentation shows both together."""

from typing import Any

from flask import Flask, Response, abort, jsonify, request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from benchmarks.peers.models import HISTORY, Book, Customer
from benchmarks.peers.serving import database, serve_wsgi

# As few as there are cores for them: 8, which ours needs for requests that wait, are slower here.
THREADS = 1

app = Flask(__name__)
db_session = scoped_session(sessionmaker(autoflush=False))


@app.teardown_appcontext
def shutdown_session(exception: BaseException | None = None) -> None:
    """End the request's session."""
    db_session.remove()


@app.get("/ping")
def ping() -> Response:
    """The floor: the same server and framework, a constant."""
    return jsonify(status="ok")


@app.get("/books/<int:book_id>")
def get_book(book_id: int) -> Response:
    """One book."""
    book = db_session.get(Book, book_id)
    if book is None:
        abort(404)
    return jsonify(shown(book))


@app.get("/books")
def list_books() -> Response:
    """A page of books."""
    limit = request.args.get("limit", 20, type=int)
    books = db_session.scalars(select(Book).order_by(Book.id).limit(limit))
    return jsonify([shown(book) for book in books])


@app.get("/customers/<int:customer_id>/history")
def order_history(customer_id: int) -> Response:
    """A customer's orders, with the titles of what was ordered."""
    customer = db_session.get(Customer, customer_id, options=HISTORY)
    if customer is None:
        abort(404)
    orders = [
        {
            "order_date": order.order_date,
            "items": [
                {"quantity": item.quantity, "book": {"title": item.book.title}}
                for item in order.items
            ],
        }
        for order in customer.orders
    ]
    return jsonify({"name": customer.name, "orders": orders})


def shown(book: Book) -> dict[str, Any]:
    """A book's members."""
    return {
        "id": book.id,
        "title": book.title,
        "isbn": book.isbn,
        "price": book.price,
        "publication_date": book.publication_date,
        "author_id": book.author_id,
        "genre": book.genre,
        "description": book.description,
        "stock": book.stock,
    }


def main() -> None:
    """Serve until a signal says stop."""
    db_session.configure(bind=create_engine(f"sqlite:///{database()}"))
    serve_wsgi(app, THREADS)


if __name__ == "__main__":
    main()
