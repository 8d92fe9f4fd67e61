from django.conf import settings

from agencies.models import Agency, Membership, Person
from demo.reference_files import read_csv, read_json

SCOPE = "the demo world asks whether it is loaded already"


def load_agencies() -> None:
    for row in read_csv("agencies.csv"):
        parent = Agency.objects.get(code=row["parent"]) if row["parent"] else None
        Agency.objects.get_or_create(
            code=row["code"],
            defaults={
                "parent": parent,
                "kind": row["kind"],
                "name_en": row["name_en"],
                "name_local": row["name_ja"],
                "corporate_number": row["corporate_number"],
            },
        )


def load_people() -> None:
    for entry in read_json("people.json"):
        person = Person.objects.filter(email__iexact=entry["email"]).first() or _add(entry)
        for held in entry["memberships"]:
            key = {
                "person": person,
                "role": held["role"],
                "agency": Agency.objects.get(code=held["agency"]),
            }
            if not Membership.objects.unscoped(reason=SCOPE).filter(**key).exists():
                Membership.objects.create(**key, since=held["since"])


def _add(entry: dict[str, str]) -> Person:
    person = Person(
        email=entry["email"],
        name_en=entry["name_en"],
        name_local=entry["name_ja"],
        language=entry["language"],
        mail=Person.Mail.NONE,  # nobody is behind these addresses; the inbox has everything
    )
    person.set_password(settings.DEMO_PASSWORD)
    person.save()
    return person
