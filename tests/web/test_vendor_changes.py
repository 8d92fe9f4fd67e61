"""What members propose for vendors: the record, names, numbers and links."""

from datetime import date
from decimal import Decimal

import pytest

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import refresh
from compliance.models import RuleResult
from registry.models import OwnershipLink, Vendor, VendorIdentifier
from registry.services import add_vendor
from tests.web.pages import queries, shown, signed_in
from tests.worlds import World
from web.editing import version_of

NEW = {"name": "Hoshi Robotics", "name_local": "星ロボティクス", "incorporated_in": ["JP"]}


def edited(vendor: Vendor, **changes: object) -> dict[str, object]:
    """What the form of the vendor sends when nothing but these was changed."""
    return {
        "version": version_of(vendor),
        "name": vendor.name,
        "name_local": vendor.name_local,
        "incorporated_in": vendor.incorporated_in or [],
        "headquartered_in": vendor.headquartered_in or [],
        "declaration": vendor.declaration_id or "",
        "note": vendor.note,
        **changes,
    }


def link(world: World, **given: object) -> OwnershipLink:
    with acting_as(None):
        return OwnershipLink.objects.create(
            holder=world.kite, subject=world.sora, kind="shareholding", **given
        )


def test_anyone_proposes_a_vendor_and_it_is_a_claim(rin: Person, world: World) -> None:
    answer = signed_in(rin).post("/vendors/new/", NEW)
    vendor = Vendor.objects.get(name="Hoshi Robotics")
    assert answer["location"] == f"/vendors/{vendor.pk}/"
    assert (vendor.claimed_by, vendor.verified_by, vendor.incorporated_in) == (rin, None, ["JP"])
    assert {name.claimed_by for name in vendor.names.all()} == {rin}


def test_countries_are_chosen_by_ticking_and_by_their_names_in_either_language(
    aiko: Person, world: World
) -> None:
    given = {**NEW, "incorporated_in": ["JP"], "incorporated_in-more": "ドイツ, france; US"}
    signed_in(aiko).post("/vendors/new/", given)
    assert Vendor.objects.get(name="Hoshi Robotics").incorporated_in == ["DE", "FR", "JP", "US"]


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Japan / 日本 (JP)"), ("ja", "日本 / Japan (JP)")]
)
def test_each_country_is_named_in_both_languages(
    language: str, label: str, aiko: Person, world: World
) -> None:
    aiko.language = language
    page = shown(signed_in(aiko, language=language), "/vendors/new/")
    assert label in page


def test_a_vendor_of_a_known_name_is_shown_before_it_is_recorded_twice(
    aiko: Person, world: World
) -> None:
    client = signed_in(aiko)
    given = {**NEW, "name": "SORA AIRCRAFT Co., Ltd."}
    answer = client.post("/vendors/new/", given)
    assert answer.status_code == 422
    assert f"/vendors/{world.sora.pk}/" in answer.content.decode()
    assert client.post("/vendors/new/", {**given, "another": "on"}).status_code == 302


def test_a_changed_vendor_is_a_claim_and_its_old_name_stays_as_a_former_one(
    aiko: Person, world: World
) -> None:
    client = signed_in(aiko)
    form = edited(world.sora, name="Sora Aerospace")
    assert client.post(f"/vendors/{world.sora.pk}/edit/", form).status_code == 302
    world.sora.refresh_from_db()
    assert (world.sora.name, world.sora.claimed_by) == ("Sora Aerospace", aiko)
    kinds = dict(world.sora.names.values_list("name", "kind"))
    assert (kinds["Sora Aircraft"], kinds["Sora Aerospace"]) == ("former", "legal")


def test_what_depends_on_the_vendor_is_evaluated_at_once(aiko: Person, world: World) -> None:
    refresh([world.clean.pk])
    form = edited(world.sora, headquartered_in=["CN"])
    signed_in(aiko).post(f"/vendors/{world.sora.pk}/edit/", form)
    result = RuleResult.objects.current().get(build=world.clean, rule=world.origin)
    assert result.outcome != RuleResult.Outcome.PASS


