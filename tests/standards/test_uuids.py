import itertools
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from standards import uuids
from standards.uuids import uuid7


def milliseconds(value: uuid.UUID) -> int:
    return value.int >> 80


def test_it_has_the_version_and_variant_of_rfc_9562() -> None:
    made = uuid7()
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_it_carries_the_time_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uuids, "_clock", uuids._Clock())
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000
    assert before <= milliseconds(made) <= after


def test_each_is_greater_than_the_one_before_also_within_a_millisecond() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert all(one < other for one, other in itertools.pairwise(made))


def test_none_is_made_twice_by_threads_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        batches = pool.map(lambda _: [uuid7() for _ in range(2_000)], range(4))
    assert len({made for batch in batches for made in batch}) == 8_000


def test_a_clock_that_is_set_back_does_not_bring_older_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = uuids._Clock()
    monkeypatch.setattr(uuids, "_clock", clock)
    monkeypatch.setattr(time, "time_ns", lambda: 2_000_000_000)
    first = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)
    assert uuid7() > first


def test_a_counter_that_runs_over_borrows_the_next_millisecond(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uuids, "_clock", uuids._Clock())
    monkeypatch.setattr(time, "time_ns", lambda: 2_000_000_000)
    made = [uuid7() for _ in range(5_000)]
    assert milliseconds(made[0]) == 2_000
    assert milliseconds(made[-1]) > 2_000
    assert made == sorted(made)
