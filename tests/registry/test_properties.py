"""What can be said of a build beside its origin, and what cannot."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agencies.context import acting_as
from agencies.models import Person
from registry.models import Attribute, Measure
from tests.worlds import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", [Measure, Attribute])
def test_a_measure_or_attribute_that_changes_is_a_claim_again(
    kind: type[Measure | Attribute], world: World, goro: Person, aiko: Person
) -> None:
    said: dict[str, Any] = (
        {"measure": "update_control", "claimed": True}
        if kind is Measure
        else {"attribute": "range_m", "low": 100, "high": 100}
    )
    changed = {"claimed": False} if kind is Measure else {"high": 120}
    with acting_as(goro):
        row = kind._default_manager.create(build=world.clean, verified_by=goro, **said)
    with acting_as(aiko):
        kind._default_manager.filter(pk=row.pk).update(**changed)
    row.refresh_from_db()
    assert (row.verified_by_id, row.claimed_by_id) == (None, aiko.pk)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"attribute": "range_m", "present": True}, "Enter a quantity"),
        ({"attribute": "sold_as_toy", "low": Decimal(1)}, "Enter a quantity"),
        ({"attribute": "range_m", "low": Decimal(2), "high": Decimal(1)}, "smallest value"),
        ({"attribute": "colour"}, "not a valid choice"),
    ],
)
def test_what_an_attribute_cannot_say(wrong: dict[str, Any], sentence: str, world: World) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Attribute(build=world.clean, **wrong).full_clean()


def test_a_build_says_one_thing_of_each_measure(world: World, goro: Person) -> None:
    with acting_as(goro):
        Measure.objects.create(build=world.clean, measure="update_control", claimed=True)
        again = Measure(build=world.clean, measure="update_control", claimed=False)
        with pytest.raises(ValidationError, match="already recorded"):
            again.full_clean()