def test_a_form_opened_before_somebody_elses_change_stores_nothing_and_loses_nothing(
    aiko: Person, mika: Person, world: World
) -> None:
    mine = edited(world.sora, note="Spoke to them.", headquartered_in=["US"])
    theirs = edited(world.sora, name_local="空", headquartered_in=["DE"])
    assert signed_in(mika).post(f"/vendors/{world.sora.pk}/edit/", theirs).status_code == 302
    client = signed_in(aiko)
    answer = client.post(f"/vendors/{world.sora.pk}/edit/", mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this record after you opened it." in page
    assert "Mika" in page
    assert "Spoke to them." in page, "typed"
    assert 'value="空"' in page, "taken over, because nothing was typed there"
    assert 'value="US" id="id_headquartered_in_US" checked' in page, "typed, against theirs"
    world.sora.refresh_from_db()
    assert (world.sora.note, world.sora.headquartered_in) == ("", ["DE"])


def test_a_form_without_the_version_it_was_opened_with_is_not_taken(
    aiko: Person, world: World
) -> None:
    form = edited(world.sora, note="New") | {"version": ""}
    assert signed_in(aiko).post(f"/vendors/{world.sora.pk}/edit/", form).status_code == 409


def test_a_name_is_added_and_ended(aiko: Person, world: World) -> None:
    client = signed_in(aiko)
    given = {"name": "ソラ・エアクラフト", "kind": "transliteration"}
    assert client.post(f"/vendors/{world.sora.pk}/names/new/", given).status_code == 302
    name = world.sora.names.get(kind="transliteration")
    assert name.claimed_by == aiko
    client.post(f"/vendor-names/{name.pk}/end/")
    name.refresh_from_db()
    assert name.kind == "former"
    assert f"/vendors/{world.sora.pk}/" in shown(client, "/vendors/", q="ソラ")


def test_the_name_of_today_is_not_ended_behind_the_vendors_back(aiko: Person, world: World) -> None:
    name = world.sora.names.get(name="Sora Aircraft")
    signed_in(aiko).post(f"/vendor-names/{name.pk}/end/")
    name.refresh_from_db()
    assert name.kind == "legal"


def test_a_name_that_is_known_already_is_refused(aiko: Person, world: World) -> None:
    given = {"name": "Sora Aircraft", "kind": "trade"}
    answer = signed_in(aiko).post(f"/vendors/{world.sora.pk}/names/new/", given)
    assert answer.status_code == 422
    assert "already known by this name" in answer.content.decode()


def test_a_wrong_check_digit_is_said_and_a_taken_number_leads_to_its_vendor(
    aiko: Person, world: World
) -> None:
    client, address = signed_in(aiko), f"/vendors/{world.kite.pk}/identifiers/new/"
    wrong = client.post(address, {"scheme": "lei", "value": "213800KUD8LXJWSQ9D15"})
    assert wrong.status_code == 422
    assert "The check digits do not fit" in wrong.content.decode()
    with acting_as(None):
        world.sora.identifiers.create(scheme="cage", value="1RKN5")
    taken = client.post(address, {"scheme": "cage", "value": "1rkn5"})
    assert taken.status_code == 422
    assert f"/vendors/{world.sora.pk}/" in taken.content.decode()
    assert client.post(address, {"scheme": "cage", "value": "2RKN5"}).status_code == 302
    assert "2RKN5" in shown(client, f"/vendors/{world.kite.pk}/")


def test_a_number_is_corrected(aiko: Person, world: World) -> None:
    with acting_as(None):
        identifier = world.sora.identifiers.create(scheme="cage", value="1RKN5")
    form = {"version": version_of(identifier), "scheme": "cage", "value": "3RKN5"}
    signed_in(aiko).post(f"/identifiers/{identifier.pk}/edit/", form)
    assert VendorIdentifier.objects.get().value == "3RKN5"


@pytest.mark.parametrize(
    ("share", "stored"),
    [
        ({"share_given": "exact", "share": "51"}, ("51", "51")),
        ({"share_given": "range", "share_min": "10", "share_max": "20"}, ("10", "20")),
        ({"share_given": "range", "share_min": "50"}, ("50", None)),
        ({"share_given": "unknown", "share": "7"}, (None, None)),
    ],
)
def test_a_share_is_exact_a_range_or_not_known(
    share: dict[str, str], stored: tuple[str | None, str | None], aiko: Person, world: World
) -> None:
    given = {
        "holder": "Kite Works",
        "subject": "空航空機",
        "kind": "shareholding",
        "status": "asserted",
    }
    address = f"/vendors/{world.sora.pk}/links/new/"
    assert signed_in(aiko).post(address, {**given, **share}).status_code == 302
    made = OwnershipLink.objects.get()
    expected = tuple(None if each is None else Decimal(each) for each in stored)
    assert (made.share_min, made.share_max) == expected
    assert (made.holder, made.subject, made.claimed_by) == (world.kite, world.sora, aiko)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"share_given": "exact"}, "Enter the share"),
        ({"share_given": "exact", "share": "130"}, "between 0 and 100 percent"),
        ({"share_given": "range"}, "at least one of the two bounds"),
        ({"share_given": "range", "share_min": "30", "share_max": "20"}, "cannot be above"),
        ({"holder": "Sora Aircraft"}, "cannot own itself"),
        ({"holder": "Nobody Ltd."}, "No vendor is called “Nobody Ltd.”"),
        ({"since": "2026-04-01", "until": "2026-04-01"}, "after the day on which it began"),
    ],
)
def test_a_wrong_link_is_refused_with_what_is_wrong(
    given: dict[str, str], why: str, aiko: Person, world: World
) -> None:
    right = {
        "holder": "Kite Works",
        "subject": "Sora Aircraft",
        "kind": "control",
        "status": "asserted",
        "share_given": "unknown",
    }
    answer = signed_in(aiko).post(f"/vendors/{world.sora.pk}/links/new/", {**right, **given})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not OwnershipLink.objects.exists()


