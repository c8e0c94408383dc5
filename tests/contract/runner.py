"""Runs a case over one API and says what differs, with the case's id."""

import itertools
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from shared import limits
from shared.sample_data.generator import isbn13
from tests.contract.answer import Answer, Driver, neutral_field
from tests.contract.case import Case, Refusal, Step, The, Unique

_numbers = itertools.count(900_000_000)  # ISBNs far from those of the sample


class Watch:
    """Sees whether anything was written to the database, by whomever."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)

    def version(self) -> int:
        """Another number after each transaction of others that changed something."""
        with closing(self._connection.execute("PRAGMA data_version")) as cursor:
            return int(cursor.fetchone()[0])

    def close(self) -> None:
        """Close it."""
        self._connection.close()


class Run:
    """One run of one case: what its steps have given until now."""

    def __init__(
        self, case: Case, driver: Driver, watch: Watch | None = None, other: Driver | None = None
    ) -> None:
        self.case = case
        self.driver = driver
        self.other = other  # for the steps that go elsewhere
        self.watch = watch
        self.given: dict[str, Any] = {}
        self._unique: dict[Unique, str] = {}

    def all(self) -> list[Answer]:
        """The answers of all steps, each as it must be.

        Raises:
            AssertionError: naming the case, the step and what differs.
        """
        return [self.step(number, step) for number, step in enumerate(self.case.steps, 1)]

    def step(self, number: int, step: Step) -> Answer:
        """Run one step."""
        arguments = self.resolved(dict(step.arguments))
        before = self.watch.version() if self.watch else 0
        driver = self._driver(step)
        answer = driver.run(step.operation, arguments)
        wrong = self._wrong(step, arguments, answer)
        if step.refuses and self.watch and self.watch.version() != before:
            wrong = "it was refused, and yet something was written"
        if wrong:
            shown = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
            raise AssertionError(
                f"{self.case}\n  over {driver.name}, step {number}: "
                f"{step.operation}({shown[:500]})\n  {wrong[:1000]}\n  it answered {answer}"
            )
        if step.name:
            self.given[step.name] = answer.value
        return answer

    def _driver(self, step: Step) -> Driver:
        if not step.elsewhere:
            return self.driver
        assert self.other, f"{self.case}: there is no other API"
        return self.other

    def resolved(self, value: Any) -> Any:
        """The value with what earlier steps gave in its places."""
        if isinstance(value, The):
            found: Any = self.given
            for name in value.path.split("."):
                found = found[int(name)] if name.isdigit() else found[name]
            return found
        if isinstance(value, Unique):
            return self._unique.setdefault(value, fresh(value.kind))
        if isinstance(value, Mapping):
            return {name: self.resolved(member) for name, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.resolved(member) for member in value]
        return value

    def _wrong(self, step: Step, arguments: Mapping[str, Any], answer: Answer) -> str:
        if step.refuses:
            return wrong_refusal(step.refuses, self._driver(step).name, answer)
        if answer.code:
            return "it must not be refused"
        if step.operation.startswith("create_"):
            created = {name: answer.value.get(name) for name in arguments["values"]}
            if step.gives is None and step.has is None and created != arguments["values"]:
                return f"it must have {arguments['values']}"
        return self._wrong_value(step, answer)

    def _wrong_value(self, step: Step, answer: Answer) -> str:
        gives, has = self.resolved(step.gives), self.resolved(step.has)
        lists = self.resolved(step.lists)
        if gives is not None and answer.value != gives:
            return f"it must give {gives}"
        if has is not None and {name: answer.value.get(name) for name in has} != has:
            return f"it must have {has}"
        if lists is not None:
            found = answer.value
            if lists and isinstance(lists[0], int):
                found = [record["id"] for record in found]
            if found != lists:
                return f"it must list {lists}"
        if step.statements is not None and self.driver.name != "unbatched":
            took = answer.response.statements
            if took != step.statements:
                return f"it must take {step.statements} statements, not {took}"
        return ""


def wrong_refusal(refusal: Refusal, api: str, answer: Answer) -> str:
    """What is wrong with an answer that is to be this refusal."""
    if answer.code != refusal.code_of(api):
        return f"it must be refused as {refusal.code_of(api)}"
    if not answer.message and answer.code != "NOT_FOUND":
        return "it must say what is wrong"
    if refusal.cost is not None and (answer.cost, answer.limit) != (refusal.cost, limits.MAX_COST):
        return f"it must cost {refusal.cost} of {limits.MAX_COST}, not {answer.cost}"
    field = refusal.field
    if field is None:
        return ""
    if refusal.own_text:
        named = (neutral_field(answer.field) or "", neutral_field(answer.message) or "")
        last = field.rsplit(".", 1)[-1]
        return "" if any(last in text for text in named) else f"it must name {field}"
    return "" if answer.field == field else f"it must blame {field}, not {answer.field}"


def fresh(kind: str) -> str:
    """An `email`, an `isbn` or a `key` that nothing has."""
    number = next(_numbers)
    if kind == "isbn":
        return isbn13(number)
    return f"key-{number}" if kind == "key" else f"new.{number}@example.com"
