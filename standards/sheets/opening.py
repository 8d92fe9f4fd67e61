"""Opening of a spreadsheet that somebody gave: always in a process of its own (see `child`)."""

import json
import subprocess
import sys
from pathlib import Path

from standards.sheets.raw import RawSheet
from standards.sheets.refusals import SheetRefused

MOST_BYTES = 30_000_000
SECONDS = 120
_PROJECT = Path(__file__).parent.parent.parent


def open_sheets(path: Path) -> list[RawSheet]:
    """The visible sheets of a CSV or XLSX file. Raises `SheetRefused` with what to do about it."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise too_big(size)
    answer = json.loads(_child(path) or "null")
    if answer is None:
        raise SheetRefused(
            "The file could not be read with the memory and time allowed. Save the table alone in a"
            " new file, or as CSV, and try again.",
            "許容されたメモリ及び時間内にファイルを読み込めませんでした。"
            "表だけを新しいファイル又はCSVで保存し、再度お試しください。",
        )
    if refused := answer.get("refused"):
        raise SheetRefused(refused["en"], refused["ja"])
    return [RawSheet(**each) for each in answer["sheets"]]


def too_big(size: int) -> SheetRefused:
    return SheetRefused(
        f"The file has {size / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} MB are read. Divide it.",
        f"ファイルが{size / 1e6:,.0f}MBあります(上限{MOST_BYTES / 1e6:,.0f}MB)。分割してください。",
    )


def _child(path: Path) -> bytes:
    """What the child said, or nothing when it ran out of memory or time, or broke."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "standards.sheets.child", str(path.resolve())],
            cwd=_PROJECT,
            env={"PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout if done.returncode == 0 else b""
