from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from demo.reference_files import read_json
from demo.world import build
from procurement import errors as procurement
from registry import refusals as registry

OLDER = (
    "The demo world of this version does not fit what stands in the database: %(why)s Nothing was changed."
    " An older demo world was probably loaded there, and worked with. Go on with it as it is, or stop"
    " (python3 run.py stop), delete the folder of the data (DATA_DIR, .data/postgres), and start again."
)


class Command(BaseCommand):
    help = "Load the demo world. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo world is for trying only: it needs DEMO=1.", returncode=2)
        try:
            build()
        except (
            procurement.NotAllowed,
            procurement.NotNow,
            registry.Refused,
            ValidationError,
        ) as why:
            said = getattr(why, "message", None) or "; ".join(getattr(why, "messages", [str(why)]))
            raise CommandError(OLDER % {"why": said}, returncode=2) from why
        self.stdout.write(
            f"Accounts of the demo world, all with the password {settings.DEMO_PASSWORD}:"
        )
        for person in read_json("people.json"):
            roles = ", ".join(
                f"{held['role']} at {held['agency']}" for held in person["memberships"]
            )
            self.stdout.write(f"  {person['email']:<26} {person['name_en']:<18} {roles}")
