"""What members propose for models, builds, parts, measures and declarations."""

from decimal import Decimal

from django.test.client import Client

from agencies.context import acting_as
from agencies.models import Person
from registry.models import Build, Component, Declaration, DroneModel, Measure
from standards.component_roles import ROLES
from tests.web.pages import Answer, shown, signed_in
from tests.worlds import World

PAPER = {
    "title": "Letter of the maker",
    "kind": "maker_declaration",
    "claimant": "Sora Aircraft",
    "dated": "2026-04-01",
    "grade": "2",
}


def hidden(page: str) -> str:
    return page.split('name="version" value="')[1].split('"', maxsplit=1)[0]


def send(client: Client, address: str, **given: object) -> Answer:
    """The form of several rows as it stands, with these values."""
    return client.post(address, {"version": hidden(shown(client, address)), **given})


def rows_of(build: Build, **states: str) -> dict[str, object]:
    """What the form of the parts sends when nothing is changed but these states of roles without a part."""
    rows: dict[str, object] = {}
    for part in build.components.all():
        prefix = f"part-{part.pk}"
        rows |= {f"{prefix}-state": "recorded", f"{prefix}-part": part.part}
        rows |= {
            f"{prefix}-maker": str(part.maker or ""),
            f"{prefix}-made_in": ", ".join(part.made_in or []),
        }
    fitted = set(build.components.values_list("role", flat=True))
    from_vocabulary = {
        f"role-{role}-state": "not_known" for role in ROLES.codes if role not in fitted
    }
    return rows | from_vocabulary | {f"role-{role}-state": state for role, state in states.items()}


def test_a_model_comes_with_the_build_that_stands_for_not_knowing(
    rin: Person, world: World
) -> None:
    given = {"manufacturer": "空航空機", "name": "S-7", "serial_scheme": "maker"}
    answer = signed_in(rin).post("/models/new/", given)
    model = DroneModel.objects.get(name="S-7")
    assert answer["location"] == f"/models/{model.pk}/"
    assert (model.claimed_by, model.manufacturer) == (rin, world.sora)
    assert not model.builds.get().configuration_known


def test_a_build_says_whose_design_it_is(aiko: Person, world: World) -> None:
    client, address = signed_in(aiko), f"/models/{world.clean.model_id}/builds/new/"
    unnamed = client.post(address, {"name": "Lot 2", "design": "licensed"})
    assert unnamed.status_code == 422
    assert "Name the vendor whose design it is." in unnamed.content.decode()
    client.post(
        address, {"name": "Lot 2", "design": "licensed", "design_licensed_from": "Kite Works"}
    )
    build = Build.objects.get(name="Lot 2")
    assert (build.design_licensed_from, build.design_known) == (world.kite, True)


def test_a_copied_build_takes_over_parts_and_no_evidence(aiko: Person, world: World) -> None:
    with acting_as(None):
        Measure.objects.create(
            build=world.clean, measure="update_control", claimed=True, declaration=world.paper
        )
    given = {"name": "Lot 2", "design": "own", "assembled_in": ["JP"]}
    signed_in(aiko).post(f"/builds/{world.clean.pk}/copy/", given)
    copy = Build.objects.get(name="Lot 2")
    facts: list[Build | Component | Measure] = [copy, *copy.components.all(), *copy.measures.all()]
    assert len(facts) == 1 + world.clean.components.count() + 1
    assert {(each.claimed_by, each.verified_by, each.declaration) for each in facts} == {
        (aiko, None, None)
    }
    assert {tuple(each.made_in or ()) for each in copy.components.all()} == {("JP",)}


def test_the_build_that_stands_for_not_knowing_is_not_edited(aiko: Person, world: World) -> None:
    client = signed_in(aiko)
    for page in ("edit", "copy", "components", "measures", "components/new"):
        assert client.get(f"/builds/{world.unknown.pk}/{page}/").status_code == 403


