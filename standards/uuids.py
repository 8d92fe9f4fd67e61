"""Time-ordered identifiers: UUID version 7 of RFC 9562."""

import secrets
import threading
import time
import uuid

_COUNTER_BITS = 12
_COUNTER_LIMIT = 1 << _COUNTER_BITS


class _Clock:
    """Milliseconds and a counter that never go back within a process (RFC 9562 §6.2 method 1).

    The counter starts each millisecond at a random value below half its range; when it runs over,
    or the system clock is set back, time is counted on from the last value handed out.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._counter = 0

    def tick(self, now: int) -> tuple[int, int]:
        with self._lock:
            if now > self._millisecond:
                self._start(now)
            else:
                self._counter += 1
                if self._counter == _COUNTER_LIMIT:
                    self._start(self._millisecond + 1)
            return self._millisecond, self._counter

    def _start(self, millisecond: int) -> None:
        self._millisecond = millisecond
        self._counter = secrets.randbits(_COUNTER_BITS - 1)


_clock = _Clock()


def uuid7() -> uuid.UUID:
    """A new identifier, greater than every one this process made before; safe across threads."""
    millisecond, counter = _clock.tick(time.time_ns() // 1_000_000)
    return _assemble(millisecond, counter, secrets.randbits(62))


def _assemble(millisecond: int, counter: int, tail: int) -> uuid.UUID:
    version, variant = 0b0111, 0b10
    return uuid.UUID(int=millisecond << 80 | version << 76 | counter << 64 | variant << 62 | tail)
