"""Evidence packs as files: for programs as JSON, for paper as a page of its own, and both with their digests."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.translation import override

from agencies.models import Person
from compliance.models import RuleResult
from procurement.evidence import LANGUAGES, WITH_EVIDENCE, evidence_json, evidence_of
from procurement.guidance import LABELS
from procurement.models import Move, Purchase
from procurement.states import Action, Status
from web.access import MemberRequest, download
from web.attachments import SANDBOX
from web.purchase_records import purchase_for

BEFORE_FILES_HAD_DATES: Final = (1980, 1, 1, 0, 0, 0)
"""The day that every file in the archive bears, so that equal packs are equal bytes."""


@download
def evidence(request: MemberRequest, pk: UUID, no: int, form: str) -> HttpResponseBase:
    """`/purchases/<id>/evidence/<no>/<form>/`: what the decision of this number rested on, as a file."""
    purchase = purchase_for(request.user, pk)
    if form not in FORMS:
        raise Http404
    try:
        pack = evidence_of(purchase, no, request.user)
    except Move.DoesNotExist:
        raise Http404 from None
    media_type, made = FORMS[form]
    return _file(made(pack), f"{purchase.number}-{no}.{form}", media_type)


def decisions_with_evidence(purchase: Purchase, person: Person) -> list[tuple[Move, object]]:
    """The steps that a pack can be had of, newest first, with their labels. One query."""
    moves = purchase.moves.visible_to(person).filter(
        action__in=WITH_EVIDENCE, dossier__isnull=False
    )
    return [(each, LABELS[Action(each.action)]) for each in moves.order_by("-no")]


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cache-Control"] = "private, no-store"
    return answer


def evidence_html(pack: Mapping[str, Any]) -> bytes:
    """The pack as a page to be printed: once in each language, whatever the language of the reader."""
    halves = [_half(pack, language) for language in reversed(LANGUAGES)]
    digest = hashlib.sha256(evidence_json(pack)).hexdigest()
    context = {"halves": halves, "pack": pack, "digest": digest}
    return render_to_string("purchases/evidence.html", context).encode()


def _half(pack: Mapping[str, Any], language: str) -> tuple[str, str]:
    with override(language):
        context = {
            "pack": pack,
            "body": pack["dossier"]["body"],
            "steps": [_step(each) for each in pack["steps"]],
            "builds": list(_builds(pack, language)),
            "language": language,
        }
        return language, render_to_string("purchases/_evidence.html", context)


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    words = {"label": LABELS[Action(step["action"])], "state": Status(step["to"]).label}
    return {**step, **words, "roles": ", ".join(step["as"])}


def _builds(pack: Mapping[str, Any], language: str) -> Iterator[dict[str, Any]]:
    """What was judged, with the sentences of each result in this language."""
    body = pack["dossier"]["body"]
    names = {line["build"] or line["id"]: line["name"][language] for line in body["lines"]}
    said = {(each["id"], each["supplier"], each["rule"]): each for each in pack["sentences"]}
    for build in body["builds"]:
        results = [
            {
                "rule": each["rule"],
                "citation": each["citation"],
                "clause": each["clause"][language] or each["clause"]["en"],
                "outcome": RuleResult.Outcome(each["outcome"]).label,
                "sentences": said[build["id"], build["supplier"], each["rule"]][language],
            }
            for each in build["results"]
        ]
        yield {"name": names[build["id"]], "results": results, "digest": build["facts_digest"]}


def evidence_zip(pack: Mapping[str, Any]) -> bytes:
    """Both files and a manifest of their digests in the form that `sha256sum -c` reads."""
    files = {"evidence.json": evidence_json(pack), "evidence.html": evidence_html(pack)}
    manifest = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {**files, "SHA256SUMS": manifest.encode()}.items():
            archive.writestr(zipfile.ZipInfo(name, BEFORE_FILES_HAD_DATES), content)
    return written.getvalue()


FORMS: Final[Mapping[str, tuple[str, Callable[[Mapping[str, Any]], bytes]]]] = {
    "json": ("application/json", evidence_json),
    "html": ("text/html; charset=utf-8", evidence_html),
    "zip": ("application/zip", evidence_zip),
}

urlpatterns: list[URLPattern] = [
    path("purchases/<uuid:pk>/evidence/<int:no>/<slug:form>/", evidence, name="purchase_evidence"),
]
