"""JavaScript clients and checkers: installed by `npm ci`, run as processes."""

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks import npm
from tests.waiting import LIMIT_S

FOLDER = Path(__file__).resolve().parent
RUN_LIMIT_S = 5 * LIMIT_S

Message = dict[str, Any]


def install() -> None:
    """Bring node_modules to what package-lock.json asks for, if it is not there already.

    Raises:
        RuntimeError: npm could not; with what it said.
    """
    npm.install(FOLDER)


def run(script: str, *arguments: str) -> Any:
    """What a script of this folder has printed, as JSON.

    Raises:
        AssertionError: it failed; with what it said.
    """
    done = _run(["node", script, *arguments], RUN_LIMIT_S)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run_tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command that a package brings."""
    return _run([str(FOLDER / "node_modules" / ".bin" / name), *arguments], RUN_LIMIT_S)


def _run(command: list[str], limit_s: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )


class Subscriber:
    """`subscriber.mjs` under way: what it is told goes in, what has come to it comes out."""

    def __init__(self, transport: str, url: str) -> None:
        command = ["node", "subscriber.mjs", transport, url]
        self._process = subprocess.Popen(
            command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._messages: queue.Queue[Message] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._messages.put(json.loads(line))

    def start(self, query: str, operation: str = "a", **variables: Any) -> None:
        """Begin an operation; what belongs to it has its id."""
        self._tell({"do": "start", "id": operation, "query": query, "variables": variables})

    def drop(self) -> None:
        """Lose the connection; the next operation makes another."""
        self._tell({"do": "drop"})
        while self.next()["kind"] != "dropped":
            pass

    def _tell(self, command: Message) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def next(self) -> Message:
        """What has come next, apart from news of the connection itself.

        Raises:
            AssertionError: nothing came.
        """
        while True:
            try:
                message = self._messages.get(timeout=LIMIT_S)
            except queue.Empty:
                raise AssertionError(f"nothing came within {LIMIT_S:g} s") from None
            if message["kind"] != "connected":
                return message

    def until_complete(self) -> list[Message]:
        """All that comes before the operation's end."""
        messages: list[Message] = []
        while (message := self.next())["kind"] != "complete":
            messages.append(message)
        return messages

    def stop(self) -> None:
        """End it."""
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(LIMIT_S)
        self._reader.join(LIMIT_S)


@contextmanager
def subscriber(transport: str, url: str) -> Iterator[Subscriber]:
    """A subscriber of a test's own; `transport` is `ws` or `sse`."""
    made = Subscriber(transport, url)
    try:
        yield made
    finally:
        made.stop()