def test_parts_are_recorded_not_known_or_not_fitted(aiko: Person, world: World) -> None:
    address = f"/builds/{world.clean.pk}/components/"
    camera = world.clean.components.get(role="camera")
    given = rows_of(world.clean, battery="recorded", remote_id_module="not_fitted")
    given |= {"role-battery-maker": "Kite Works", "role-battery-made_in": "中国, US"}
    given |= {f"part-{camera.pk}-state": "not_known", "declaration": world.paper.pk}
    assert send(signed_in(aiko), address, **given).status_code == 302
    world.clean.refresh_from_db()
    battery = world.clean.components.get(role="battery")
    assert (battery.maker, battery.made_in, battery.declaration, battery.claimed_by) == (
        world.kite,
        ["CN", "US"],
        world.paper,
        aiko,
    )
    assert world.clean.not_fitted == ["remote_id_module"]
    assert not world.clean.components.filter(role="camera").exists()
    radio = world.clean.components.get(role="radio")
    assert radio.verified_by is not None, "an untouched row keeps its check"


def test_what_is_typed_for_a_part_that_is_not_recorded_is_not_lost_silently(
    aiko: Person, world: World
) -> None:
    given = rows_of(world.clean) | {"role-battery-maker": "Kite Works"}
    answer = send(signed_in(aiko), f"/builds/{world.clean.pk}/components/", **given)
    assert answer.status_code == 422
    assert "Choose “recorded”" in answer.content.decode()


def test_parts_changed_by_somebody_else_meanwhile_are_not_overwritten(
    aiko: Person, mika: Person, world: World
) -> None:
    client, address = signed_in(aiko), f"/builds/{world.clean.pk}/components/"
    version = hidden(shown(client, address))
    with acting_as(mika):
        world.clean.components.filter(role="radio").update(made_in=["TW"])
    answer = client.post(
        address, {"version": version, **rows_of(world.clean, battery="not_fitted")}
    )
    assert answer.status_code == 409
    assert "Mika" in answer.content.decode()
    world.clean.refresh_from_db()
    assert world.clean.not_fitted == []


def test_measures_and_attributes_are_recorded_with_one_declaration(
    aiko: Person, world: World
) -> None:
    given = {
        "measure-update_control-claimed": "yes",
        "attribute-range_m-low": "3000",
        "attribute-range_m-high": "4000",
        "attribute-sold_as_toy-present": "no",
        "declaration": world.paper.pk,
    }
    client, address = signed_in(aiko), f"/builds/{world.clean.pk}/measures/"
    assert send(client, address, **given).status_code == 302
    measure = world.clean.measures.get()
    assert (measure.claimed, measure.declaration, measure.claimed_by) == (True, world.paper, aiko)
    reach = world.clean.attributes.get(attribute="range_m")
    assert (reach.low, reach.high) == (Decimal(3000), Decimal(4000))
    assert world.clean.attributes.get(attribute="sold_as_toy").present is False
    wrong = send(client, address, **given | {"attribute-range_m-low": "5000"})
    assert wrong.status_code == 422


def test_a_declaration_is_attached_to_several_facts_at_once(aiko: Person, world: World) -> None:
    client = signed_in(aiko)
    address = client.post("/declarations/new/", PAPER)["location"]
    paper = Declaration.objects.get(title="Letter of the maker")
    parts = list(world.clean.components.all()[:2])
    facts = [f"components:{part.pk}" for part in parts]
    given = {"facts": [f"builds:{world.clean.pk}", *facts]}
    assert client.post(f"{address}attach/?build={world.clean.pk}", given).status_code == 302
    world.clean.refresh_from_db()
    assert (world.clean.declaration, world.clean.verified_by) == (paper, None)
    assert world.clean.components.filter(declaration=paper).count() == 2
    assert "S-1 — Standard" in shown(client, address)


def test_a_declaration_of_the_future_or_that_ends_before_its_date_is_refused(
    aiko: Person, world: World
) -> None:
    client = signed_in(aiko)
    for given, why in (
        ({"dated": "2999-01-01"}, "dated in the future"),
        ({"expires": "2026-03-31"}, "cannot expire before its own date"),
    ):
        answer = client.post("/declarations/new/", PAPER | given)
        assert answer.status_code == 422
        assert why in answer.content.decode()
