"""The evidence pack of a decision, made by another process in another zone and language."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from procurement.evidence import evidence_json
from procurement.states import Action
from tests.databases import FreshDatabase
from tests.people import settle
from tests.procurement.test_evidence import pack
from tests.procurement.test_workflow import take
from tests.worlds import draft, furnish
from web.evidence import evidence_html, evidence_zip

OTHER_PROCESS = """
import hashlib, sys, zoneinfo, django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.utils import timezone, translation
from agencies.context import acting_as
from agencies.models import Person
from procurement.evidence import evidence_json, evidence_of
from procurement.models import Purchase
from web.evidence import evidence_html, evidence_zip
with acting_as(None):
    reader = Person.objects.get(email="iori@test.example")
with translation.override("ja"), timezone.override(zoneinfo.ZoneInfo("America/New_York")), acting_as(reader):
    pack = evidence_of(Purchase.objects.visible_to(reader).get(pk=sys.argv[2]), 3, reader)
    for make in (evidence_json, evidence_html, evidence_zip):
        print(hashlib.sha256(make(pack)).hexdigest())
"""


def test_another_process_in_another_zone_and_language_makes_the_same_bytes(
    fresh_database: FreshDatabase,
) -> None:
    society = settle()
    people = society.people
    purchase = draft(people.aiko, society.tree.coast_guard, furnish(society).clean)
    take(purchase, Action.SUBMIT, people.aiko)
    take(purchase, Action.APPROVE, people.ben)
    take(purchase, Action.APPROVE, people.chie, letter="考慮した。")
    found = pack(purchase, 3, people.aiko)
    here = [
        hashlib.sha256(make(found)).hexdigest()
        for make in (evidence_json, evidence_html, evidence_zip)
    ]
    there = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            OTHER_PROCESS,
            fresh_database.name,
            str(purchase.pk),
        ],
        cwd=Path(__file__).parent.parent.parent,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": "4242"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.split() == here
