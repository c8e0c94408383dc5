"""The GraphQL server's application; run as a script it serves, by default on port 8001."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api import graphiql
from graphql_api.access import Access
from graphql_api.answers import internal_refusal, json_response, refusal, send_json
from graphql_api.documents import Documents
from graphql_api.edge import Edge
from graphql_api.endpoint import GraphQLEndpoint
from graphql_api.engine import Engine
from graphql_api.loaders import Batching, OneByOne
from graphql_api.schema import executable, text
from shared import start_page
from shared.bodies import accepts_gzip
from shared.config import Settings
from shared.errors import BookstoreError, MethodNotAllowed, NotFound
from shared.health import check_health
from shared.seeding import Bookstore
