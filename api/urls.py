from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path

from api.catalogue import AgencyViewSet, BuildViewSet, DroneModelViewSet, VendorViewSet
from api.check import CheckView
from api.drone_events import DroneEventViewSet, TransferViewSet
from api.drones import DroneViewSet
from api.duties import EndSubstitutionView, EndTieView, SubstitutionsView, TiesView
from api.notices import NoticeViewSet
from api.purchases import PurchaseViewSet
from api.review_claims import ClaimView, ReleaseView
from api.schema import SchemaView, swagger_page
from api.views import NothingHere
from api.waivers import WaiverViewSet

Actions = dict[str, Any]
LIST: Actions = {"get": "list"}
READ: Actions = {"get": "retrieve"}
LIST_AND_ADD: Actions = {"get": "list", "post": "create"}
READ_AND_CHANGE: Actions = {"get": "retrieve", "patch": "partial_update"}


def catalogue(name: str, view: Any, key: str) -> list[URLPattern]:
    """A list and its records, to be read; `key` is the converter with the name of the key."""
    return [
        path(f"{name}/", view.as_view(LIST), name=f"api-{name}"),
        path(f"{name}/<{key}>/", view.as_view(READ), name=f"api-{name}-one"),
    ]


version_1: list[URLPattern | URLResolver] = [
    *catalogue("agencies", AgencyViewSet, "slug:code"),
    *catalogue("vendors", VendorViewSet, "int:pk"),
    *catalogue("models", DroneModelViewSet, "int:pk"),
    *catalogue("builds", BuildViewSet, "int:pk"),
    *catalogue("waivers", WaiverViewSet, "uuid:pk"),
    path("drones/", DroneViewSet.as_view(LIST_AND_ADD), name="api-drones"),
    path("drones/<uuid:pk>/", DroneViewSet.as_view(READ_AND_CHANGE), name="api-drones-one"),
    path(
        "drones/<uuid:pk>/events/",
        DroneEventViewSet.as_view({"get": "events"}),
        name="api-drones-events",
    ),
    path(
        "drones/<uuid:pk>/actions/<slug:step>/",
        DroneEventViewSet.as_view({"post": "take_step"}),
        name="api-drones-step",
    ),
    *catalogue("transfers", TransferViewSet, "uuid:pk"),
    path(
        "transfers/<uuid:pk>/actions/<slug:step>/",
        TransferViewSet.as_view({"post": "take_step"}),
        name="api-transfers-step",
    ),
    path("purchases/", PurchaseViewSet.as_view(LIST_AND_ADD), name="api-purchases"),
    path(
        "purchases/<uuid:pk>/", PurchaseViewSet.as_view(READ_AND_CHANGE), name="api-purchases-one"
    ),
    path(
        "purchases/<uuid:pk>/actions/<slug:step>/",
        PurchaseViewSet.as_view({"post": "take_step"}),
        name="api-purchases-step",
    ),
    path(
        "purchases/<uuid:pk>/moves/<int:no>/evidence/",
        PurchaseViewSet.as_view({"get": "evidence"}),
        name="api-purchases-evidence",
    ),
    *catalogue("notices", NoticeViewSet, "uuid:pk"),
    path("notices/read/", NoticeViewSet.as_view({"post": "mark_all"}), name="api-notices-read"),
    path(
        "notices/<uuid:pk>/read/",
        NoticeViewSet.as_view({"post": "mark"}),
        name="api-notices-one-read",
    ),
    path("purchases/<uuid:pk>/claim/", ClaimView.as_view(), name="api-purchases-claim"),
    path("purchases/<uuid:pk>/release/", ReleaseView.as_view(), name="api-purchases-release"),
    path("ties/", TiesView.as_view(), name="api-ties"),
    path("ties/<uuid:pk>/end/", EndTieView.as_view(), name="api-ties-end"),
    path("substitutions/", SubstitutionsView.as_view(), name="api-substitutions"),
    path(
        "substitutions/<int:pk>/end/", EndSubstitutionView.as_view(), name="api-substitutions-end"
    ),
    path("check/", CheckView.as_view(), name="api-check"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", swagger_page, name="api-docs"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(version_1)),
    re_path("", NothingHere.as_view(), name="api-nothing-here"),
]
