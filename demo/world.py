"""The demo world: real makers, models and lists, and people, aircraft and purchases made up around them."""

from django.db import transaction
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import assess_builds
from compliance.stale import stale_builds
from demo.aircraft_events import load_events
from demo.catalogue import CatalogueLoader
from demo.claims import load_claims, load_identifiers
from demo.fleet import load_fleet
from demo.people import load_agencies, load_people
from demo.properties import load_certificates, load_measures
from demo.purchases import load_purchases
from demo.rules import load_lists, load_matches, load_policies
from demo.waivers import load_waivers
from procurement.news import follow_trail, remind


@transaction.atomic
def load() -> None:
    """All or nothing; what is there already stays as it is, so that loading twice changes nothing."""
    with acting_as(None, reason="demo world"):
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
        load_certificates(catalogue.papers, catalogue.steward)
        load_events(catalogue.builds)
    if stale := stale_builds():
        assess_builds(stale)
    with acting_as(None, reason="demo world"):
        load_purchases(catalogue.builds, catalogue.vendors)
        load_waivers(catalogue.builds)
    follow_trail()
    remind(timezone.localdate())
