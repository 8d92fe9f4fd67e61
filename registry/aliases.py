"""Names that a person explained once: kept, so that the same text is understood the next time."""

from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Person
from registry.models import AgencyAlias, Build, CommonAlias
from registry.permissions import may_keep_catalogue, may_log_drones
from standards.look_alikes import hidden_characters, skeleton
from standards.names import fold, model_key

LONGEST = 400


def alias_key(maker: str, model: str) -> str:
    """Maker and model as one text without spaces: the same whether they stood in one column or in two."""
    return model_key(f"{maker} {model}")[:LONGEST]


def is_disguised(text: str) -> bool:
    """Whether letters of another script stand in for Latin ones, or a character cannot be seen."""
    folded = fold(text)
    return skeleton(folded) != folded or bool(hidden_characters(text.strip()))


def remembered(keys: Collection[str], agency_id: int | None) -> Mapping[str, tuple[int, bool]]:
    """The build of each of these keys that is remembered, and whether for all agencies.

    What the agency itself chose goes before what a steward confirmed for all. Two queries.
    """
    wanted = sorted(set(keys))
    common = CommonAlias.objects.filter(key__in=wanted).values_list("key", "build_id")
    found = {key: (build, True) for key, build in common}
    if agency_id is not None:
        own = AgencyAlias.objects.unscoped(reason="names of the agency that is asked for")
        for key, build in own.filter(agency=agency_id, key__in=wanted).values_list(
            "key", "build_id"
        ):
            found[key] = (build, False)
    return found


@transaction.atomic
def remember(*, maker: str, model: str, build: Build, agency_id: int, by: Person) -> AgencyAlias:
    """From now on this text means this build in this agency; a later choice replaces an earlier one.

    Raises PermissionDenied, or ValidationError for a text that is empty or only looks like another.
    """
    if not may_log_drones(by, agency_id):
        raise PermissionDenied(_("Only a custodian of the agency explains its names."))
    text, key = f"{maker} {model}".strip()[:LONGEST], alias_key(maker, model)
    if not key:
        raise ValidationError(_("There is no text to remember."))
    if is_disguised(text):
        raise ValidationError(
            _(
                "“%(text)s” contains letters of another script, or characters that cannot be seen."
                " Correct the spelling; it is not remembered."
            )
            % {"text": text}
        )
    known = AgencyAlias.objects.visible_to(by).filter(agency=agency_id, key=key).first()
    alias = known or AgencyAlias(agency_id=agency_id, key=key)
    alias.text, alias.build, alias.chosen_by = text, build, by
    alias.full_clean()
    alias.save()
    return alias


@transaction.atomic
def share(*, alias: AgencyAlias, by: Person) -> CommonAlias:
    """A steward confirms for all agencies what somebody else chose for one."""
    if not may_keep_catalogue(by) or alias.chosen_by_id == by.pk:
        raise PermissionDenied(
            _("A steward who did not choose the name confirms it for all agencies.")
        )
    shared = CommonAlias(text=alias.text, key=alias.key, build_id=alias.build_id, confirmed_by=by)
    shared.full_clean()
    shared.save()
    return shared


def unshare(*, shared: CommonAlias, by: Person) -> None:
    """A steward takes a name back from all agencies; what single agencies chose for themselves stays."""
    if not may_keep_catalogue(by):
        raise PermissionDenied(_("Only a steward takes a name back from all agencies."))
    shared.delete()
