"""All pages. Each module says its own addresses in `urlpatterns`; this file only gathers them."""

from django.urls import URLPattern, path

from web import (
    actions,
    agencies,
    checks,
    dashboards,
    drafts,
    drone_models,
    drones,
    history,
    home,
    lists,
    policies,
    purchases,
    reviews,
    vendors,
)
from web.styleguide import styleguide

urlpatterns: list[URLPattern] = [
    *actions.urlpatterns,
    *agencies.urlpatterns,
    *checks.urlpatterns,
    *dashboards.urlpatterns,
    *drafts.urlpatterns,
    *drone_models.urlpatterns,
    *drones.urlpatterns,
    *history.urlpatterns,
    *home.urlpatterns,
    *lists.urlpatterns,
    *policies.urlpatterns,
    *purchases.urlpatterns,
    *reviews.urlpatterns,
    *vendors.urlpatterns,
    path("styleguide/", styleguide, name="styleguide"),
]
