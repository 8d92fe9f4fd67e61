from django.urls import URLPattern, path

from web.styleguide import styleguide

urlpatterns: list[URLPattern] = [
    path("styleguide/", styleguide, name="styleguide"),
]
