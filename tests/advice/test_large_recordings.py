"""A recording of 200 MB is read in a minute and a gigabyte, as is one with a huge body."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.advice.har import Recording

ROOT = Path(__file__).parents[2]
SIZE = 200_000_000  # bytes
MOST_MEMORY = 1_000_000_000
MOST_CPU_S = 60.0
# Runs the program, and tells what it took; of its own process, not of all that the tests started.
MEASURED = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print("took", used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, file=sys.stderr)
"""


def write_large(file: Path, objects: int) -> int:
    """Calls by the ids of one list, each with many objects in its answer; how many there are."""
    chance = random.Random(1)
    written, number = 0, 0
    with file.open("w") as stream:
        stream.write('{"log": {"version": "1.2", "entries": [')
        while written < SIZE:
            made = Recording("h2")
            rows = [
                {"id": chance.randrange(10**7), "name": f"name {chance.randrange(10**9)}",
                 "price": chance.random(), "tags": ["a", "b"],
                 "of": {"book_id": chance.randrange(10**5), "title": f"title {number}"}}
                for _ in range(objects)
            ]  # fmt: skip
            made.call(f"/v1/things/{number}", rows, at=number * 10.0)
            text = json.dumps(made.entries[0])
            stream.write(("," if number else "") + text)
            written, number = written + len(text), number + 1
        stream.write("]}}")
    return number


def write_huge(file: Path, objects: int) -> int:
    """One answer that takes the whole recording."""
    made = Recording("h2")
    made.call("/v1/all", [{"id": number, "text": "x" * 2_000} for number in range(objects)])
    made.call("/v1/things", [])
    made.write(file)
    return 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.parametrize(
    ("write", "objects"), [(write_large, 600), (write_large, 60), (write_huge, 95_000)]
)
def test_a_large_recording(tmp_path: Path, write: object, objects: int) -> None:
    file, advice = tmp_path / "large.har", tmp_path / "advice.json"
    calls = write(file, objects)  # type: ignore[operator]
    assert file.stat().st_size > 0.95 * SIZE
    command = [sys.executable, "-c", MEASURED, str(ROOT / "client_examples" / "advise.py"),
               str(file), "--json", str(advice)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(advice.read_text())["calls"] == calls
    _, cpu_s, memory = done.stderr.splitlines()[-1].split()
    assert int(memory) < MOST_MEMORY
    assert float(cpu_s) < MOST_CPU_S
