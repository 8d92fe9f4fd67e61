from django import forms
from django.apps import AppConfig

from web.visible import refuse_unseen


class WebConfig(AppConfig):
    name = "web"

    def ready(self) -> None:
        """Every text of every form, those of other packages too, goes through one check more: the only place
        that no form can forget."""
        forms.CharField.default_validators = [*forms.CharField.default_validators, refuse_unseen]
