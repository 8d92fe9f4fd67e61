from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Export(models.Model):
    """Rows of a list taken out as a file: who, which list, by which filter, and how many rows went out.

    It is stored before the first row goes out; `rows` is written when the last one has. One that stays
    empty was broken off.
    """

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    listing = models.CharField(_("list"), max_length=40)
    form = models.CharField(_("format"), max_length=4, choices=Form.choices)
    query = models.TextField(_("filters"), blank=True)
    rows = models.PositiveBigIntegerField(_("rows"), null=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return (
            f"{self.listing}.{self.form}?{self.query}"
            if self.query
            else f"{self.listing}.{self.form}"
        )
