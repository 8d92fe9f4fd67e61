from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.reference_files import read_json
from demo.world import load


class Command(BaseCommand):
    help = "Load the demo world. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo world is for trying only: it needs DEMO=1.", returncode=2)
        load()
        self.stdout.write(
            f"Accounts of the demo world, all with the password {settings.DEMO_PASSWORD}:"
        )
        for person in read_json("people.json"):
            roles = ", ".join(
                f"{held['role']} at {held['agency']}" for held in person["memberships"]
            )
            self.stdout.write(f"  {person['email']:<26} {person['name_en']:<18} {roles}")
