"""`/api/v1/ties/` and `/api/v1/substitutions/`."""

from datetime import timedelta

from django.utils import timezone

from tests.api.programs import API, program_of
from tests.people import Society
from tests.worlds import World


def test_a_tie_is_declared_read_by_its_person_alone_and_ended(
    society: Society, world: World
) -> None:
    ben, nao = program_of(society.people.ben), program_of(society.people.nao)
    told = ben.post(f"{API}/ties/", {"vendor": world.sora.pk, "what": "A share."})
    tie = told.json()
    assert (told.status_code, tie["vendor"], tie["ended_at"]) == (201, world.sora.pk, None)
    assert ben.get(f"{API}/ties/").json() == [tie]
    assert nao.get(f"{API}/ties/").json() == []
    assert nao.post(f"{API}/ties/{tie['id']}/end/").status_code == 404
    assert ben.post(f"{API}/ties/{tie['id']}/end/").json()["ended_at"]
    again = ben.post(f"{API}/ties/{tie['id']}/end/")
    assert (again.status_code, again.json()["guard"]) == (409, "tie_ended")


def test_a_tie_to_nothing_or_to_a_purchase_of_others_is_refused(
    society: Society, world: World
) -> None:
    ben = program_of(society.people.ben)
    foreign = "018f2f3c-0000-7000-8000-000000000000"
    assert ben.post(f"{API}/ties/", {"what": "A share."}).status_code == 400
    refused = ben.post(f"{API}/ties/", {"purchase": foreign, "what": "A share."})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["purchase"])


def test_a_substitute_is_named_and_the_substitution_ended(society: Society, world: World) -> None:
    ben, nao = program_of(society.people.ben), program_of(society.people.nao)
    today = timezone.localdate()
    body = {
        "substitute": "rin@test.example",
        "role": "approver",
        "agency": "jcg",
        "since": today.isoformat(),
        "last_day": (today + timedelta(days=3)).isoformat(),
    }
    told = ben.post(f"{API}/substitutions/", body)
    made = told.json()
    assert (told.status_code, made["away"], made["last_day"]) == (
        201,
        "ben@test.example",
        body["last_day"],
    )
    refused = nao.post(f"{API}/substitutions/", {**body, "away": "ben@test.example"})
    assert (refused.status_code, refused.json()["guard"]) == (403, "not_yours")
    assert nao.get(f"{API}/substitutions/").json() == []
    assert nao.post(f"{API}/substitutions/{made['id']}/end/").status_code == 404
    assert ben.post(f"{API}/substitutions/{made['id']}/end/").json()["ended_at"]
    assert ben.post(f"{API}/substitutions/{made['id']}/end/").status_code == 400
