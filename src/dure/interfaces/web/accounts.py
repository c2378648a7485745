"""My sign-in, my data and who read it, my consents, invitations."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from dure.core.actions import run
from dure.core.text import T
from dure.interfaces.web.base import act, actor_of, body_of, known_actor, page, see
from dure.interfaces.web.errors import not_found
from dure.registry.queries import login as login_queries
from dure.registry.queries import security as own
from dure.registry.queries.invitations import fresh_link
from dure.registry.queries.recovery import open_of
from dure.registry.vault import collect, holding

View = Callable[..., HttpResponse]
OWN_FIELDS = ["name", "phone", "mail"]
WHY_OWN = "본인이 본인 정보를 보았습니다."
LABELS = {
    "address": T("주소", "Address"),
    "mail": T("전자우편", "Mail"),
    "phone": T("전화번호", "Phone"),
    "name": T("이름", "Name"),
    "member_class": T("조합원 종류", "Kind of member"),
    "reason": T("까닭", "Reason"),
}
MEMBER_CLASSES = (
    ("consumer", T("소비자 조합원", "Consumer member")),
    ("producer", T("생산자 조합원", "Producer member")),
    ("worker", T("직원 조합원", "Worker member")),
    ("supporter", T("후원자 조합원", "Supporter member")),
)


def signed_in(view: View) -> View:
    """Lead a visitor to sign in, and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if actor_of(request).id is None:
            return see(f"{reverse('account_login')}?next={request.path}")
        return view(request, *args, **kwargs)

    return guarded


@signed_in
def security(request: HttpRequest) -> HttpResponse:
    """How I sign in and where I am signed in."""
    actor = known_actor(request)
    shown = own.security_of(actor, request.session.session_key)
    recovery = open_of(actor.id, actor) if actor.id else None
    return page(request, "account/security.html", {"security": shown, "recovery": recovery})


@signed_in
def welcome(request: HttpRequest) -> HttpResponse:
    """What comes after signing up: confirm an address, note recovery codes."""
    shown = own.security_of(known_actor(request), request.session.session_key)
    return page(request, "account/welcome.html", {"security": shown})


