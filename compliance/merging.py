"""Merging two vendors, seen from the lists: a decision about the one must not contradict one about the other."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Person
from compliance.models import ListMatch
from registry import merging
from registry.merging import Merger
from registry.models import Vendor


def merger(*, kept: Vendor, gone: Vendor, by: Person) -> Merger:
    """As `registry.merging.merger`, with the contradictions between decisions about entries of lists."""
    planned = merging.merger(kept=kept, gone=gone, by=by)
    return replace(planned, obstacles=[*planned.obstacles, *contradictions(kept, gone)])


def contradictions(kept: Vendor, gone: Vendor) -> list[str]:
    """Entries that are said to be the one vendor and not the other. Two queries."""
    decided = {
        (match.list_id, match.entry_key): match.decision for match in kept.list_matches.all()
    }
    return [
        _(
            "The entry %(entry)s was decided to be one of the two and not the other. Decide on it anew first."
        )
        % {"entry": match.entry_key}
        for match in ListMatch.objects.filter(vendor=gone)
        if decided.get((match.list_id, match.entry_key), match.decision) != match.decision
    ]


@transaction.atomic
def merge(*, kept: Vendor, gone: Vendor, seen: str, by: Person) -> Merger:
    """As `registry.merging.merge`; raises ValidationError for contradicting decisions as well."""
    if wrong := contradictions(kept, gone):
        raise ValidationError(wrong, code="obstacle")
    return merging.merge(kept=kept, gone=gone, seen=seen, by=by)
