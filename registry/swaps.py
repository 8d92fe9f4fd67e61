"""The build that an aircraft has after a part of it was replaced."""

from dataclasses import dataclass

from django.db import transaction

from agencies.models import Person
from registry.models import Build, Component, Vendor
from registry.proposals import copy_build

COPIED = ("assembled_in", "design_known", "design_licensed_from")


@dataclass(frozen=True, slots=True)
class NewPart:
    """What was put in; nobody need know more than its role."""

    role: str
    part: str = ""
    maker: Vendor | None = None


@transaction.atomic
def build_after_swap(*, build: Build, new: NewPart, name: str, by: Person) -> Build:
    """A claimed build like this one but for the parts of one role.

    What is known of the other parts is copied as claims of `by`, without evidence: papers speak of
    the build that they were issued for. Raises ValidationError, such as for a name that is taken.
    """
    made = Build(
        model=build.model,
        name=name.strip(),
        configuration_known=True,
        not_fitted=[role for role in build.not_fitted if role != new.role],
        **{column: getattr(build, column) for column in COPIED},
    )
    copy_build(source=build, build=made, by=by)
    made.components.filter(role=new.role).delete()
    Component.objects.create(
        build=made, role=new.role, part=new.part, maker=new.maker, claimed_by=by
    )
    return made
