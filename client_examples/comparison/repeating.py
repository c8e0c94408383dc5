"""How to repeat a run, from what its document says of it."""

import shlex

from client_examples.comparison.document import Document

_PROGRAM = ".venv/bin/python client_examples/compare_apis.py"


def commands(document: Document) -> list[str]:
    """The commands for a shell, one a line; values of headers are not known and left out."""
    settings = document.settings
    options: list[str | float] = ["--samples", settings.samples, "--seed", settings.seed]
    if settings.quick:
        options += ["--quick"]
    if settings.link_rtts_ms:
        options += ["--rtt", *settings.link_rtts_ms]
    if settings.bandwidth_mbit is not None:
        options += ["--bandwidth", settings.bandwidth_mbit]
    options += ["--failure-rate", settings.failure_rate]
    flags = {
        "--cold": settings.cold,
        "--resilience": settings.resilience,
        "--self-check": settings.self_check,
    }
    options += [flag for flag, given in flags.items() if given]
    options += ["--rest-url", settings.rest_url, "--graphql-url", settings.graphql_url]
    for name in settings.header_names:
        options += ["--header", f"{name}: ..."]
    options += ["--screen", *(screen.name for screen in document.screens)]
    words = (f"{one:g}" if isinstance(one, float) else str(one) for one in options)
    revision = document.environment.get("revision")
    checkout = [f"git checkout {revision.rstrip('+')}"] if revision else []
    return [*checkout, f"{_PROGRAM} {shlex.join(words)}"]
