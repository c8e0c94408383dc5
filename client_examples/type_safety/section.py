"""docs/type_safety.md, made of findings: every message in it is one that a program gave."""

import inspect
import textwrap
from collections.abc import Sequence

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.loading import code_lines as counting
from client_examples.comparison.loading.code_lines import code_lines
from client_examples.type_safety import pages
from client_examples.type_safety.contracts import NEW_GRAPHQL, NEW_REST, OLD
from client_examples.type_safety.findings import Finding

NONE = "(nothing)"

_TOP = f"""\
# Type safety and the developer's experience

A client in a typed language generates its types from the contract. What happens when the contract
changes, and the client does not? Here a book's `{OLD}` gets another name in a copy of each
contract: `{NEW_REST}` in the OpenAPI document, `{NEW_GRAPHQL}` in the GraphQL schema. Types are
generated anew, and mypy (strict) checks a page that was not touched. All messages below are those
that the programs gave when this file was made, with the REST server running for its
`/openapi.json`, by

```console
.venv/bin/python -m client_examples.type_safety docs/type_safety.md
```

A test makes the file again, and compares.
"""

_SELECTED = """\
## What the types know of a selection

Both pages below read books of which they asked for title, price and genre: `title`, which is
there, and `isbn`, which is not. With REST's `fields=`, one type stands for every selection, so that
each of its members may be missing. GraphQL's types are made of the query, and have what it selects.
"""

_DEPRECATED = """\
## A deprecated field

An order's `item_count` is deprecated on both servers ([apis.md](apis.md#a-deprecated-field)).
REST's generator writes that into the type:
"""

_LINES = """\
## Lines of client code

What each arm of the comparison takes, by hand and without generated code. {rules}
"""


def section(rest: Finding, graphql: Finding, screens: Sequence[Screen]) -> str:
    """The whole file."""
    parts = [
        _TOP,
        "## REST: types from `/openapi.json` by datamodel-code-generator\n",
        _program(pages.REST),
        _said(rest),
        "## GraphQL: a client from `schema.graphql` and the screens' queries by ariadne-codegen\n",
        _program(pages.GRAPHQL),
        _said(graphql),
        _summary(rest, graphql),
        _SELECTED,
        _program(pages.REST_SELECTED),
        _block(rest.selected),
        _program(pages.GRAPHQL_SELECTED),
        _block(graphql.selected),
        _DEPRECATED,
        f"```text\n{rest.deprecated}\n```\n",  # as it is written: ruff would format Python
        f"GraphQL's generator, of `{pages.DEPRECATED_QUERY}`:\n",
        f"```text\n{_broken(graphql.deprecated)}\n```\n",
        _of_deprecated(rest, graphql),
        lines_section(screens),
    ]
    return "\n".join(parts)


def lines_section(screens: Sequence[Screen]) -> str:
    """The lines of client code of every arm."""
    rules = (inspect.getdoc(counting) or "").partition("\n\n")[2].replace("\n", " ")
    rows = [
        f"| {screen.name} | `{arm.name}` | {code_lines(arm)} |"
        for screen in screens
        for arm in screen.arms
    ]
    table = ["| screen | arm | lines |", "|---|---|---:|", *rows, ""]
    return "\n".join([_LINES.format(rules=rules), *table])


def _program(text: str) -> str:
    return f"```python\n{text}```\n"


def _block(lines: Sequence[str]) -> str:
    return "\n".join(["mypy:", "", "```text", *(lines or [NONE]), "```", ""])


def _said(finding: Finding) -> str:
    """What the programs said, as a table."""
    rows = [
        ("mypy, with the contract as it is", finding.unchanged),
        ("the generator, of the changed contract", [finding.generator or ""]),
        ("mypy, with types of the changed contract", finding.renamed),
    ]
    shown = [
        f"| {who} | {'<br>'.join(f'`{line}`' for line in lines if line) or NONE} |"
        for who, lines in rows
    ]
    return "\n".join(["| who | says |", "|---|---|", *shown, ""])


def _broken(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 100)) or NONE


def _of_deprecated(rest: Finding, graphql: Finding) -> str:
    """What mypy says of a program that reads it."""
    told = {api: one.deprecated_errors for api, one in (("REST", rest), ("GraphQL", graphql))}
    if not any(told.values()):
        return "mypy says nothing of a program that reads it, on either side.\n"
    return "\n".join(f"mypy, {api}: `{line}`\n" for api, lines in told.items() for line in lines)


def _summary(rest: Finding, graphql: Finding) -> str:
    """Which side finds out by which program, as far as the findings say so."""
    said = []
    if rest.renamed and graphql.renamed:
        said.append("On both sides mypy names the line that reads what is no longer there.")
    for api, finding in (("REST", rest), ("GraphQL", graphql)):
        if finding.generator is not None:
            said.append(
                f"{api}'s generator refuses before that, as it checks the queries against the "
                "schema; mypy's line is what it says once they ask for the new name."
            )
    return " ".join(said) + "\n"
