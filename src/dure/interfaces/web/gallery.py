"""The gallery: every component and every page archetype in every state, for debug and tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from dure.core.text import T
from dure.interfaces.web import errors, sitemap
from dure.interfaces.web.base import Form, page, paged
from dure.interfaces.web.gallery_charts import chart_samples
from dure.interfaces.web.things import Thing

ARCHETYPES: dict[str, T] = {
    "dashboard": T("대시보드", "Dashboard"),
    "list": T("목록", "List"),
    "record": T("기록", "Record"),
    "form": T("양식", "Form"),
    "wizard": T("단계별 양식", "Wizard"),
    "desk": T("업무대", "Desk"),
    "calendar": T("달력", "Calendar"),
    "pool": T("함께 나누기", "Pool"),
    "document": T("문서", "Document"),
}
STATES: dict[str, T] = {
    "empty": T("비었음", "Empty"),
    "one": T("하나", "One"),
    "many": T("여럿", "Many"),
    "long-ko": T("긴 한국어", "Long Korean"),
    "long-en": T("긴 영어", "Long English"),
    "error": T("오류", "Error"),
    "forbidden": T("권한 없음", "Forbidden"),
    "loading": T("기다림", "Loading"),
}
NAME = T("가나다 돌봄 협동조합", "Ganada Care Co-operative")
LONG_KO = (
    "서로를돌보는마을사람들의오래가는살림을위한사회적협동조합연합회 "
    "부설 이웃나눔수리수선지원센터 똠뷁 지부"
)
LONG_EN = (
    "The Federation of Social Co-operatives for the Long-lasting Livelihood of Neighbours "
    "who Care, "
    "Neighbourhood-Repair-and-Mending-Support-Centre, Counterrevolutionarily-long-unbroken-branch"
)
AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def open_here() -> bool:
    """Say whether this installation shows its gallery."""
    return bool(settings.DEBUG or getattr(settings, "DURE_GALLERY", False))


def _rows(state: str) -> list[SimpleNamespace]:
    count = {"empty": 0, "forbidden": 0, "loading": 0, "one": 1}.get(state, 43)
    name = {"long-ko": LONG_KO, "long-en": LONG_EN}.get(state, str(NAME))
    kinds = (
        ("ok", T("운영 중", "Running")),
        ("wait", T("확인 기다림", "Waiting")),
        ("stop", T("폐업", "Closed")),
    )
    return [
        SimpleNamespace(
            number=number,
            name=f"{name} {number}" if count > 1 else name,
            place=str(T("마포구", "Mapo-gu")),
            kind=kinds[number % 3][0],
            state=str(kinds[number % 3][1]),
            jobs=(number * 37) % 400,
            sales=number * 123_456_789,
            began=date(2012 + number % 12, 1 + number % 12, 5),
        )
        for number in range(1, count + 1)
    ]


def _things(state: str) -> list[Thing]:
    return [
        Thing(
            row.name,
            str(
                T(
                    "확인하지 않으면 사흘 뒤 다음 사람에게 넘어갑니다.",
                    "Passes to the next person in three days.",
                )
            ),
            "#main",
            due=row.began,
            late=row.number == 1,
            icon="clock" if row.number == 1 else "bell",
        )
        for row in _rows(state)[:4]
    ]


def _history(state: str) -> list[SimpleNamespace]:
    words = T(
        "이름을 ‘가나’에서 ‘%(name)s’(으)로 바꾸었습니다.", "Renamed from ‘Gana’ to ‘%(name)s’."
    )
    why = str(T("등기부와 맞추려고", "To agree with the register"))
    by = str(T("구청 담당자", "District official"))
    return [
        SimpleNamespace(text=words % {"name": row.name}, by=by, at=AT, why=why)
        for row in _rows(state)[:3]
    ]


def _form(state: str) -> Form:
    if state != "error":
        return Form()
    return Form(
        values={"name": "가", "minutes": "열", "why": "", "place": "11440", "kind": "repair"},
        errors={
            "name": str(
                T("이름을 두 글자 이상 적어 주세요.", "Give a name of at least two letters.")
            ),
            "minutes": str(
                T("분을 숫자로 적어 주세요. 예: 90", "Give minutes in digits, such as 90.")
            ),
            "kind": str(T("지금 고를 수 없는 종류입니다.", "This kind cannot be chosen now.")),
        },
        key="gallery",
        status=422,
    )


def _context(state: str) -> dict[str, object]:
    rows = _rows(state)
    return {
        "state": state,
        "name": rows[0].name if rows else str(NAME),
        "rows": rows,
        "things": _things(state),
        "history": _history(state),
        "form": _form(state),
        "charts": chart_samples(state),
        "places": [("11440", T("마포구", "Mapo-gu")), ("11410", T("서대문구", "Seodaemun-gu"))],
        "kinds": [
            (
                "repair",
                T("수리", "Repair"),
                T("고장 난 것을 함께 고칩니다", "We mend things together"),
            ),
            ("lend", T("빌려주기", "Lending"), T("하루 단위로 빌려줍니다", "By the day")),
            ("care", T("돌봄", "Care"), ""),
        ],
        "steps": [
            T("무엇을", "What"),
            T("언제", "When"),
            T("확인하기", "Check"),
            T("마침", "Done"),
        ],
        "tabs": [
            SimpleNamespace(href="#main", title=T("개요", "Overview"), here=True, count=None),
            SimpleNamespace(href="#main", title=T("사람", "People"), here=False, count=1204),
            SimpleNamespace(href="#main", title=T("문서", "Documents"), here=False, count=0),
        ],
        "facts": [
            (T("이름", "Name"), rows[0].name if rows else ""),
            (T("사업자등록번호", "Business number"), "000-00-00000"),
            (T("일하는 사람", "People employed"), 0),
            (T("누리집", "Website"), ""),
        ],
        "at": AT,
        "day": date(2026, 11, 21),
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """List the parts, the charts and the archetypes with their states."""
    if not open_here():
        raise Http404
    archetypes = [
        (
            title,
            [
                (sitemap.address_of("web:gallery_archetype", name, state), words)
                for state, words in STATES.items()
            ],
        )
        for name, title in ARCHETYPES.items()
    ]
    return page(request, "gallery/index.html", {"archetypes": archetypes})


def parts(request: HttpRequest, state: str = "many") -> HttpResponse:
    """Show every component on one page."""
    if not open_here() or state not in STATES:
        raise Http404
    context = _context(state)
    return page(
        request,
        "gallery/parts.html",
        {**context, "paged": paged(request, range(1, 600)), "states": STATES},
    )


def charts(request: HttpRequest) -> HttpResponse:
    """Show every chart and both maps."""
    if not open_here():
        raise Http404
    return page(request, "gallery/charts.html", _context("many"))


def archetype(request: HttpRequest, name: str, state: str) -> HttpResponse:
    """Show one archetype in one state."""
    if not open_here() or name not in ARCHETYPES or state not in STATES:
        raise Http404
    if state == "forbidden":
        return errors.forbidden(request)
    context = _context(state)
    if name == "list":
        context["rows"] = paged(request, context["rows"])
    return page(
        request,
        f"gallery/{name}.html",
        {**context, "archetype": ARCHETYPES[name], "state_words": STATES[state]},
    )


urlpatterns: list[URLPattern] = [
    path("gallery/", gallery, name="gallery"),
    path("gallery/parts/<str:state>/", parts, name="gallery_parts"),
    path("gallery/charts/", charts, name="gallery_charts"),
    path("gallery/<str:name>/<str:state>/", archetype, name="gallery_archetype"),
]
