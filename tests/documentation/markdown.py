"""What documents say in a form that can be tried: blocks, examples, links, tables.

In a block marked `console`, a line that begins with `$ ` is a command, and the lines below it, up
to the next one, are its answer, in which `…` stands for anything. A `console` block without such
lines lists commands; what follows two blanks and a `#` is a remark.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.checkout import own_files

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A command and the answer that the document shows; where it stands."""

    document: str
    line: int
    command: str
    answer: str = ""

    @property
    def place(self) -> str:
        """For the name of a test."""
        return f"{self.document}:{self.line}"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the line of its first line."""

    document: str
    language: str
    text: str
    line: int

    @property
    def place(self) -> str:
        """For the name of a test."""
        return f"{self.document}:{self.line}"

    @property
    def shows_answers(self) -> bool:
        """Whether its commands are marked, so that the rest is answers."""
        return any(line.startswith("$ ") for line in self.text.splitlines())

    def examples(self) -> Iterator[Example]:
        """Its commands with their answers."""
        command, answer, at = "", [], 0
        for number, line in enumerate([*self.text.splitlines(), "$ "], self.line):
            if line.startswith("$ "):
                if command:
                    yield Example(self.document, at, command, "\n".join(answer))
                command, answer, at = line[2:], [], number
            elif command.endswith("\\") and not answer:
                command = f"{command[:-1].rstrip()} {line.strip()}"
            else:
                answer.append(line)

    def commands(self) -> Iterator[Example]:
        """Its commands, where it lists nothing else."""
        for number, line in enumerate(self.text.splitlines(), self.line):
            command = re.split(r"\s{2,}#", line)[0].strip()
            if command and not command.startswith("#"):
                yield Example(self.document, number, command)


class Document:
    """A Markdown file of this checkout."""

    def __init__(self, path: Path) -> None:
        self.name = str(path.relative_to(ROOT))
        self.path = path
        self.text = path.read_text()

    @cached_property
    def blocks(self) -> list[Block]:
        """Its fenced blocks."""
        return [
            Block(self.name, found[1], found[2], self.text.count("\n", 0, found.start()) + 2)
            for found in _BLOCK.finditer(self.text)
        ]

    @cached_property
    def prose(self) -> str:
        """The text without its blocks."""
        return _BLOCK.sub("", self.text)

    def of(self, language: str) -> list[Block]:
        """The blocks of a language."""
        return [block for block in self.blocks if block.language == language]

    def examples(self) -> list[Example]:
        """Commands that are shown with their answers."""
        return [e for b in self.of("console") if b.shows_answers for e in b.examples()]

    def commands(self) -> list[Example]:
        """Commands that are shown without answers."""
        return [e for b in self.of("console") if not b.shows_answers for e in b.commands()]

    def links(self) -> list[str]:
        """The targets of its links."""
        return re.findall(r"\]\(([^)\s]+)\)", self.prose) + re.findall(
            r"<(https?://[^>]+)>", self.prose
        )

    def code(self) -> list[str]:
        """What stands as code within the text."""
        return re.findall(r"`([^`\n]+)`", self.prose)

    def headings(self) -> set[str]:
        """Its headings, as links to them are written."""
        found = re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in found}

    def table(self, first: str) -> list[list[str]]:
        """The rows of the table whose first column is called this, without its head."""
        lines = self.text.splitlines()
        start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
        rows = []
        for line in lines[start + 2 :]:
            if not line.startswith("|"):
                break
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        return rows


def documents() -> list[Document]:
    """The Markdown files of the checkout, without what is installed into it."""
    return [Document(path) for path in own_files(ROOT, ".md")]


def differs(shown: str, got: str) -> str:
    """How an answer differs from what the document shows, or nothing.

    JSON is compared as JSON with its members in order, everything else modulo white space.
    """
    if "…" not in shown:
        try:
            same = json.dumps(json.loads(shown)) == json.dumps(json.loads(got))
        except ValueError:
            pass
        else:
            return "" if same else f"shown: {shown}\nis:    {got}"
    words = [re.escape(part) for part in " ".join(shown.split()).split("…")]
    if re.fullmatch(".*?".join(words), " ".join(got.split())):
        return ""
    return f"shown: {shown}\nis:    {got}"
