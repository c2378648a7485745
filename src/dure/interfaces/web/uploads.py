"""Receiving files under a cap: what is larger is not written to disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

from dure.engines.cells import CAPS

SLACK = 1 << 20
TOO_LARGE = "dure.too_large"


class CappedUpload(TemporaryFileUploadHandler):
    """Writes an upload to a private temporary file until it grows over the cap; then drops it.

    The request's META then carries `dure.too_large`, the bytes announced or seen.
    """

    def handle_raw_input(
        self,
        input_data: Any,  # Any: Django's own types
        META: dict[str, Any],  # noqa: N803 - Django's own name; Any: as above
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        self.meta = META
        self.seen = 0
        self.is_closed = content_length > CAPS.file_bytes + SLACK
        if self.is_closed:
            META[TOO_LARGE] = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        self.seen = 0
        if self.is_closed:
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.seen += len(raw_data)
        if self.seen > CAPS.file_bytes:
            self.meta[TOO_LARGE] = self.seen
            self.file.close()
            raise SkipFile
        super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:  # Any: its file
        return None if self.is_closed else super().file_complete(file_size)
