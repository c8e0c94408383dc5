"""Ctrl-C at whatever moment: what has to be done afterwards waits for nothing that never comes."""

import itertools
import sys
import threading

import pytest

from client_examples.comparison.network.connections import SideBySide
from client_examples.comparison.network.metered import Network, pool_classes
from tests.waiting import LIMIT_S


def interrupted_at(step, act):
    """Whether the act was interrupted, as by Ctrl-C, at so many steps of what it calls."""
    steps = 0

    def count(_frame, _event, _argument):
        nonlocal steps
        steps += 1
        if steps == step:
            raise KeyboardInterrupt
        return count

    sys.settrace(count)
    try:
        act()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(None)
    return False


def ends(act):
    """Whether it does, on another thread."""
    acting = threading.Thread(target=act, daemon=True)
    acting.start()
    acting.join(LIMIT_S / 10)
    return not acting.is_alive()


def test_an_interrupt_at_whatever_moment_leaves_connections_of_use():
    kind = pool_classes(Network())["http"]
    for step in itertools.count(1):
        pool = kind("localhost", maxsize=2, block=True)

        def take(pool=pool):
            pool._put_conn(pool._get_conn(timeout=LIMIT_S))

        if not interrupted_at(step, take):
            break
        assert ends(take), f"interrupted at step {step}, nobody gets a connection"
    assert step > 10


def test_an_interrupt_at_whatever_moment_lets_the_threads_end():
    for step in itertools.count(1):
        threads = SideBySide()
        was_interrupted = interrupted_at(step, lambda: threads.run([int] * 3))  # noqa: B023
        assert ends(threads.close), f"interrupted at step {step}, the threads do not end"
        if not was_interrupted:
            break
    assert step > 10


def test_calls_side_by_side_give_their_results_in_order_or_the_first_error():
    threads = SideBySide()
    assert threads.run([lambda: 1, lambda: 2, lambda: 3]) == [1, 2, 3]
    with pytest.raises(ZeroDivisionError):
        threads.run([int, lambda: 1 // 0, lambda: int("x")])
    assert threads.run([int] * 20) == [0] * 20
    threads.close()
