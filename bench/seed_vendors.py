"""Vendors with papers, in chains and cycles of ownership, named in three scripts."""

import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from psycopg2 import extensions

from bench.copying import copy_into
from bench.size import Size
from registry.models import Declaration, OwnershipLink, Vendor, VendorName
from standards.names import company_key

LONGEST_CHAIN = 6
CYCLE_EVERY = 10  # every tenth chain closes to a ring
LATIN = ("Aero", "Sky", "Nova", "Terra", "Blue", "North", "Vector", "Kite", "Falcon", "Orbit")
LATIN_ENDS = ("Dynamics Inc.", "Robotics Ltd", "Systems GmbH", "Technology Co., Ltd.", "Works")
JAPANESE = ("青空", "東洋", "日ノ出", "山彦", "海鳴", "若葉", "北斗", "朝霧", "白鷺", "大和")
JAPANESE_ENDS = ("航空機株式会社", "電子工業", "製作所", "技研", "システムズ")
CHINESE = ("飞龙", "蓝天", "远大", "星辰", "翔宇", "云海", "极光", "天穹")
CHINESE_ENDS = ("科技有限公司", "电子", "航空技术", "智能")
COUNTRIES = ("JP", "US", "CN", "TW", "KR", "DE", "FR", "CH", "GB", "IL")
SHARES = (35, 20, 20, 6, 5, 5, 3, 2, 2, 2)


def seed_vendors(
    db: extensions.connection, size: Size, chance: random.Random, steward: int
) -> None:
    """Vendors and their papers have the same ids, from 1 on."""
    copy_into(
        db,
        Declaration,
        ("id", "title", "kind", "claimant", "dated", "expires", "grade", "verified_by_id"),
        _papers(size, chance, steward),
    )
    names = [_names(number, chance) for number in range(1, size.vendors + 1)]
    copy_into(
        db,
        Vendor,
        (
            *("id", "name", "name_local", "incorporated_in", "headquartered_in"),
            *("declaration_id", "verified_by_id"),
        ),
        _vendors(names, chance, steward),
    )
    copy_into(
        db,
        VendorName,
        ("vendor_id", "name", "kind", "key"),
        (
            (number, name, "legal", company_key(name))
            for number, both in enumerate(names, start=1)
            for name in dict.fromkeys(both)
            if name
        ),
    )
    copy_into(
        db,
        OwnershipLink,
        (
            *("holder_id", "subject_id", "kind", "share_min", "share_max", "since", "status"),
            *("declaration_id", "verified_by_id"),
        ),
        _links(size, chance, steward),
    )


def _papers(size: Size, chance: random.Random, steward: int) -> Iterator[Sequence[object]]:
    for number in range(1, size.vendors + 1):
        dated = date(2024, 4, 1) + timedelta(days=chance.randrange(700))
        grade = chance.choices([1, 2, 3], [1, 6, 3])[0]
        expires = _expiry(chance) if chance.random() < 0.1 else None
        kind = chance.choice([Declaration.Kind.MAKER, Declaration.Kind.PUBLIC_RECORD])
        checked = steward if chance.random() < 0.9 else None
        title = f"Declaration of origin {number}"
        yield number, title, kind.value, f"Vendor {number}", dated, expires, grade, checked


def _expiry(chance: random.Random) -> date:
    """The first of April of one of four years, as papers of public bodies do."""
    return date(chance.choice([2027, 2028, 2029, 2030]), 3, 31)


def _names(number: int, chance: random.Random) -> tuple[str, str]:
    """The name in Latin letters and the one in the vendor's own script, unique by their number."""
    latin = f"{chance.choice(LATIN)} {chance.choice(LATIN_ENDS)} {number}"
    draw = chance.random()
    if draw < 0.35:
        return latin, f"{chance.choice(JAPANESE)}{number}{chance.choice(JAPANESE_ENDS)}"
    if draw < 0.55:
        return latin, f"{chance.choice(CHINESE)}{number}{chance.choice(CHINESE_ENDS)}"
    return latin, ""


def _vendors(
    names: list[tuple[str, str]], chance: random.Random, steward: int
) -> Iterator[Sequence[object]]:
    for number, (name, local) in enumerate(names, start=1):
        home = chance.choices(COUNTRIES, SHARES)[0]
        seat = home if chance.random() < 0.9 else chance.choice(COUNTRIES)
        known = None if chance.random() < 0.05 else [home]
        checked = steward if chance.random() < 0.9 else None
        yield number, name, local, known, [seat], number, checked


def _links(size: Size, chance: random.Random, steward: int) -> Iterator[Sequence[object]]:
    """Chains of holders; the last of a ring holds shares of the first."""
    number, chain = 1, 0
    while number < size.vendors:
        length = min(chance.randint(1, LONGEST_CHAIN), size.vendors - number + 1)
        members = list(range(number, number + length))
        pairs = list(itertools.pairwise(members))
        if chain % CYCLE_EVERY == 0 and length > 2:
            pairs.append((members[-1], members[0]))
        for holder, subject in pairs:
            yield _link(holder, subject, chance, steward)
        number, chain = number + length, chain + 1


def _link(holder: int, subject: int, chance: random.Random, steward: int) -> Sequence[object]:
    least = chance.choice([10, 25, 49, 50, 51, 75, 100])
    most = min(100, least + chance.choice([0, 0, 0, 5, 20]))
    kind = chance.choices(["shareholding", "control", "affiliation"], [7, 2, 1])[0]
    shares = (least, most) if kind == "shareholding" else (None, None)
    since = date(2015, 1, 1) + timedelta(days=chance.randrange(3_000))
    status = chance.choices(["asserted", "disputed"], [19, 1])[0]
    return holder, subject, kind, *shares, since, status, holder, steward
