"""The inventories that agencies brought as spreadsheets: uploaded, explained, confirmed and stored as on `/imports/`."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Agency, Membership, Person
from agencies.posts import holders
from compliance.intake import store
from demo.fleets import Aircraft, Fleet
from demo.people import SCOPE
from registry.aliases import remember
from registry.imports.checking import Checked
from registry.imports.columns import MISSION_WORDS
from registry.imports.sessions import (
    Source,
    begin,
    check,
    check_session,
    confirm,
    discard,
    read_session,
)
from registry.imports.uploads import keep
from registry.models import Build, DroneModel, ImportSession

HEADINGS = (
    *("メーカー", "機種", "製造番号", "登録記号", "使用状況"),
    *("用途", "配備先", "取得日", "取得方法", "取得価格", "備考"),
)
PRICE, MISSION, DAY = HEADINGS.index("取得価格"), HEADINGS.index("用途"), HEADINGS.index("取得日")
WRONG = ((1, DAY, "令和5年2月30日"), (4, MISSION, "その他業務全般"), (8, PRICE, "60万円くらい"))
"""What somebody mistyped in a first file: row from 0, column and text."""
CORRECTED = "jp-maff"
"""Whose first file had these three wrong rows."""

Row = list[str]


class Inventories:
    """Imports the fleets that came as spreadsheets; an agency that has imported something is left as it is."""

    def __init__(self, models: dict[str, DroneModel], builds: dict[str, Build]) -> None:
        self.models, self.builds = models, builds
        unknown = Build.objects.filter(configuration_known=False)
        self.unknown = {build.model_id: build for build in unknown}

    def load(self, fleets: Iterable[tuple[Fleet, list[Aircraft]]]) -> None:
        imported = [each for each in fleets if each[0].way == "import"]
        for code, those in groupby(imported, key=lambda each: each[0].agency):
            agency = Agency.objects.get(code=code)
            rows = ImportSession.objects.unscoped(reason=SCOPE)
            if not rows.filter(agency=agency).exists():
                self._bring(agency, list(those))

    def _bring(self, agency: Agency, those: list[tuple[Fleet, list[Aircraft]]]) -> None:
        by = custodian_of(agency)
        table = [row for fleet, aircraft in those for row in self._rows(fleet, aircraft)]
        with acting_as(by):
            for fleet, _ in those:
                self._explain(fleet, agency, by)
        if agency.code == CORRECTED:
            self._mistyped(agency, table, by)
        session, checked = _upload(agency, table, "無人航空機一覧", by)
        with acting_as(by):
            confirm(session, plan=checked.digest(), partial=False, by=by)
        store(session, checked)

    def _explain(self, fleet: Fleet, agency: Agency, by: Person) -> None:
        """What the maker and model of the spreadsheet mean, as the person who imports says."""
        model = self.models[fleet.model]
        build = self.builds[fleet.build] if fleet.build else self.unknown[model.pk]
        remember(maker=fleet.maker, model=model.name, build=build, agency_id=agency.pk, by=by)

    def _mistyped(self, agency: Agency, table: list[Row], by: Person) -> None:
        """The file as it was first: looked at, and put aside for its wrong rows."""
        wrong = [list(row) for row in table]
        for row, column, text in WRONG:
            wrong[row][column] = text
        session, _ = _upload(agency, wrong, "無人航空機一覧(修正前)", by)
        with acting_as(by):
            discard(session, by=by)

    def _rows(self, fleet: Fleet, aircraft: list[Aircraft]) -> Iterator[Row]:
        for each in aircraft:
            yield [
                fleet.maker,
                self.models[fleet.model].name,
                each.serial_number,
                each.registration_id,
                "運用中",
                "、".join(MISSION_WORDS[code][0] for code in fleet.missions),
                each.place,
                each.acquired_on.strftime("%Y/%m/%d"),
                "購入",
                "" if each.price is None else f"{each.price:,}円",
                "",
            ]


def _upload(
    agency: Agency, table: list[Row], name: str, by: Person
) -> tuple[ImportSession, Checked]:
    """As the page does it: the file is kept and checked, and waits for a confirmation."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *table])
    upload = keep([text.getvalue().encode("cp932")], agency.pk)
    with acting_as(by):
        source = Source(upload, f"{agency.name_local}_{name}.csv", agency, by)
        session = begin(source)
        checked = check_session(session, read_session(session))
        check(session, checked)
    return session, checked


def custodian_of(agency: Agency) -> Person:
    """Somebody who may log aircraft there: the custodian of the agency, or of one above it."""
    return holders([Membership.Role.CUSTODIAN], agency.pk, timezone.localdate())[0]
