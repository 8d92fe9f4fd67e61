"""What it costs to import a spreadsheet through the checks of the page, beside bare COPY of the same rows."""

import contextlib
import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections

from agencies.context import acting_as
from agencies.models import Agency, Person
from bench.harness import Bench, clock
from bench.report import Budget, Measure
from bench.seed_people import CUSTODIAN
from config.roles import OWNER_ALIAS
from registry.matching import Asked, match
from registry.models import Drone, DroneModel

ROWS, TEXTS = 100_000, 500
HEADING = (
    *("製造者", "機種", "製造番号", "状態", "用途", "保管場所", "取得日", "取得方法", "価格(千円)"),
    *("ファームウェア", "飛行時間", "備考"),
)
CLONE = """
create table bench_drone (like registry_drone including all);
alter table bench_drone add foreign key (agency_id) references agencies_agency,
  add foreign key (build_id) references registry_build, add foreign key (custodian_id) references agencies_person;
"""


def measure(bench: Bench) -> Iterator[Measure]:
    with acting_as(None):
        agency = _agency()
        texts = _texts()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fleet.csv"
        _write(file, texts)
        seconds = clock(lambda: _import(file, agency))
        again = clock(lambda: _import(file, agency))
    bare = _copy()
    yield Measure(
        section="import",
        name=f"import_drones, {ROWS:,} rows",
        unit="rows/s",
        runs=[ROWS / seconds],
        bare=[ROWS / bare],
        budget=Budget(4_000, at_least=True),
        note="bare: COPY of the same aircraft into a table with the same indexes and keys, no events, no standing",
    )
    yield Measure(
        section="import",
        name="the same file again",
        unit="rows/s",
        runs=[ROWS / again],
        note="nothing changes",
    )


def _agency() -> Agency:
    """The one that holds the most aircraft."""
    person = Person.objects.get(email=CUSTODIAN)
    return Agency.objects.get(pk=min(person.scope.agencies))


def _texts() -> list[Asked]:
    """Makers and models as they are registered, as far as the text alone says which."""
    models = DroneModel.objects.select_related("manufacturer")[: 2 * TEXTS]
    asked = [Asked(model.manufacturer.name, model.name) for model in models]
    found = match(asked)
    return [each for each in asked if found[each] and found[each][0].certain][:TEXTS]


def _write(file: Path, texts: Sequence[Asked]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADING)
        for number, text in enumerate(islice(cycle(texts), ROWS)):
            day = f"令和{number % 5 + 2}年{number % 12 + 1}月1日"
            row = ("運用中", "災害対応、訓練", f"第{number % 90}事務所", day, "購入", number % 900)
            writer.writerow(
                (text.maker, text.model, f"IMP-{number:07}", *row, "1.2.0", "12.5", f"備考{number}")
            )


def _import(file: Path, agency: Agency) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        call_command("import_drones", str(file), "--agency", agency.code, "--json")


def _copy() -> float:
    """Seconds that the very rows of the import need by COPY."""
    columns = ", ".join(
        str(field.column) for field in Drone._meta.concrete_fields if not field.generated
    )
    rows = f"select {columns} from registry_drone where serial_number like 'IMP-%'"  # noqa: S608  # names of columns
    kept = io.StringIO()
    with acting_as(None), connection.cursor() as cursor:
        cursor.copy_expert(f"copy ({rows}) to stdout", kept)
    kept.seek(0)
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(CLONE)
        return clock(lambda: cursor.copy_expert(f"copy bench_drone ({columns}) from stdin", kept))