@signed_in
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session elsewhere, or all of them."""
    shown = own.security_of(known_actor(request), request.session.session_key)
    others = [one.id for one in shown.sessions if not one.is_here]
    asked = request.POST.get("session", "")
    ids = [int(asked)] if asked.isascii() and asked.isdigit() and len(asked) < 10 else others
    if not ids:
        return see(reverse("web:security"))
    done = act(
        request, "registry.login.end_session", {"session_ids": ids},
        success_url=reverse("web:security"), done=T("로그인을 끝냈습니다.", "Signed out there."),
    )  # fmt: skip
    assert isinstance(done, HttpResponse)
    return done


@signed_in
def address(request: HttpRequest) -> HttpResponse:
    """Give a mail address or phone number to sign in with."""
    if request.method != "POST":
        return page(request, "account/address.html")
    scheme = "mail" if "@" in request.POST.get("address", "") else "phone"
    with holding({"address": request.POST.get("address", "").strip()[:254]}) as tag:
        done = act(
            request, "registry.login.propose_address", {"scheme": scheme, "values": tag},
            again="account/address.html", labels=LABELS,
        )  # fmt: skip
    if isinstance(done, HttpResponse):
        return done
    if scheme == "mail":
        run("registry.login.write_confirmation", {"scheme": "mail"}, actor_of(request))
    return page(request, "account/address_sent.html", {"scheme": scheme})


@signed_in
def address_confirm(request: HttpRequest, scheme: str, link: str) -> HttpResponse:
    """Confirm the waiting address by the link that was sent to it."""
    actor = actor_of(request)
    if scheme != "mail" or not login_queries.confirms(own.own_login(actor), scheme, link):
        return not_found(request)
    if request.method != "POST":
        return page(request, "account/address_confirm.html")
    read = run("registry.login.read_pending", {"scheme": scheme}, actor)
    waiting = collect(read.result.read_id).open().get(f"pending_{scheme}", "")
    with holding({"link": link, "address": waiting}) as tag:
        done = act(
            request,
            "registry.login.confirm_address",
            {"scheme": scheme, "values": tag},
            success_url=reverse("web:security"),
            done=T(
                "주소를 확인했습니다. 이제 로그인에 쓸 수 있어요.",
                "Confirmed. You can sign in with it.",
            ),
        )
    assert isinstance(done, HttpResponse)
    return done


@signed_in
@require_POST
def address_remove(request: HttpRequest) -> HttpResponse:
    """Remove a sign-in address."""
    done = act(
        request, "registry.login.remove_address", body_of(request, "scheme"),
        success_url=reverse("web:security"), done=T("주소를 지웠습니다.", "Address removed."),
    )  # fmt: skip
    assert isinstance(done, HttpResponse)
    return done


@signed_in
def my_data(request: HttpRequest) -> HttpResponse:
    """What is held about me and who read it; my own data opens on request and is logged too."""
    actor = known_actor(request)
    data: dict[str, str] = {}
    if request.method == "POST":
        body = {"person_id": str(actor.id), "fields": OWN_FIELDS, "purpose": "own_data"}
        read = run("registry.person.read", body, actor_of(request), reason=WHY_OWN)
        data = collect(read.result.read_id).open()
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    rows, next_before = own.seen_by(actor, before=start)
    context = {
        "rows": rows,
        "next": next_before,
        "data": [(str(own.FIELDS[name]), text) for name, text in data.items()],
        "number": actor.id,
        "opened": request.method == "POST",
        "schemes": own.security_of(actor, None).schemes,
    }
    return page(request, "account/my_data.html", context)


@signed_in
def erase(request: HttpRequest) -> HttpResponse:
    """Erase my identity for good: a page that says what goes and what stays, then the deed."""
    if request.method != "POST":
        return page(request, "account/erase.html")
    body = {"person_id": str(actor_of(request).id)}
    done = act(request, "registry.person.erase", body, again="account/erase.html", labels=LABELS)
    if isinstance(done, HttpResponse):
        return done
    request.session.flush()
    return see(reverse("web:erased"))


def erased(request: HttpRequest) -> HttpResponse:
    """The page after an erasure."""
    return page(request, "account/erased.html")


@signed_in
def consents(request: HttpRequest) -> HttpResponse:
    """What I agreed to, with receipts."""
    return page(request, "account/consents.html", {"rows": own.consents_of(actor_of(request))})


def invitation(request: HttpRequest, link: str) -> HttpResponse:
    """What an invitation offers, and the deed of accepting it."""
    offered = login_queries.invitation_shown(link)
    if offered is None:
        return not_found(request)
    context = {"offered": offered, "link": link}
    if request.method != "POST" or actor_of(request).id is None:
        return page(request, "account/invitation.html", context)
    with holding({"link": link}) as tag:
        done = act(
            request,
            "registry.invitation.accept",
            {"values": tag},
            success_url=reverse("web:me"),
            again="account/invitation.html",
            context=context,
            done=T("조합원이 되었습니다.", "You are a member now."),
        )
    assert isinstance(done, HttpResponse)
    return done


@signed_in
def invitations(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Invite a person to an organisation, and see what was sent."""
    name, rows = own.hosted(organisation_id, known_actor(request))
    context: dict[str, object] = {
        "organisation": name,
        "organisation_id": organisation_id,
        "rows": rows,
        "classes": [(code, str(words)) for code, words in MEMBER_CLASSES],
    }
    if request.method != "POST":
        return page(request, "account/invitations.html", context)
    given = {field: request.POST.get(field, "").strip() for field in ("name", "mail", "phone")}
    with holding({field: text for field, text in given.items() if text}) as tag:
        done = act(
            request,
            "registry.invitation.send",
            {
                "organisation_id": str(organisation_id),
                **body_of(request, "member_class"),
                "values": tag,
            },
            again="account/invitations.html",
            context=context,
            labels=LABELS,
        )
    if isinstance(done, HttpResponse):
        return done
    link = fresh_link(done.result.invitation_id)
    href = request.build_absolute_uri(reverse("web:invitation", args=[link]))
    return page(request, "account/invitation_sent.html", {**context, "href": href})


@signed_in
@require_POST
def invitation_revoke(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    done = act(
        request,
        "registry.invitation.revoke",
        body_of(request, "invitation_id"),
        success_url=reverse("web:invitations", args=[organisation_id]),
        done=T("초대를 거두었습니다.", "The invitation is revoked."),
    )
    assert isinstance(done, HttpResponse)
    return done


urlpatterns = [
    path("me/security/", security, name="security"),
    path("me/welcome/", welcome, name="welcome"),
    path("me/sessions/end/", end_session, name="end_session"),
    path("me/address/", address, name="address"),
    path("me/address/remove/", address_remove, name="address_remove"),
    path("me/address/<str:scheme>/<str:link>/", address_confirm, name="address_confirm"),
    path("me/data/", my_data, name="my_data"),
    path("me/data/erase/", erase, name="erase"),
    path("about/erased/", erased, name="erased"),
    path("me/consents/", consents, name="consents"),
    path("invitations/<str:link>/", invitation, name="invitation"),
    path("organisations/<uuid:organisation_id>/invitations/", invitations, name="invitations"),
    path(
        "organisations/<uuid:organisation_id>/invitations/revoke/",
        invitation_revoke,
        name="invitation_revoke",
    ),
]
