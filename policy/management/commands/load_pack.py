from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from agencies.context import acting_as
from agencies.models import Person
from policy.drafts import load_pack
from policy.packs import PackError, read_pack


class Command(BaseCommand):
    help = "Load a policy that ships with the program, as a draft. What is there already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="such as japan-2020")
        parser.add_argument(
            "--by", metavar="EMAIL", help="the policy officer whose draft it is to be"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pack = read_pack(options["name"])
        except PackError as error:
            raise CommandError(str(error), returncode=2) from error
        by = _person(options["by"])
        try:
            with acting_as(by, reason=f"pack {options['name']}"):
                loaded = load_pack(pack=pack, by=by)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages), returncode=2) from error
        if loaded.new:
            rules = len(pack.rules)
            self.stdout.write(f"{pack.policy} {pack.version}: a draft with {rules} rules.")
        else:
            self.stdout.write(f"{pack.policy} {pack.version} is there already; nothing changed.")
        for code in loaded.lists:
            self.stdout.write(f"List {code} was begun. It has no edition yet.")


def _person(email: str | None) -> Person | None:
    if email is None:
        return None
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"There is nobody with the email {email!r}.", returncode=2)
    return person
