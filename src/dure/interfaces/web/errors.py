"""Pages for what went wrong: 403, 404, 500, a form without its token, and every refusal."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_path, override

from dure.core.errors import CoreCode, Kind, Refusal
from dure.core.text import T
from dure.interfaces.web import sitemap
from dure.interfaces.web.base import STATUS, page

TITLES = {
    Kind.NOT_FOUND: T("찾는 화면이 없습니다", "There is no such page"),
    Kind.FORBIDDEN: T("이 화면을 볼 권한이 없습니다", "You may not see this page"),
    Kind.INVALID: T("받을 수 없는 내용입니다", "This cannot be accepted"),
    Kind.CONFLICT: T("지금은 할 수 없습니다", "This is not possible now"),
    Kind.BUSY: T("지금은 붐빕니다", "Too busy just now"),
    Kind.TOO_MANY: T("너무 자주 요청했습니다", "Too many requests"),
    Kind.ACCEPTED: T("다른 사람의 승인을 기다립니다", "Waiting for another person"),
    Kind.MISSING: T("이 설치에는 없는 기능입니다", "Not part of this installation"),
}
NOT_FOUND = T(
    "주소가 바뀌었거나, 지워졌거나, 볼 수 있는 범위 밖에 있습니다.",
    "The address changed, was removed, or lies outside what you may see.",
)
FORBIDDEN = T(
    "로그인하면 볼 수 있을지 모릅니다. "
    "맡은 일에 필요하다면 소속 조직의 담당자에게 권한을 요청해 주세요.",
    "You may be able to see it when signed in. "
    "If your work needs it, ask your organisation for the right.",
)
ASKED = T(
    "다른 한 사람이 승인하면 그때 이루어집니다. 아직 아무것도 바뀌지 않았습니다.",
    "It happens when another person approves. Nothing has changed yet.",
)
SECOND_STEP_TITLE = T("추가 인증이 필요해요", "A second step is needed")
BROKEN_TITLE = T("우리 쪽에서 문제가 생겼습니다", "Something went wrong on our side")
BROKEN = T(
    "하던 일은 저장되지 않았습니다. 잠시 뒤 다시 해 주세요. "
    "같은 일이 되풀이되면 운영자에게 알려 주세요.",
    "What you did was not stored. Please try again shortly. "
    "If it happens again, tell the operator.",
)
CSRF_TITLE = T("화면이 오래되었습니다", "This page is too old")
CSRF = T(
    "안전을 위해 보내지 않았습니다. 앞 화면을 새로 연 뒤 다시 보내 주세요.",
    "For safety nothing was sent. Reload the previous page and send it again.",
)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404; one body for what is missing and for what lies outside one's scope."""
    return _told(request, TITLES[Kind.NOT_FOUND], NOT_FOUND, 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403 and say how to get in."""
    return _told(request, TITLES[Kind.FORBIDDEN], FORBIDDEN, 403)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that came without its token."""
    return _told(request, CSRF_TITLE, CSRF, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500; when even the page cannot be drawn, answer in plain text."""
    try:
        return _told(request, BROKEN_TITLE, BROKEN, 500)
    except Exception:  # noqa: BLE001  the last wall: plain words are better than no answer
        both = f"{BROKEN_TITLE.ko}. {BROKEN.ko}\n{BROKEN_TITLE.en}. {BROKEN.en}\n"
        return HttpResponse(both, status=500, content_type="text/plain; charset=utf-8")


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal that no form can show; a missing object looks like every other 404."""
    if refusal.kind is Kind.NOT_FOUND:
        return not_found(request)
    if refusal.code is CoreCode.SECOND_STEP:
        step = sitemap.address_of("web:security")
        return _told(request, SECOND_STEP_TITLE, refusal.sentence(), 403, step)
    if refusal.code is CoreCode.SECOND_PERSON and "approval" in refusal.places:
        asked = sitemap.address_of("web:approval", refusal.places["approval"])
        return _told(request, TITLES[refusal.kind], ASKED, STATUS[refusal.kind], asked=asked)
    return _told(request, TITLES[refusal.kind], refusal.sentence(), STATUS[refusal.kind])


def _told(
    request: HttpRequest,
    title: T,
    sentence: T | str,
    status: int,
    second_step: str | None = None,
    asked: str | None = None,
) -> HttpResponse:
    language = get_language_from_path(request.path_info) or "ko"
    with override(language):
        context = {
            "title": str(title),
            "sentence": str(sentence),
            "status": status,
            "may_sign_in": status == 403,
            "second_step": second_step,
            "asked": asked,
            "organisations": sitemap.address_of("web:organisations"),
        }
        return page(request, "web/error.html", context, status=status)


class RefusalMiddleware:
    """Turn a refusal that a view let pass into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; leave every other exception to the handler of faults."""
        if isinstance(exception, Refusal):
            return refusal_page(request, exception)
        return None
