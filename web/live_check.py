"""The check beside the form: what would be flagged and why, what is missing, and what would pass instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.checks import Request, check_offers
from compliance.facts import Offer
from compliance.parts import Part, check_parts
from compliance.rulebooks import load_rulebook
from policy.scopes import Acquisition
from policy.trace import Outcome
from policy.verdicts import Standing, Verdict
from procurement.alternatives import alternatives
from procurement.dossiers import offer_of, part_of, request_of
from procurement.models import Line, Purchase
from web.dossiers import BuildAnswer, view_check, view_part
from web.explanations import Explanation
from web.forms.purchases import BaseLines, PurchaseForm

EXPLAINED = 8


@dataclass(frozen=True, slots=True)
class Alternative:
    """A registered build that would pass."""

    build: int
    name: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """`needed` says what has to be filled in before anything can be checked; empty when it was."""

    builds: Sequence[BuildAnswer] = ()
    alternatives: Sequence[Alternative] = ()
    needed: str = ""
    without_missions: bool = False

    @property
    def flagged(self) -> list[tuple[BuildAnswer, Explanation]]:
        """What is not met or not known, build by build, worst first."""
        return [
            (answer, each)
            for answer in self.builds
            for each in answer.applying
            if each.outcome is not Outcome.PASS
        ]

    @property
    def first(self) -> list[tuple[BuildAnswer, Explanation]]:
        """So many are explained beside the form; of the others the clause is named."""
        return self.flagged[:EXPLAINED]

    @property
    def others(self) -> list[tuple[BuildAnswer, Explanation]]:
        return self.flagged[EXPLAINED:]

    @property
    def clear(self) -> bool:
        return bool(self.builds) and all(
            each.verdict.standing is Standing.CLEAR for each in self.builds
        )


def live_check(form: PurchaseForm, lines: BaseLines) -> LiveCheck:
    """What rules say of the forms as far as they are filled in. Stores nothing."""
    return _check(_request(form), _offers(form, lines), _parts(form, lines))


def check_draft(purchase: Purchase, lines: Iterable[Line]) -> LiveCheck:
    """What rules say of a purchase with these lines, stored or not. Stores nothing."""
    known = list(lines)
    offers = (offer_of(line) for line in known)
    parts = [part_of(line) for line in known if not line.flies]
    return _check(
        request_of(purchase), list(dict.fromkeys(offer for offer in offers if offer)), parts
    )


def _check(request: Request | None, offers: list[Offer], parts: list[Part]) -> LiveCheck:
    if not offers and not parts:
        return LiveCheck(
            needed=_("Choose a build, a part or a service to see what rules say of it.")
        )
    if request is None:
        return LiveCheck(needed=_("Choose the agency to see what rules say."))
    book, today = load_rulebook(), timezone.localdate()
    checks = check_offers(offers, request, today, book=book)
    alone = check_parts(parts, request, today, book)
    answers = [
        *(view_check(checks[offer], book) for offer in offers),
        *(view_part(part, alone[part.key], book) for part in parts),
    ]
    clear = all(each.verdict.standing is Standing.CLEAR for each in answers)
    builds = {offer.build for offer in offers}
    others = [] if clear or not offers else alternatives(request, today, book)
    return LiveCheck(
        answers,
        [
            Alternative(build.pk, str(build), verdict)
            for build, verdict in others
            if build.pk not in builds
        ],
        without_missions=not request.missions,
    )


def _request(form: PurchaseForm) -> Request | None:
    """The request as far as it is known; None while the agency is not. Unknown missions stay unknown."""
    if not form.is_bound:
        return _stored_request(form)
    form.is_valid()
    agency = form.chosen_agency()
    if agency is None:
        return None
    return Request(
        kind=Acquisition(form.cleaned_data.get("kind") or Purchase.Kind.PURCHASE),
        missions=frozenset(form.cleaned_data.get("missions") or ()),
        agency_id=agency.pk,
        agency_kind=agency.kind,
    )


def _stored_request(form: PurchaseForm) -> Request | None:
    if form.instance._state.adding:
        return None
    return request_of(form.instance)


def _offers(form: PurchaseForm, lines: BaseLines) -> list[Offer]:
    """Each build with its supplier once, in the order of the lines."""
    if form.is_bound:
        lines.is_valid()
        return lines.offers()
    offers = (offer_of(line) for line in lines.stored.values())
    return list(dict.fromkeys(offer for offer in offers if offer))


def _parts(form: PurchaseForm, lines: BaseLines) -> list[Part]:
    """What is asked for besides aircraft."""
    wanted = lines.lines() if form.is_bound else list(lines.stored.values())
    return [part_of(line) for line in wanted if not line.flies]
