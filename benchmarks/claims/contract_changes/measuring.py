"""Makes the ten changes, and finds out who notices each."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import requests

from benchmarks.claims.contract_changes import by_hand, clients, contracts
from benchmarks.claims.contract_changes.changes import CHANGES
from benchmarks.claims.contract_changes.results import APIS, Found, Outcome, Results
from benchmarks.claims.servers import NotStarted
from client_examples.comparison.arms.view_difference import difference
from client_examples.type_safety.tools import ROOT, prepare_codegen

Urls = Mapping[str, str]  # by change; "" for the server as it is
AS_IT_IS: Final = ""


def measure(tell: Callable[[str], object]) -> Results:
    """Who notices each change, of both APIs at once.

    Raises:
        ToolFailed: a generator does not read a contract as it is, or is not to be had.
    """
    prepare_codegen()
    with serving() as urls, tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        tell("generating clients of each changed contract, and running the pages")
        both = [
            pool.submit(_found, kind, contract, urls[api], Path(folder, api))
            for api, kind, contract in (
                ("rest", clients.REST, contracts.openapi),
                ("graphql", clients.GRAPHQL, contracts.schema),
            )
        ]
        found = {(one.change, one.api): one for future in both for one in future.result()}
    return Results([found[change.name, api] for change in CHANGES for api in APIS])


@contextmanager
def serving() -> Iterator[Mapping[str, Urls]]:
    """The servers as they are, and a copy with each change: addresses by API and change.

    Raises:
        NotStarted: they do not start; they have said why.
    """
    command = [sys.executable, "-m", "benchmarks.claims.contract_changes.serving"]
    with subprocess.Popen(  # noqa: S603 - a module of this package
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            told = process.stdout.readline()
            if not told:
                raise NotStarted("the copies of the servers did not start: see above")
            yield json.loads(told)
        finally:
            process.stdin.close()  # which ends it


def _found(
    kind: clients.Kind, contract: Callable[[str], Any], urls: Urls, folder: Path
) -> list[Found]:
    folder.mkdir()
    made = clients.Clients(kind, contract(urls[AS_IT_IS]), folder)
    generated = made.outcomes(urls)
    before = {api: by_hand.PAGES[api](urls[AS_IT_IS]) for api in kind.pages}
    found: list[Found] = []
    for change in CHANGES:
        url = urls[change.name]
        changed = contract(url)
        types = made.types(changed)
        found += [
            Found(
                change.name,
                api,
                types[api],
                _outcome(generated[api][change.name], before[api]),
                None if types[api].by else _outcome(made.outcome_anew(api, url), before[api]),
                _outcome(_by_hand(api, url), before[api]),
                _marked(api, made, changed, url),
            )
            for api in kind.pages
        ]
    return found


def _by_hand(api: str, url: str) -> dict[str, Any]:
    """What becomes of the page by hand, told as `deployed` tells it."""
    try:
        return {"kind": "shown", "said": "", "view": by_hand.PAGES[api](url)}
    except by_hand.Refused as error:
        return {"kind": "refused", "said": str(error), "view": None}
    except Exception as error:  # whatever it is, it is what is looked for
        return {"kind": "error", "said": f"{type(error).__name__}: {error}", "view": None}


def _outcome(told: Mapping[str, Any], as_it_was: Any) -> Outcome:
    if told["kind"] != "shown":
        return Outcome(told["kind"], told["said"])
    other = difference(as_it_was, told["view"])
    if other is None:
        return Outcome("shown", "")
    return Outcome("wrong", f"{other.path}: {other.right}, and before {other.left}")


def _marked(api: str, made: clients.Clients, changed: Any, url: str) -> list[str]:
    """Where it is said that a field is deprecated, beside what generator and mypy say."""
    if api == "graphql":
        return contracts.deprecations_of_query(changed)
    answer = requests.get(f"{url}/books", params={"fields": "title,genre"}, timeout=by_hand.LIMIT_S)
    header = answer.headers.get("Deprecation")
    said = [f"Deprecation: {header}"] if header else []
    return [*said, *(["deprecated=True in the models"] if made.marks_deprecated() else [])]
