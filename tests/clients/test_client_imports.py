"""The clients reach the servers over HTTP alone."""

import ast
import sys
from pathlib import Path

CLIENTS = Path(__file__).parents[2] / "client_examples"
ALLOWED = {"client_examples", "requests", "urllib3", "rich", "numpy", "pydantic"}
ALLOWED |= {"altair", "jinja2", "vl_convert"}  # the report's page
ALLOWED |= {"cachecontrol"}  # a client's HTTP cache
ALLOWED |= {"websockets"}  # subscriptions
ALLOWED |= {"locust", "gevent"}  # load, in processes of its own
ALLOWED |= {"httpcore", "h2", "greenlet"}  # HTTP/2 beneath the same clients
ALLOWED |= {"psutil"}  # the servers' processor time
ALLOWED |= {"ijson", "orjson", "graphql"}  # advice from recordings: what others have sent
ALLOWED |= {"playwright", "cryptography"}  # loads in Chromium, and the certificate it is to trust
ALLOWED |= {"pybreaker"}  # the states of the clients' circuit breaker


def test_clients_import_only_themselves_and_a_few_libraries():
    imported = set()
    for file in CLIENTS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported |= {(file.name, alias.name.partition(".")[0]) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{file.name} imports relatively"
                imported.add((file.name, str(node.module).partition(".")[0]))
    assert imported
    foreign = {pair for pair in imported if pair[1] not in ALLOWED | sys.stdlib_module_names}
    assert foreign == set()


def test_clients_read_the_environment_in_one_place():
    for file in CLIENTS.rglob("*.py"):
        if file == CLIENTS / "clients" / "settings.py":
            continue  # what they share with the servers: addresses and the token
        text = file.read_text()
        # A proxy of the environment's is asked for by requests, as it does for its own sessions.
        text = text.replace("environment", "").replace("get_environ_proxies", "")
        assert "environ" not in text, file.name
        assert "getenv" not in text, file.name
