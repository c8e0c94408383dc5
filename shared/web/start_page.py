"""What `/` answers on both servers: links to everything, as a page or as JSON."""

import shlex
import sys
from html import escape
from string import Template
from typing import Literal
from urllib.parse import quote, urlsplit

from shared.config import CHECKOUT, Settings
from shared.web.header_lists import best_media_type
from shared.web.hosts import is_loopback

Here = Literal["rest", "graphql"]


def links(settings: Settings, *, public: bool = False) -> dict[str, dict[str, str]]:
    """Addresses by server and name; on request the public ones, where the servers have such."""
    rest, graphql = _bases(settings, public).values()
    graphiql = {
        "graphiql": f"{graphql}/graphql",
        "graphiql_dataloader": f"{graphql}/graphql/dataloader",
        "graphiql_unbatched": f"{graphql}/graphql/unbatched",
    }
    schema = {"schema": f"{graphql}/schema.graphql"}
    return {
        "rest": {
            "authors": f"{rest}/authors",
            "books": f"{rest}/books",
            "customers": f"{rest}/customers",
            "orders": f"{rest}/orders",
            "swagger_ui": f"{rest}/docs",
            "openapi": f"{rest}/openapi.json",
            "health": f"{rest}/health",
            "ping": f"{rest}/ping",
        },
        "graphql": {
            "lab": f"{graphql}/lab",
            **(graphiql if settings.graphiql else {}),
            **(schema if settings.introspection else {}),
            "health": f"{graphql}/health",
            "ping": f"{graphql}/ping",
        },
    }


def _bases(settings: Settings, public: bool) -> dict[str, str]:
    rest, graphql = settings.rest_url, settings.graphql_url
    if public:
        rest = settings.rest_public_url or rest
        graphql = settings.graphql_public_url or graphql
    return {"rest": rest, "graphql": graphql}


_NOTES = {
    "authors": "the first 20 authors",
    "books": "the first 20 books",
    "customers": "the first 20 customers",
    "orders": "the first 20 orders, with their items",
    "swagger_ui": "try every request in Swagger UI",
    "openapi": "the OpenAPI 3.1 document",
    "graphiql": "try queries in GraphiQL: a statement for each level",
    "graphiql_dataloader": "the same schema by resolvers and DataLoaders, as most servers have it",
    "graphiql_unbatched": "the same schema with a statement per parent, to see N+1",
    "lab": "load a screen over REST and over GraphQL, side by side",
    "schema": "the schema in GraphQL's own language",
    "health": "whether the database answers",
    "ping": "a constant: what an answer costs before it does anything",
}
_COMPARISON = "client_examples/compare_apis.py"
_TITLES = {"rest": "REST", "graphql": "GraphQL"}
_EXAMPLES = {
    "rest": (
        "An author's page in one request, with the fields it shows",
        "/authors/1?fields=name,email,books.title,books.price",
    ),
    "graphql": (
        "The same in GraphQL",
        "/graphql?query=" + quote("{ author(id: 1) { name email books { title price } } }"),
    ),
}

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bookstore: REST or GraphQL?</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; --line: #8884; --soft: #8881;
  --link: light-dark(#0b57d0, #8ab4f8);
  background: light-dark(#ffffff, #14171c); color: light-dark(#1b1f24, #e8eaed); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 0 0 .5rem; }
p { margin: .25rem 0 1rem; }
.servers { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
section { border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem;
  min-width: 0; }
.servers + p { margin: 1.5rem 0 0; }
.lab a { font-weight: 600; font-size: 1.1rem; }
.here { background: var(--soft); }
dl { margin: 0; }
dt { margin-top: .5rem; }
dd { margin: 0; opacity: .75; font-size: .9rem; }
a { color: var(--link); overflow-wrap: anywhere; }
small { opacity: .75; font-weight: normal; }
code { overflow-wrap: anywhere; }
pre { padding: .6rem .9rem; border-radius: .4rem; background: var(--soft); white-space: pre-wrap;
  overflow-wrap: anywhere; user-select: all; }
</style>
</head>
<body>
<main>
<h1>One bookstore, two APIs</h1>
<p>Authors, books, customers and orders: the same rows behind both servers. What is written
through one is read through the other at once.</p>
<p class="lab"><a href="$lab">Open the lab</a> to load a screen over both, side by side.</p>
<div class="servers">
$sections
</div>
<p>Compare them in a terminal; a click selects the whole command:</p>
<pre tabindex="0">$command</pre>
</main>
</body>
</html>
""")


def wants_page(accept: str) -> bool:
    """Whether a client with this `Accept` rather sees a page than JSON."""
    return best_media_type(accept, ("application/json", "text/html")) == "text/html"


def page(settings: Settings, here: Here, *, public: bool = False) -> str:
    """The page of one server, in HTML, with links as `links` gives them."""
    bases = _bases(settings, public)
    sections = "\n".join(
        _section(name, bases[name], addresses, name == here)
        for name, addresses in links(settings, public=public).items()
    )
    return _PAGE.substitute(
        sections=sections,
        lab=escape(links(settings, public=public)["graphql"]["lab"]),
        command=escape(_command(settings, public=public)),
    )


def _command(settings: Settings, *, public: bool) -> str:
    """The comparison over these servers, to be pasted into a terminal.

    Whoever may read the page on another machine has a checkout of his own.
    """
    bases = _bases(settings, public)
    if is_loopback(urlsplit(bases["graphql"]).hostname or "") and is_loopback(settings.host):
        words, bases = [sys.executable, str(CHECKOUT / _COMPARISON)], _bases(settings, public=False)
    else:
        words = [".venv/bin/python", _COMPARISON]
    return shlex.join([*words, "--rest-url", bases["rest"], "--graphql-url", bases["graphql"]])


def _section(server: str, base: str, addresses: dict[str, str], here: bool) -> str:
    text, path = _EXAMPLES[server]
    rows = [
        f'<dt><a href="{escape(url)}">{escape(_path(url, base))}</a></dt><dd>{_NOTES[name]}</dd>'
        for name, url in addresses.items()
    ]
    rows.append(f'<dt><a href="{escape(base + path)}">{escape(text)}</a></dt>')
    mark = " <small>(this server)</small>" if here else ""
    css = ' class="here"' if here else ""
    return (
        f"<section{css}><h2>{_TITLES[server]}{mark}</h2>"
        f"<p><code>{escape(base)}</code></p><dl>{''.join(rows)}</dl></section>"
    )


def _path(url: str, base: str) -> str:
    return url.removeprefix(base)
