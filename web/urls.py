"""All pages. Each module says its own addresses in `urlpatterns`; this file only gathers them."""

from django.urls import URLPattern, path

from web import (
    actions,
    agencies,
    attachments,
    build_parts,
    checks,
    claims,
    dashboards,
    declarations,
    drafts,
    drone_models,
    drones,
    history,
    home,
    lists,
    merging,
    model_changes,
    policies,
    purchases,
    reviews,
    vendor_changes,
    vendors,
)
from web.styleguide import styleguide

urlpatterns: list[URLPattern] = [
    *actions.urlpatterns,
    *agencies.urlpatterns,
    *build_parts.urlpatterns,
    *attachments.urlpatterns,
    *checks.urlpatterns,
    *claims.urlpatterns,
    *dashboards.urlpatterns,
    *declarations.urlpatterns,
    *drafts.urlpatterns,
    *drone_models.urlpatterns,
    *drones.urlpatterns,
    *history.urlpatterns,
    *home.urlpatterns,
    *lists.urlpatterns,
    *merging.urlpatterns,
    *model_changes.urlpatterns,
    *policies.urlpatterns,
    *purchases.urlpatterns,
    *reviews.urlpatterns,
    *vendor_changes.urlpatterns,
    *vendors.urlpatterns,
    path("styleguide/", styleguide, name="styleguide"),
]
