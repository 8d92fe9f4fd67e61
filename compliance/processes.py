"""A long piece of work shared between processes, each with a connection of its own.

Python works on one core; the database on another. Where there are more, a second process halves the time.
"""

import os
import sys
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

from django.db import connection, connections

P = TypeVar("P")
Job = Callable[[P], int]


def cores() -> int:
    """Those that this process may use. Elsewhere than on Linux one: a process that was forked may not use all libraries there."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def spread(job: Job[P], parts: Sequence[P], workers: int) -> int:
    """The sum of what the job answers for each part. Inside a transaction this process does all of it alone.

    Raises what the job raises; the other processes then still end what they have begun with.
    """
    shares = [parts[number::workers] for number in range(min(workers, len(parts)))]
    if len(shares) < 2 or connection.in_atomic_block:
        return sum(map(job, parts))
    connections.close_all()  # a connection belongs to one process
    answers = [_begin(job, share) for share in shares[1:]]
    done = sum(map(job, shares[0]))
    return done + sum(_end(answer) for answer in answers)


def _begin(job: Job[P], share: Sequence[P]) -> "Connection[object, object]":
    """Starts a process that ends by itself when its share is done, whatever becomes of this one."""
    context = get_context("fork")
    answer, told = context.Pipe(duplex=False)
    context.Process(target=_work, args=(job, share, told)).start()
    told.close()
    return answer


def _work(job: Job[P], share: Sequence[P], told: "Connection[object, object]") -> None:
    _forget_inherited()
    try:
        told.send(sum(map(job, share)))
    except Exception as error:
        told.send(error)
    finally:
        connections.close_all()


def _forget_inherited() -> None:
    """Without closing them: the process that opened them may still use them, where an event loop ran unseen by `close_all`."""
    for inherited in connections.all(initialized_only=True):
        del connections[inherited.alias]


def _end(answer: "Connection[object, object]") -> int:
    try:
        told = answer.recv()
    except EOFError:
        raise RuntimeError("A process that shared the work ended before it was done.") from None
    if isinstance(told, Exception):
        raise told
    return int(str(told))
