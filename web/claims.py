"""The steward's queue: every claim that nobody has checked, with what it changes; check, refuse, or check many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.models import CatalogueRecord
from registry.permissions import may_keep_catalogue
from web.access import MemberRequest, action, form_page, found, page, refuse_unless
from web.catalogue_facts import FACT_KINDS, Fact, facts_of
from web.checks import KINDS, Kind, fingerprint
from web.editing import FormPage, shown_form
from web.elements import Change
from web.events import since_check
from web.paging import keyset

ONLY_STEWARDS = gettext_lazy("Only a steward checks facts of the catalogue.")
MOST = 200
"""Claims that can be checked in one go."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact that waits, what it changes (`changes`), and whether the reader may check it: not one's own."""

    fact: Fact
    changes: Sequence[Change]
    mine: bool
    seen: str

    @property
    def key(self) -> str:
        return f"{self.fact.key}:{self.seen}"


def waiting(kind: str) -> "QuerySet[CatalogueRecord]":
    """Claims of a kind that somebody made and nobody has checked or refused."""
    rows = FACT_KINDS[kind].rows().select_related("claimed_by")
    return rows.filter(claimed_by__isnull=False, verified_by=None, refused_by=None)


def counted() -> list[tuple[str, str, int]]:
    """(kind, its name, how many wait). One query per kind."""
    return [
        (kind, str(capfirst(each.model._meta.verbose_name_plural)), waiting(kind).count())
        for kind, each in FACT_KINDS.items()
    ]


def claims_of(records: Iterable[CatalogueRecord], request: MemberRequest) -> list[Claim]:
    """With what each changes. A few queries, however many claims of a kind."""
    facts = facts_of(records, request.user)
    changes = since_check([fact.record for fact in facts], request.user)
    return [
        Claim(
            fact,
            changes.get(fact.record, ()),
            fact.record.claimed_by_id == request.user.pk,
            fingerprint(fact.record),
        )
        for fact in facts
    ]


@page
def list_claims(request: MemberRequest) -> HttpResponse:
    """`/catalogue/claims/`: the first kind of which something waits, or the one of `?kind`."""
    kinds = counted()
    first = next((kind for kind, _label, count in kinds if count), "vendors")
    asked = request.GET.get("kind", "")
    here = asked if asked in FACT_KINDS else first
    records, links = keyset(waiting(here).order_by("-pk"), request)
    context = {
        "kinds": kinds,
        "here": here,
        "claims": claims_of(records, request),
        "page": links,
        "may_check": may_keep_catalogue(request.user),
    }
    return render(request, "claims/list.html", context)


@action
def check_claims(request: MemberRequest) -> HttpResponse:
    """`/catalogue/claims/check/`: what was ticked, shown again with all it changes; then checked together."""
    refuse_unless(may_keep_catalogue(request.user), ONLY_STEWARDS)
    keys = list(dict.fromkeys(request.POST.getlist("claim")))[:MOST]
    records, changed = _ticked(keys)
    own = [each for each in records if each.claimed_by_id == request.user.pk]
    refuse_unless(not own, _("A fact is checked by somebody who did not claim it."))
    if not keys:
        messages.warning(request, _("Tick at least one claim."))
        return redirect("claims")
    if changed or "confirmed" not in request.POST:
        context = {"claims": claims_of(records, request), "changed": changed}
        return render(request, "claims/check.html", context, status=409 if changed else 200)
    for record in records:
        check_fact(record, request)
    count = len(records)
    text = ngettext("%(count)s claim checked.", "%(count)s claims checked.", count)
    messages.success(request, text % {"count": count})
    return redirect("claims")


def check_fact(record: CatalogueRecord, request: MemberRequest) -> None:
    rows = type(record)._default_manager.filter(pk=record.pk)
    rows.update(verified_by=request.user, refused_by=None, refused_because="")
    _kind_of(record).refresh(record)


def _kind_of(record: CatalogueRecord) -> Kind:
    return next(kind for kind in KINDS.values() if kind.model is type(record))


def _ticked(keys: Sequence[str]) -> tuple[list[CatalogueRecord], int]:
    """The records that these keys name, held, and how many are gone or are no longer as they were seen."""
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for key in keys:
        kind, pk, seen = (*key.split(":"), "", "", "")[:3]
        if kind in FACT_KINDS and pk.isdecimal() and len(pk) < 18:
            wanted[kind][pk] = seen
    records: list[CatalogueRecord] = []
    unchanged = 0
    for kind, seen_by_pk in wanted.items():
        rows = FACT_KINDS[kind].rows().select_for_update(of=("self",)).order_by("pk")
        for record in rows.filter(pk__in=seen_by_pk, verified_by=None):
            records.append(record)
            unchanged += fingerprint(record) == seen_by_pk[str(record.pk)]
    return records, len(keys) - unchanged


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is refused"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The claimant reads this. Say what is wrong and what would be needed."
        ),
    )


@form_page
def refuse(request: MemberRequest, pk: int, kind: str) -> HttpResponse:
    """`/<kind>/<id>/refuse/`: the claim stays on record as refused, until somebody changes it."""
    rows = FACT_KINDS[kind].rows()
    record = found(
        rows.select_for_update(of=("self",)) if request.method == "POST" else rows, pk=pk
    )
    refuse_unless(may_keep_catalogue(request.user), ONLY_STEWARDS)
    refuse_unless(
        record.claimed_by_id != request.user.pk,
        _("A claim is refused by somebody who did not make it."),
    )
    claim = claims_of([record], request)[0]
    form = RefuseForm(request.POST if request.method == "POST" else None)
    frame = FormPage(
        _("Refuse the claim"),
        [(reverse("claims"), _("Claims to check")), (claim.fact.url, claim.fact.name)],
        _(
            "The fact stays as it is and counts as merely claimed. It is shown as refused, with your reason, until somebody changes it."
        ),
        button=_("Refuse"),
        template="claims/refuse.html",
    )
    if record.verified_by_id is not None or _seen_another(request, claim):
        explanation = _(
            "The fact was changed or checked after you opened the page. Look at it again."
        )
        context = {"explanation": explanation, "back_url": claim.fact.url}
        return render(request, "409.html", context, status=409)
    if request.method == "POST" and form.is_valid():
        type(record)._default_manager.filter(pk=pk).update(
            refused_by=request.user, refused_because=form.cleaned_data["reason"]
        )
        messages.success(request, _("Refused: %(record)s") % {"record": claim.fact.name})
        return redirect(claim.fact.url)
    return shown_form(request, frame, form, claim=claim, version=claim.seen)


def _seen_another(request: HttpRequest, claim: Claim) -> bool:
    return request.method == "POST" and request.POST.get("version") != claim.seen


urlpatterns: list[URLPattern] = [
    path("catalogue/claims/", list_claims, name="claims"),
    path("catalogue/claims/check/", check_claims, name="check_claims"),
    *(
        path(f"{kind}/<int:pk>/refuse/", refuse, {"kind": kind}, name=f"refuse_{kind}")
        for kind in FACT_KINDS
    ),
]
