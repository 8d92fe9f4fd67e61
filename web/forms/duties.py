"""Declared ties, and who stands in for whom."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import LENT_ROLES, Membership, Person, Substitution
from procurement.models import Purchase, Tie
from web.forms.vendor_field import VendorField

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TieForm(forms.Form):
    """What ties the reader to a vendor, or to a purchase that they see."""

    vendor = VendorField(label=gettext_lazy("Vendor"), required=False)
    purchase = forms.CharField(
        label=gettext_lazy("or number of the purchase"), max_length=30, required=False
    )
    what = forms.CharField(
        label=gettext_lazy("What ties you"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example a share, an earlier post, or somebody of your family."),
    )

    def __init__(self, data: Any, *, person: Person) -> None:
        super().__init__(data)
        self.person = person

    @property
    def vendor_options(self) -> list[str]:
        """The names to choose from, for the template."""
        field: Any = self.fields["vendor"]
        options: list[str] = field.index.options
        return options

    def clean_purchase(self) -> Purchase | None:
        number = self.cleaned_data["purchase"].strip().upper()
        if not number:
            return None
        found = Purchase.objects.visible_to(self.person).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("You see no purchase of this number."))
        return found

    def tie(self) -> Tie:
        return Tie(**self.cleaned_data)


class SubstitutionForm(forms.Form):
    """A role of whoever is away, for somebody else, from the first to the last day."""

    post = forms.TypedChoiceField(label=gettext_lazy("In which role, and where"))
    substitute = forms.EmailField(
        label=gettext_lazy("Who stands in"),
        help_text=gettext_lazy("The e-mail address under which they sign in."),
    )
    since = forms.DateField(label=gettext_lazy("First day"), widget=DAY)
    last = forms.DateField(label=gettext_lazy("Last day"), widget=DAY)

    def __init__(self, data: Any, *, away: Person, posts: list[Membership]) -> None:
        super().__init__(data)
        self.away = away
        self.posts = {str(post.pk): post for post in posts}
        field: Any = self.fields["post"]
        field.choices = [(pk, _named(post)) for pk, post in self.posts.items()]

    def clean_substitute(self) -> Person:
        found = Person.objects.filter(
            email__iexact=self.cleaned_data["substitute"], is_active=True
        ).first()
        if found is None:
            raise forms.ValidationError(_("Nobody signs in under this address."))
        return found

    def substitution(self) -> Substitution:
        given = self.cleaned_data
        post = self.posts[given["post"]]
        return Substitution(
            person=self.away,
            substitute=given["substitute"],
            agency=post.agency,
            role=post.role,
            since=given["since"],
            until=given["last"] + timedelta(days=1),
        )


def _named(post: Membership) -> str:
    return f"{post.get_role_display()} · {post.agency}"


def posts_of(person: Person, reader: Person) -> list[Membership]:
    """The posts of a person that have substitutes, as far as the reader sees them."""
    rows = Membership.objects.visible_to(reader).filter(
        person=person, role__in=[role.value for role in LENT_ROLES]
    )
    return list(rows.select_related("agency").order_by("pk"))
