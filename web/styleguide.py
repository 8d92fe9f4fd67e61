"""The style guide: every component of the pages with its states, made of the components themselves."""

from datetime import UTC, date, datetime

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.access import MemberRequest, signed_in
from web.elements import Change, Edge, Event, PageLinks, Pill, Step, Tab
from web.states import LOOKS

TONES = ("critical", "serious", "caution", "unknown", "positive", "active", "neutral")


class SampleForm(forms.Form):
    """One field of each layout."""

    serial_number = forms.CharField(
        label=gettext_lazy("Serial number"), help_text=gettext_lazy("As it stands on the aircraft.")
    )
    agency = forms.ChoiceField(
        label=gettext_lazy("Agency"),
        choices=[("jcg", gettext_lazy("Japan Coast Guard"))],
        required=False,
    )
    acquired_on = forms.DateField(
        label=gettext_lazy("Acquired on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    price = forms.IntegerField(label=gettext_lazy("Price in yen"), required=False, min_value=0)
    missions = forms.MultipleChoiceField(
        label=gettext_lazy("Missions"),
        choices=[("rescue", gettext_lazy("Rescue")), ("training", gettext_lazy("Training"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick every kind of work it is used for."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of purchase"),
        choices=[("purchase", gettext_lazy("Purchase")), ("lease", gettext_lazy("Lease"))],
        widget=forms.RadioSelect,
        initial="purchase",
    )
    photographs = forms.FileField(label=gettext_lazy("Photographs"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    confirmed = forms.BooleanField(label=gettext_lazy("I have seen the dossier."))

    def clean(self) -> None:
        """The sample shows an error that belongs to no field."""
        self.add_error(None, _("Either a price or a reason is needed."))


class SampleFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    standing = forms.MultipleChoiceField(
        label=gettext_lazy("Standing"),
        choices=[(code, look.word) for code, look in LOOKS["standing"].items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def _sample_changes() -> list[Change]:
    return [
        Change(_("Status"), _("Stored"), _("In service")),
        Change(_("Place"), "", _("Yokohama base")),
        Change(_("Firmware"), "01.00.0500", ""),
    ]


def _sample_events() -> list[Event]:
    return [
        Event(
            datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
            _("Security reviewer"),
            _("Returned the purchase to its requester."),
            reason=_("The origin of the radio is not documented."),
            tone="serious",
        ),
        Event(
            datetime(2026, 11, 18, 6, 5, tzinfo=UTC),
            _("Custodian"),
            _("Changed the aircraft."),
            changes=_sample_changes(),
        ),
        Event(
            datetime(2026, 11, 17, 0, 0, tzinfo=UTC),
            _("Custodian"),
            _("Logged the aircraft."),
            tone="positive",
        ),
    ]


def _sample_path() -> list[Edge]:
    return [
        Edge("Mavic 3 Enterprise", url="#path"),
        Edge(
            "SZ DJI Technology Co., Ltd.",
            _("is made by"),
            _("Maker's declaration, 3 Apr 2026, documented"),
        ),
        Edge(
            _("Entry of a list: %(name)s") % {"name": "DJI"},
            _("is named by"),
            _("Section 1260H list, edition of 7 Jan 2025"),
        ),
    ]


def _sample_steps() -> list[Step]:
    return [
        Step(_("Need"), "done", url="#steps"),
        Step(_("Aircraft"), "done", url="#steps"),
        Step(_("Check"), "current", _("Two rules are flagged")),
        Step(_("Submit"), "ahead"),
    ]


def _sample_rows() -> list[dict[str, object]]:
    agency = _("Japan Coast Guard")
    return [
        {
            "model": "SOTEN 蒼天",
            "maker": "ACSL",
            "serial": "1588A24110001",
            "agency": agency,
            "country": "JP",
        }
        | {"price": 1_780_000, "day": date(2026, 4, 1), "standing": "clear", "note": ""},
        {
            "model": "Mavic 3 Enterprise",
            "maker": "DJI",
            "serial": "1581F5FKD231P00A",
            "agency": agency,
            "country": "CN",
        }
        | {
            "price": 512_600,
            "day": date(2024, 2, 14),
            "standing": "phase_out",
            "note": _("by 31 Mar 2028"),
        },
        {
            "model": "ANAFI USA",
            "maker": "Parrot",
            "serial": "",
            "agency": _("Forestry Agency"),
            "country": "",
        }
        | {"price": None, "day": None, "standing": "undetermined", "note": ""},
    ]


def _sample_lists() -> dict[str, object]:
    return {
        "rows": _sample_rows(),
        "page": PageLinks(shown=3, previous="a", next="b", total=1_978, estimated=True),
        "pills": [
            Pill(_("Agency is Japan Coast Guard"), "#filters"),
            Pill(_("Standing is undetermined"), "#filters"),
        ],
        "tabs": [
            Tab("#tabs", _("Overview"), current=True),
            Tab("#tabs", _("Components and origin"), 17),
            Tab("#tabs", _("Results"), 4),
            Tab("#tabs", _("Files"), 0),
        ],
    }


@signed_in("GET", "HEAD", members_only=False)
def styleguide(request: MemberRequest) -> HttpResponse:
    """`/styleguide/`: what a page may be made of."""
    context = {
        "looks": LOOKS,
        "tones": TONES,
        "form": SampleForm({"agency": "jcg", "price": "-1", "kind": "purchase"}),
        "empty_form": SampleForm(prefix="fresh"),
        "filter_form": SampleFilter(prefix="filter"),
        "steps": _sample_steps(),
        "events": _sample_events(),
        "changes": _sample_changes(),
        "edges": _sample_path(),
        "today": date(2026, 11, 22),
        "now": datetime(2026, 11, 22, 0, 0, tzinfo=UTC),
        **_sample_lists(),
    }
    return render(request, "styleguide/page.html", context)
