"""A build typed by maker and model, where a list of all of them would be too long."""

import pytest
from django import forms

from agencies.context import acting_as
from registry.models import Build
from tests.worlds import World
from web.forms.build_field import NAMED, BuildSearchField

pytestmark = pytest.mark.django_db


class Form(forms.Form):
    build = BuildSearchField()


def typed(text: str) -> Form:
    form = Form({"build": text})
    form.full_clean()
    return form


def found(text: str) -> Build | None:
    build: Build | None = typed(text).cleaned_data.get("build")
    return build


def test_a_build_is_found_by_the_number_of_its_record_whatever_stands_before_it(
    world: World,
) -> None:
    assert found(f"#{world.listed.pk}") == world.listed
    assert found(f"Anything #{world.listed.pk} ") == world.listed


def test_a_text_that_can_mean_several_names_them_with_their_numbers(world: World) -> None:
    form = typed("S-1")
    (error,) = form.errors["build"]
    for build in (world.clean, world.no_radio, world.unknown):
        assert f"{build} #{build.pk}" in error
    assert f"#{world.listed.pk}" not in error


def test_one_build_that_is_meant_is_taken(world: World) -> None:
    with acting_as(None, reason="test"):
        Build.objects.filter(model=world.listed.model).exclude(pk=world.listed.pk).delete()
    assert found("K-9") == world.listed


def test_what_nothing_is_called_is_refused_with_what_to_type(world: World) -> None:
    assert typed("Zeppelin").errors["build"] == [
        "No build is found by “Zeppelin”. Type the maker and the model."
    ]
    assert typed("#999999999").errors["build"] == [
        "No build is found by “#999999999”. Type the maker and the model."
    ]


def test_a_form_that_is_shown_again_names_the_build(world: World) -> None:
    form = Form(initial={"build": world.clean})
    assert f"#{world.clean.pk}" in str(form["build"])


def test_no_more_builds_are_named_than_can_be_read(world: World) -> None:
    with acting_as(None, reason="test"):
        for number in range(NAMED + 3):
            Build.objects.create(model=world.clean.model, name=f"Lot {number}")
    (error,) = typed("S-1").errors["build"]
    assert str(error).count("S-1 — ") <= NAMED
