"""The books for an auditor: last check, seals and heads, proof of one transfer, journals."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import Form, known_actor, page, paged, see
from dure.interfaces.web.downloads import downloaded
from dure.interfaces.web.money_frame import signed_in
from dure.ledger.queries import auditing, keeping, proof
from dure.ledger.queries.proof import Inclusion

LABELS = {"book_id": T("장부", "Book"), "reason": T("이유", "Reason")}
NUMBER_MAX = 10**18
NO_TRANSFER = T(
    "이체 번호를 숫자로 적어 주세요. 영수증 아래쪽에 있습니다.",
    "Please give the number of a transfer in digits. It stands on its receipt.",
)
PROOF_HEAD = """dure-books-proof 1
# SHA-256(previous || before || row || after) is the digest of the seal, all of them bytes in
# hexadecimal here. `row` is the transfer in 114 bytes; its bytes 35 to 66 are SHA-256 of `body`.
# `before` and `after` are the other rows of the seal. Compare the digest with a published head.
"""


@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """The verdict of the last check, the newest head, and ways to verify it oneself."""
    context = _context(request, known_actor(request))
    form = None
    if asked := request.GET.get("transfer", "").strip():
        if asked.isascii() and asked.isdigit() and 0 < int(asked[:20]) < NUMBER_MAX:
            return HttpResponseRedirect(reverse("web:audit_proof", args=[int(asked)]))
        form = Form({"transfer": asked}, {"transfer": str(NO_TRANSFER)}, status=422)
    context["form"] = form
    return page(request, "ledger/audit_books.html", context, status=form.status if form else 200)


def _context(request: HttpRequest, actor: Actor) -> dict[str, object]:
    told = auditing.overview(actor)
    seals = paged(request, auditing.seals(actor))
    return {
        "told": told,
        "seals": seals,
        "rows": [(one, bytes(one.digest).hex()) for one in seals.object_list],
        "books": [(str(one.id), f"{one.name} · {one.organisation}") for one in told.books],
    }


@require_safe
def proof_page(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """In which seal a transfer stands, and how anyone computes that again."""
    told = _inclusion(signed_in(request), transfer_id)
    context = {"told": told, "others": (told.row_count or 1) - 1}
    return page(request, "ledger/audit_proof.html", context)


def _inclusion(actor: Actor, transfer_id: int) -> Inclusion:
    if transfer_id >= NUMBER_MAX:
        raise Refusal(CoreCode.NOT_FOUND)
    return proof.inclusion(actor, str(transfer_id))


@require_safe
def proof_file(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """The same as plain text, with everything that the computation needs."""
    told = _inclusion(signed_in(request), transfer_id)
    lines = [
        ("transfer", told.id),
        ("body", told.body),
        ("body_hash", told.body_hash),
        ("row", told.row),
    ]
    if told.seal is not None:
        lines += [
            ("seal", str(told.seal)),
            ("place", f"{(told.place or 0) + 1} of {told.row_count}"),
            ("previous", told.previous or ""),
            ("before", told.before or ""),
            ("after", told.after or ""),
            ("digest", told.digest or ""),
        ]
    lines += [("published", f"{one.name} {one.number} {one.digest}") for one in told.published]
    text = PROOF_HEAD + "".join(f"{name}: {value}\n" for name, value in lines)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="transfer-{transfer_id}-proof.txt"'
    response["Cache-Control"] = "private, no-store"
    return response


def journal(request: HttpRequest) -> HttpResponse | FileResponse:
    """The whole journal of a book in beancount syntax; asked with a reason, leaves a record."""
    actor = signed_in(request)
    if request.method != "POST":
        return see(reverse("web:audit_books") + "#journal")
    book_id = request.POST.get("book_id", "")
    keeping.book(actor, book_id)
    context = _context(request, actor)

    def again(form: Form) -> HttpResponse:
        shown = {**context, "form": form}
        return page(request, "ledger/audit_books.html", shown, status=form.status)

    name = f"book-{book_id}.beancount"
    kind = "text/plain; charset=utf-8"
    body: dict[str, object] = {"book_id": book_id}
    return downloaded(request, "ledger.book.export", body, name, kind, again=again, labels=LABELS)


urlpatterns = [
    path("audit/books/", books, name="audit_books"),
    path("audit/books/proof/<int:transfer_id>/", proof_page, name="audit_proof"),
    path("audit/books/proof/<int:transfer_id>/proof.txt", proof_file, name="audit_proof_file"),
    path("audit/books/journal/", journal, name="audit_journal"),
]
