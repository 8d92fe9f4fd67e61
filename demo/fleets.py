"""Fleets as the reference file counts them: so many aircraft of a model at an agency, each with a serial number of its own.

What is not counted there (serial numbers, prices, days in between) follows from agency, model and number alone, so
that the world is the same each time. Days below zero are before the day of loading.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Self

from demo.reference_files import read_csv
from registry.models import DroneModel

ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SERIAL_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Fleet:
    """A row of the file. `way`: logged one by one, or imported; `maker` is what the spreadsheet calls the maker."""

    agency: str
    way: str
    maker: str
    model: str
    build: str
    number: int
    first: date
    last: date
    missions: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def read(cls, row: Mapping[str, str], today: date) -> Self:
        return cls(
            agency=row["agency"],
            way=row["way"],
            maker=row["maker"],
            model=row["model"],
            build=row["build"],
            number=int(row["number"]),
            first=day_of(row["first"], today),
            last=day_of(row["last"], today),
            missions=tuple(row["missions"].split(";")),
            places=tuple(row["places"].split(";")),
        )

    def aircraft(self, model: DroneModel, codes: list[str]) -> Iterator["Aircraft"]:
        """Bought one after the other between the two days; `codes` are those that its maker's serial numbers begin with."""
        for number in range(self.number):
            drawn = _drawn(f"{self.agency} {self.model} {number}")
            yield Aircraft(
                serial_number=_serial(drawn, model, codes),
                registration_id="" if drawn[0] in "0123" else f"JU{drawn[20:30]}",
                acquired_on=self._day_of(number),
                place=self.places[number % len(self.places)],
                price=_price(model, number),
            )

    def _day_of(self, number: int) -> date:
        days = (self.last - self.first).days
        return self.first + timedelta(days=days * number // max(1, self.number - 1))


@dataclass(frozen=True, slots=True)
class Aircraft:
    serial_number: str
    registration_id: str
    acquired_on: date
    place: str
    price: int | None


def fleets(today: date) -> list[Fleet]:
    return [Fleet.read(row, today) for row in read_csv("fleets.csv")]


def day_of(text: str, today: date) -> date:
    """A day as the reference files write it: by the calendar, or so many days from the day of loading."""
    if text.count("-") == 2:
        return date.fromisoformat(text)
    return today + timedelta(days=int(text))


def _drawn(text: str) -> str:
    """Letters and digits that look drawn by lot, and are the same each time."""
    digest = sha256(text.encode()).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest)


def _serial(drawn: str, model: DroneModel, codes: list[str]) -> str:
    if model.serial_scheme == "cta-2063-a":
        return f"{codes[0]}{SERIAL_LENGTH:X}{drawn[:SERIAL_LENGTH]}"
    return drawn[:10]


def _price(model: DroneModel, number: int) -> int | None:
    """About what the model costs, a little less each year."""
    guide = model.price_guide_yen
    return None if guide is None else round(guide * (105 - number % 11) // 100, -3)
