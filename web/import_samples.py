"""The sample spreadsheet that people fill in, and the error report they get back."""

import csv
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from registry.models import ImportSession
from reporting.exports import defused
from web.values import language

SAMPLE = {
    "en": (
        ("Maker", "Model", "Serial number", "Status", "Missions", "Custodian", "Place", "Acquired on",
         "Acquisition method", "Price (JPY)", "Firmware", "Flight hours", "Registration ID", "Note",
         "Why there is no serial number"),
        ("ACSL", "SOTEN", "SAMPLE-0001", "in service", "Disaster response", "Survey section", "Yokohama", "2024-04-01",
         "purchase", 1800000, "1.2.0", 12.5, "", "Replace this row by your own", ""),
    ),
    "ja": (
        ("製造者", "機種", "製造番号", "状態", "用途", "管理者", "保管場所", "取得日", "取得方法", "価格(円)",
         "ファームウェア", "飛行時間", "登録記号", "備考", "製造番号がない理由"),
        ("ACSL", "蒼天", "SAMPLE-0001", "運用中", "災害対応", "測量係", "横浜", "令和6年4月1日", "購入", 1800000,
         "1.2.0", 12.5, "", "この行を削除して記入してください", ""),
    ),
}  # fmt: skip


def sample() -> HttpResponse:
    """A CSV with the headings in the reader's language and one row, for a spreadsheet program."""
    answer, writer = _csv("aircraft.csv")
    writer.writerows(SAMPLE["ja" if language() == "ja" else "en"])
    return answer


def _csv(name: str) -> tuple[HttpResponse, Any]:
    """With a byte order mark, by which spreadsheet programs know that it is UTF-8."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer, csv.writer(answer)


def error_report(session: ImportSession) -> HttpResponse:
    """Every kept problem as CSV for a spreadsheet program; texts that it would run are defused."""
    answer, writer = _csv("import-errors.csv")
    writer.writerow([_("Row"), _("Column"), _("Heading"), _("Value"), _("Reason")])
    for each in session.report.get("problems", ()):
        cells: list[Any] = [each["column"], each["heading"], each["value"], said(each["said"])]
        writer.writerow([each["row"], *(defused(str(cell)) for cell in cells)])
    return answer


def said(text: dict[str, str]) -> str:
    """A reason or remark of a report in the reader's language."""
    return text["ja" if language() == "ja" else "en"]