def test_vendors_of_one_name_are_told_apart_by_the_number_of_the_record(
    aiko: Person, world: World
) -> None:
    with acting_as(None):
        namesake = add_vendor(vendor=Vendor(name="Kite Works"), by=None)
    given = {
        "subject": "Sora Aircraft",
        "kind": "control",
        "status": "asserted",
        "share_given": "unknown",
    }
    client, address = signed_in(aiko), f"/vendors/{world.sora.pk}/links/new/"
    answer = client.post(address, {**given, "holder": "Kite Works"})
    assert f"Kite Works #{namesake.pk}" in answer.content.decode()
    assert (
        client.post(address, {**given, "holder": f"Kite Works #{namesake.pk}"}).status_code == 302
    )
    assert OwnershipLink.objects.get().holder == namesake


def test_claims_that_contradict_each_other_stand_side_by_side(aiko: Person, world: World) -> None:
    given = {"holder": "Kite Works", "subject": "Sora Aircraft", "kind": "control"}
    client, address = signed_in(aiko), f"/vendors/{world.sora.pk}/links/new/"
    for status in ("asserted", "denied"):
        client.post(address, {**given, "status": status, "share_given": "unknown"})
    assert set(OwnershipLink.objects.values_list("status", flat=True)) == {"asserted", "denied"}


def test_a_link_is_ended_and_not_deleted(aiko: Person, world: World) -> None:
    held = link(world, since=date(2020, 1, 1))
    form = {"version": version_of(held), "until": "2026-04-01"}
    assert signed_in(aiko).post(f"/links/{held.pk}/end/", form).status_code == 302
    held.refresh_from_db()
    assert (held.until, held.since) == (date(2026, 4, 1), date(2020, 1, 1))


def test_an_exact_share_is_shown_as_one_and_changed_to_a_range(aiko: Person, world: World) -> None:
    held = link(world, share_min=Decimal(51), share_max=Decimal(51))
    client, address = signed_in(aiko), f"/links/{held.pk}/edit/"
    assert 'value="51.000"' in shown(client, address)
    form = {
        "version": version_of(held),
        "holder": "Kite Works",
        "subject": "Sora Aircraft",
        "kind": "shareholding",
        "status": "disputed",
        "share_given": "range",
        "share_min": "40",
    }
    assert client.post(address, form).status_code == 302
    held.refresh_from_db()
    assert (held.share_min, held.share_max, held.status) == (Decimal(40), None, "disputed")


def test_a_form_takes_as_many_queries_for_forty_vendors_as_for_two(
    aiko: Person, world: World
) -> None:
    client, address = signed_in(aiko), f"/vendors/{world.sora.pk}/links/new/"
    few = queries(client, address)
    with acting_as(None):
        for number in range(38):
            add_vendor(vendor=Vendor(name=f"Maker {number}"), by=None)
    assert queries(client, address) == few
