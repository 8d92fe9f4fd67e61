"""Quick search: names in any script, serial numbers and tags, compared as `registry_folded` folds them.

Folding makes full and half width, small and capital letters, hiragana and katakana one, and drops whatever
is neither a letter nor a digit. The same function of the database folds what is stored and what is asked.
"""

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import CharField, Q, QuerySet, Transform
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Contains

from registry.models import Build, CommonAlias, DroneModel, Vendor, VendorName
from registry.models.drones import SEARCH_KEY

if TYPE_CHECKING:
    from registry.models import Drone

SHORTEST: Final = 3
"""Characters from which on the middle of a serial number is searched: trigrams need as many."""
MOST: Final = 5_000
"""Found serial numbers up to which the search goes by their ids, and from which on along the list."""


@CharField.register_lookup
class Folded(Transform):
    """`name__folded__contains=text`: both sides folded."""

    function = "registry_folded"
    lookup_name = "folded"
    bilateral = True


def search_text(text: str) -> str:
    """As it is compared: full and half width made one, no spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def is_searchable(text: str) -> bool:
    """Whether anything of the text is left when it is folded."""
    return any(each.isalnum() for each in unicodedata.normalize("NFKC", text))


def named(path: str, text: str) -> Q:
    return Q(**{f"{path}__folded__contains": text})


def search_vendors(vendors: "QuerySet[Vendor]", text: str) -> "QuerySet[Vendor]":
    """Vendors one of whose names contains the text."""
    if not is_searchable(text):
        return vendors.none()
    aliases = VendorName.objects.filter(named("name", text)).values("vendor")
    return vendors.filter(named("name", text) | named("name_local", text) | Q(pk__in=aliases))


def search_models(models: "QuerySet[DroneModel]", text: str) -> "QuerySet[DroneModel]":
    """Models whose own name or whose maker's name contains the text."""
    if not is_searchable(text):
        return models.none()
    makers = search_vendors(Vendor.objects.all(), text).values("pk")
    return models.filter(
        named("name", text) | named("name_local", text) | Q(manufacturer__in=makers)
    )


def search_builds(builds: "QuerySet[Build]", text: str) -> "QuerySet[Build]":
    """Builds whose name, model or maker contains the text, or for which all agencies remember it."""
    if not is_searchable(text):
        return builds.none()
    models = search_models(DroneModel.objects.all(), text).values("pk")
    aliases = CommonAlias.objects.filter(named("text", text)).values("build")
    return builds.filter(named("name", text) | Q(model__in=models) | Q(pk__in=aliases))


def search_drones(drones: "QuerySet[Drone]", text: str) -> "QuerySet[Drone]":
    """Aircraft whose serial number, registration or tag contains the text, or whose model or maker does.

    Two queries before the list: builds, and serial numbers by their trigrams. Conditions on ids alone keep
    the indexes usable under row-level security.
    """
    if not is_searchable(text):
        return drones.none()
    builds = list(search_builds(Build.objects.all(), text).values_list("pk", flat=True))
    return drones.filter(Q(build__in=builds) | _by_key(text))


def _by_key(text: str) -> Q:
    """By what stands on the aircraft itself; what is too short for trigrams is not looked for there."""
    if len(unicodedata.normalize("NFKC", text).strip()) < SHORTEST:
        return Q()
    found = drones_with_key(text, MOST + 1)
    return Q(Contains(SEARCH_KEY, folded(text))) if len(found) > MOST else Q(pk__in=found)


def drones_with_key(text: str, most: int) -> Sequence[Any]:
    """The ids of so many aircraft of the agencies in this context whose key contains the text. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select registry_drones_with_key(%s, %s)", [text, most])
        return [row[0] for row in cursor.fetchall()]


def folded(text: str) -> RawSQL:
    return RawSQL("registry_folded(%s)", [text])


def controlled_from(country: str) -> RawSQL:
    """The ids of vendors domiciled in the country, or held at half or more, step by step, by one who is."""
    return RawSQL("select registry_controlled_from(%s)", [country])
