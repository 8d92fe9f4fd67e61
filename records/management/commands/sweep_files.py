from typing import Any

from django.core.management.base import BaseCommand

from agencies.context import acting_as
from records.models import AgencyAttachment, CatalogueAttachment
from records.storage import sweep


class Command(BaseCommand):
    help = "Removes contents of files that no record names and that are older than a day: rests of uploads that broke off."

    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as(None, reason="sweeping files"):
            of_agencies = AgencyAttachment.objects.unscoped(reason="contents serve every agency")
            named = {
                *of_agencies.values_list("digest", flat=True),
                *CatalogueAttachment.objects.values_list("digest", flat=True),
            }
            removed = sweep(named)
        self.stdout.write(f"Removed {len(removed)}.")
