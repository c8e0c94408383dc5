"""What the garbage collector does at once in a process that serves."""

import json
import subprocess
import sys

# What is remembered of documents; then what clients' requests leave, of which each object knows the
# next: all of a request is there until it is answered, so that the youngest survive.
_PROGRAM = """
import gc, json
from shared.serving.garbage import collect_little_at_once

imported = gc.get_freeze_count(), len(gc.get_objects())
collect_little_at_once()
frozen = gc.get_freeze_count()
collected = []
gc.callbacks.append(
    lambda phase, found: phase == "stop" and collected.append(
        (found["generation"], found["collected"])
    )
)
remembered = [[] for _ in range(30_000)]
for _ in range(100):
    request = []
    for _ in range(5_000):
        request = [request]
    last = request
    while last[0]:
        last = last[0]
    last.append(request)
    del request, last
print(json.dumps({"imported": imported, "frozen": frozen, "collected": collected}))
"""


def test_what_requests_leave_is_freed_in_small_parts() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    found = json.loads(run.stdout)
    before, objects = found["imported"]
    assert before == 0
    assert found["frozen"] > objects / 2
    freed = [collected for generation, collected in found["collected"] if generation == 2]
    assert sum(freed) > 200_000, "it is freed while the others wait for nothing"
    assert max(freed) < 25_000
