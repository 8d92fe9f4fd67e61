"""`/api/v1/schema/` and `/api/v1/docs/`: the description of the interface, and the page to try it on."""

from django.contrib.auth.decorators import login_required
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import IsAuthenticated

from api.views import RegistryView


class SchemaView(RegistryView, SpectacularAPIView):
    """JSON unless another form is asked for."""

    content_negotiation_class = DefaultContentNegotiation
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer]


class SwaggerView(SpectacularSwaggerSplitView):
    authentication_classes = RegistryView.authentication_classes
    permission_classes = (IsAuthenticated,)
    url_name = "api-schema"


swagger_page = login_required(SwaggerView.as_view())
