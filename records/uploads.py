"""The largest request that is read at all: what is larger is refused before anything of it is stored."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _


class UploadTooBig(RequestDataTooBig):
    """With a sentence for whoever sent it."""


class LimitedUpload(FileUploadHandler):
    """Stands before the handlers that store; it looks at the announced size alone."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  # the name that Django gives it
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        if content_length > settings.LARGEST_UPLOAD:
            raise UploadTooBig(
                _("This is too much for one upload: at most %(limit)s MB are read.")
                % {"limit": settings.LARGEST_UPLOAD // (1024 * 1024)}
            )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
