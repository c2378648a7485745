"""Photos of agreements: taken in beside a step, shown to those who may see the case."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.pictures import BYTES_MAX
from dure.exchange.queries import photos
from dure.exchange.queries.photos import CasePhoto
from dure.interfaces.web.base import actor_of, known_actor
from dure.interfaces.web.uploads import TOO_LARGE

MOMENTS = {
    "check_out": T("건넬 때", "When it was handed over"),
    "check_in": T("돌아왔을 때", "When it came back"),
    "damage": T("망가진 곳", "What is damaged"),
    "complain": T("들은 것과 다른 곳", "What is not as told"),
    "handed_in": T("맡길 때", "When it was handed in"),
    "other": T("사진", "Photo"),
}
PHOTO_LABELS = {
    "content": T("사진", "Photo"),
    "alt": T("사진에 무엇이 보이나요", "What the photo shows"),
}


def keep_photo(request: HttpRequest, agreement_id: object, moment: str) -> None:
    """Store a photo that came along with a form, if one did. Raises Refusal."""
    file = request.FILES.get("content")
    if TOO_LARGE in request.META or (file is not None and (file.size or 0) > BYTES_MAX):
        most = T("8 MB까지의 사진", "a photo of at most 8 MB")
        raise Refusal(CoreCode.BAD_FIELD, field="content", range=most)
    if file is None:
        return
    body: dict[str, object] = {
        "agreement_id": str(agreement_id),
        "content": file.read(),
        "moment": moment,
    }
    alt = request.POST.get("alt", "").strip()[:200]
    run("exchange.photo.add", body | ({"alt": alt} if alt else {}), actor_of(request))


def shown(agreement: object, actor: Actor) -> list[dict[str, object]]:
    """The photos of a case with the words beside them."""
    return [_shown(one) for one in photos.of_case(agreement, actor)]  # type: ignore[arg-type]  # a face names no model


def _shown(one: CasePhoto) -> dict[str, object]:
    moment = str(MOMENTS[one.moment])
    return {"photo": one, "moment": moment, "alt": one.alt or moment}


def photo(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """A photo for whoever may see its case."""
    found = photos.photo(upload_id, known_actor(request))
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    answer = HttpResponse(found.content, content_type=found.kind)
    answer["Cache-Control"] = "private, no-store"
    answer["ETag"] = f'"{found.sha256}"'
    return answer


urlpatterns = [path("exchange/photos/<uuid:upload_id>/", photo, name="exchange_photo")]
