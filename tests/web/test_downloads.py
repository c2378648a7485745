"""Every file that leaves: recorded by an action, or open for a reason that stands here.

A view that answers a file without the one door of downloads is found in the source; it must be
named below with why it leaves no record. So no new download can be forgotten.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import dure.interfaces
from dure.core.actions import CATALOGUE
from dure.registry.exporting import RECORD

FACES = Path(dure.interfaces.__file__).parent
DOOR = "web.downloads.downloaded"
ANSWERS = {"FileResponse", "StreamingHttpResponse", "JsonResponse"}
PUBLIC = "public data, open to all without a name"
EMPTY = "a header to be filled in, no data"
OWN_FAULTS = "the faults of a file that the reader has just brought herself"
REFUSAL = "a sentence why not"
ONE_PICTURE = "one picture on a page, shown to who may see the page"
# function: why it answers without a record
OPEN = {
    "api.acting._perform": "the answer of an action, on the audit itself",
    "api.answers.no": REFUSAL,
    "api.answers.refused": REFUSAL,
    "jobs.health.health": "whether the server is well, no data",
    "jobs.health.ready": "whether the server is well, no data",
    "web.audit_books.proof_file": "one transfer without names, as on its page",
    "web.budget_desk_after.winners": PUBLIC,
    "web.budget_propose.photo": ONE_PICTURE,
    "web.budget_result._file": PUBLIC,
    "web.errors.broken": REFUSAL,
    "web.exchange_feeds._open": PUBLIC,
    "web.exchange_feeds.calendar": "one's own times behind a secret address that can be withdrawn",
    "web.exchange_photos.photo": ONE_PICTURE,
    "web.food.inputs": "what a public hash is of: pseudonyms, for everybody to compute again",
    "web.food_linked.as_linked_data": PUBLIC,
    "web.food_lists.faults": OWN_FAULTS,
    "web.food_lists.template": EMPTY,
    "web.heads.heads_file": PUBLIC,
    "web.import_files.refused_rows": OWN_FAULTS,
    "web.indicators._unchanging": PUBLIC,
    "web.money_codes.code_state": "whether one's own code was paid, asked by its own page",
    "web.notices.worker": "the program of the notices",
    "web.nul.__call__": REFUSAL,
    "web.pools.inputs": "what a public hash is of: pseudonyms, for who is in the pool",
    "web.programme_people._example": EMPTY,
    "web.registry.organisations_csv": PUBLIC,
    "web.source.source_file": "the source of what runs",
    "web.treasury_batches._example": EMPTY,
}


def answers_a_file(function: ast.FunctionDef) -> bool:
    """Whether a function builds an answer that is a file or data: no page, no sending on."""
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and node.value == "Content-Disposition":
            return True
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in ANSWERS:
            return True
        if node.func.id == "HttpResponse" and any(a.arg == "content_type" for a in node.keywords):
            return True
    return False


def found_in(source: str, module: str) -> set[str]:
    """The functions of a module that answer files."""
    functions = (one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.FunctionDef))
    return {f"{module}.{one.name}" for one in functions if answers_a_file(one)}


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(FACES.rglob("*.py")):
        yield ".".join(path.relative_to(FACES).with_suffix("").parts), path.read_text("utf-8")


def test_every_file_leaves_by_the_door_or_is_open_for_a_reason() -> None:
    found = {name for module, source in modules() for name in found_in(source, module)}
    assert sorted(found - {DOOR} - OPEN.keys()) == []
    assert sorted(OPEN.keys() - found) == [], "named above, and no longer there"
    assert DOOR in found


def test_what_the_door_runs_keeps_a_record() -> None:
    asked = set()
    for _module, source in modules():
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "downloaded":
                name = node.args[1]
                assert isinstance(name, ast.Constant), "the action of a download stands in clear"
                asked.add(str(name.value))
    kept = {name for name, one in CATALOGUE.items() if set(RECORD) <= set(one.writes)}
    assert sorted(asked - kept) == []
    by_command = {name for name in kept if CATALOGUE[name].faces == ("cli",)}
    assert sorted(kept - asked - by_command) == ["registry.organisation.export_yearly"]


def test_a_forgotten_download_is_found() -> None:
    planted = """
def members(request):
    answer = HttpResponse(rows(), content_type="text/csv")
    return answer

def named(request):
    answer = HttpResponse(rows())
    answer["Content-Disposition"] = "attachment"
    return answer

def streamed(request):
    return StreamingHttpResponse(rows())

def shown(request):
    return page(request, "members.html", {})

def refused(request):
    return HttpResponse(status=404)
"""
    assert found_in(planted, "web.new") == {"web.new.members", "web.new.named", "web.new.streamed"}
