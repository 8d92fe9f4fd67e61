"""Programs that use the interface in somebody's name."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from agencies.context import acting_as
from agencies.models import Person
from agencies.tokens import issue_token
from registry.models import Build

API = "/api/v1"


class Program(APIClient):
    """A client with a token; without one, a stranger. Answers in English."""

    def __init__(self, secret: str = "") -> None:
        super().__init__(headers={"accept-language": "en"})
        if secret:
            self.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")


def token_of(person: Person, *, read_only: bool = False, days: int = 30, ago: int = 0) -> str:
    """A token made `ago` days before today."""
    today = timezone.localdate() - timedelta(days=ago)
    with acting_as(None):
        return issue_token(person=person, days=days, read_only=read_only, today=today)


def program_of(person: Person, **token: Any) -> Program:
    return Program(token_of(person, **token))


def aircraft(build: int, **more: Any) -> dict[str, Any]:
    """A body that logs an aircraft of the Coast Guard."""
    return {"agency": "jcg", "build": build, "serial_number": "SN-1", **more}


def request_for(build: Build, **more: Any) -> dict[str, Any]:
    """A body that asks for two aircraft for the Coast Guard, to be bought from their maker."""
    line = {"build": build.pk, "quantity": 2, "supplier": build.model.manufacturer_id}
    return {
        "agency": "jcg",
        "title": "Two aircraft",
        "purpose": "Search along the coast",
        "missions": ["criminal_investigation"],
        "lines": [{**line, "unit_price": 600_000}],
        **more,
    }
