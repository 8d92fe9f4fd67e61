"""Response headers that Django and django-csp do not set."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

# The pages use none of these; the camera is for scanning labels during a stock-take.
PERMISSIONS_POLICY: Final = (
    "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
)


class PermissionsPolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response
