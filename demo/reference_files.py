"""The files of the demo world, as they stand in demo/reference (its README describes their shapes)."""

import csv
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "reference"


def read_json(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def read_csv(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_bytes(name: str) -> bytes:
    return (FOLDER / name).read_bytes()
