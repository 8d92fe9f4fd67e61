"""The demo world: real makers, models and lists, and people, aircraft and purchases made up around them."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agencies.context import acting_as, take_time
from agencies.models import Person
from compliance.assess import assess_builds
from compliance.stale import stale_builds
from demo.ageing import age_purchases
from demo.aircraft_events import load_events
from demo.catalogue import CatalogueLoader
from demo.claims import load_claims, load_identifiers
from demo.duties import load_disclosures, load_duties
from demo.fleet import load_fleet, load_fleets
from demo.people import load_agencies, load_people
from demo.properties import load_certificates, load_measures
from demo.purchases import Purchases
from demo.rules import load_lists, load_matches, load_policies
from demo.waivers import load_waivers
from procurement.news import follow_trail, remind

PAST = timedelta(days=366)
"""So far back standings are reckoned: by the versions, editions and papers that held on each day."""


def build() -> None:
    """The whole world: all of it, and then what only the owner of the database may do."""
    load()
    age_purchases()


@transaction.atomic
def load() -> None:
    """All or nothing; what is there already stays as it is, so that loading twice changes nothing."""
    with acting_as(None, reason="demo world"):
        take_time()
        load_agencies()
        load_people()
    with acting_as(None, reason="demo world"):
        load_lists()
        load_policies()
        catalogue = CatalogueLoader(Person.objects.get(email="steward@demo.example"))
        catalogue.load()
        load_matches(catalogue.vendors, catalogue.builds)
        load_measures(catalogue.builds, catalogue.papers, catalogue.steward)
        load_identifiers(catalogue.vendors, catalogue.steward)
        load_claims(catalogue.vendors)
        load_fleet(catalogue.models, catalogue.builds)
        load_fleets(catalogue.models, catalogue.builds)
        load_certificates(catalogue.papers, catalogue.steward)
        load_events(catalogue.builds)
    today = timezone.localdate()
    if stale := stale_builds():
        assess_builds(stale, on=today - PAST)
    with acting_as(None, reason="demo world"):
        load_duties(catalogue.vendors)
        Purchases(catalogue.builds, catalogue.vendors).load()
        load_waivers(catalogue.builds)
        load_disclosures()
    follow_trail()
    remind(today)
