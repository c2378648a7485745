"""Parts of pages that depend on a frozen release alone: drawn once, kept by its head.

Law: a part is named by everything that it depends on (newest head, place, language); it holds
nothing of the person who asks. A new release has a new head, so nothing is ever out of date.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from dure.interfaces.web import formats

KEPT_MAX = 128
_kept: OrderedDict[tuple[str, ...], SafeString] = OrderedDict()
_lock = Lock()


def kept(
    template: str, name: tuple[str, ...], context: Callable[[], Mapping[str, object]]
) -> SafeString:
    """Give a part, drawn now if nobody asked for it yet.

    template : drawn without a request, so that it cannot show who asks
    name     : head of the newest release and place; the language is added here
    """
    language = "ko" if formats.in_korean() else "en"
    key = (template, language, *name)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    drawn = render_to_string(template, {**context(), "LANGUAGE_CODE": language})
    with _lock:
        _kept[key] = drawn
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    return drawn


def forget() -> None:
    """Drop every part (tests roll releases back, an installation never does)."""
    with _lock:
        _kept.clear()
