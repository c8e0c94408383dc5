"""The REST server's application; run as a script it serves, by default on port 8000."""

from rest_api.framework import RestApp
from rest_api.resources.authors import authors
from rest_api.resources.books import books
from rest_api.resources.customers import customers
from rest_api.resources.meta import pages, service
from rest_api.resources.order_events import order_events
from rest_api.resources.orders import orders
from rest_api.web.middleware import Middleware
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from shared.serving.streams import Streams


def create_app(settings: Settings, bookstore: Bookstore) -> RestApp:
    """The application over a bookstore that is open, with everything around it."""
    app = RestApp(settings, bookstore)
    app.extensions["streams"] = Streams(settings.max_streams)
    for resource in (authors, books, customers, orders, order_events, service):
        app.register_api(resource)
    app.register_blueprint(pages)
    app.wsgi_app = Middleware(app.wsgi_app, settings)  # type: ignore[method-assign]  # Flask's way
    return app


if __name__ == "__main__":
    from rest_api.serving.server import main

    main(create_app)
