"""Every way to change state is in the catalogue, or in a short list with its reason.

Addresses, API operations, jobs and commands are enumerated from the running application; a new one
that is neither an action nor excused fails here.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, path
from procrastinate.contrib.django import app as jobs_app

from dure.core import jobs
from dure.core.actions import CATALOGUE
from dure.interfaces.api.main import api
from dure.interfaces.cli import main as cli

SRC = Path(__file__).resolve().parents[2] / "src" / "dure"

# Addresses that take POST and run no action of ours, each with its reason.
EXCUSED_ADDRESSES = {
    "csp_report": "writes a log line, no state",
    "set_language": "a cookie of the browser, no state of ours",
    "budget_similar": "looks for similar proposals; posted so that no log keeps the words",
    "budget_preview": "draws the paper of a voter as it will be; stores nothing, casts nothing",
    "ride_safety": "what one asks of others stays in her session; no address keeps it",
}
# Modules of addresses whose forms belong to the sign-in library and change sessions and factors
# only; what concerns a person goes through our actions in its adapter.
EXCUSED_MODULES = {
    "django.views.generic.base": "only sends on to another address",
    "allauth": "sessions and factors of the sign-in library; its adapter calls our actions",
}
# Tasks of the worker that run no action, each with its reason.
EXCUSED_TASKS = {
    "core.send_notices": "calls core.notice.take and core.notice.settle",
    "housekeeping.jobs": "deletes finished rows of the job table",
    "housekeeping.stalled": "gives a dead worker's jobs back to the queue",
    "housekeeping.sessions": "deletes sessions that are over",
    "housekeeping.outbox": "deletes mail files that are over",
    "procrastinate.builtin_tasks.remove_old_jobs": "of the job library; nothing schedules it",
    "builtin:procrastinate.builtin_tasks.remove_old_jobs": "as above, under its newer name",
}
WRITES = ("act", "run", "refused", "later")
METHODS = {"POST", "PUT", "PATCH", "DELETE"}


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, here)
        else:
            yield here, pattern


def calls_in(function: Callable[..., object], depth: int = 3) -> set[str]:
    """Names that a view calls, through functions of its own package, `depth` deep."""
    function = inspect.unwrap(function)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return set()
    names = {
        node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    }
    if depth:
        scope = getattr(function, "__globals__", {})
        for name in list(names):
            inner = scope.get(name)
            module = getattr(inner, "__module__", "") or ""
            if inspect.isfunction(inner) and module.startswith("dure.interfaces"):
                names |= calls_in(inner, depth - 1)
    return names


def reads_post(function: Callable[..., object]) -> bool:
    """Whether the source of a view, or of what it calls in the faces, looks at POST."""
    seen: set[object] = set()

    def look(one: Callable[..., object], depth: int) -> bool:
        one = inspect.unwrap(one)
        if one in seen:
            return False
        seen.add(one)
        try:
            source = inspect.getsource(one)
        except (OSError, TypeError):
            return False
        if any(word in source for word in ("POST", "body_of(", "sent(")):
            return True
        scope = getattr(one, "__globals__", {})
        return depth > 0 and any(
            look(inner, depth - 1)
            for name in calls_in(one, 0)
            if inspect.isfunction(inner := scope.get(name))
            and inner.__module__.startswith("dure.interfaces")
            and inner.__module__ != "dure.interfaces.web.base"
        )

    return look(function, 2)


def unexcused(resolver: URLResolver) -> list[str]:
    """Addresses that look at what was posted and neither run an action nor are excused."""
    found = []
    for route, pattern in addresses(resolver):
        view = pattern.callback
        view = getattr(view, "view_class", view)
        module = getattr(view, "__module__", "")
        if {module, module.split(".")[0]} & set(EXCUSED_MODULES) or route.startswith("api/"):
            continue
        if pattern.name in EXCUSED_ADDRESSES:
            continue
        if inspect.isclass(view):
            posts = [getattr(view, m.lower(), None) for m in METHODS]
            changing = [one for one in posts if one is not None]
        else:
            changing = [view] if reads_post(view) else []
        if any(not calls_in(one) & set(WRITES) for one in changing):
            found.append(f"{route} ({module}.{getattr(view, '__name__', view)})")
    return found


def test_every_address_that_takes_a_form_runs_an_action() -> None:
    assert unexcused(get_resolver()) == []


def test_new_address_outside_the_catalogue_is_found() -> None:
    """Negative control: a view that reads a form and writes by itself."""

    def planted(request: object) -> object:
        return request.POST["name"]  # type: ignore[attr-defined]  # a planted fault

    class Root(URLResolver):
        url_patterns = (path("planted/", planted, name="planted"),)  # type: ignore[arg-type,assignment]  # as above

    assert unexcused(Root.__new__(Root)) == [f"planted/ ({__name__}.planted)"]


def changing_operations() -> dict[str, set[str]]:
    found = {}
    for route, methods in api.get_openapi_schema()["paths"].items():
        changing = METHODS & {method.upper() for method in methods}
        if changing:
            found[route] = changing
    return found


def test_every_changing_operation_of_the_api_is_an_action() -> None:
    operations = changing_operations()
    names = {route.removeprefix("/api/v1/actions/") for route in operations}
    assert names == {name for name, entry in CATALOGUE.items() if "api" in entry.faces}
    assert set().union(*operations.values()) == {"POST"}


def test_every_job_runs_an_action_or_is_excused() -> None:
    known = {"core.run_action"} | {f"timer.{name}" for name in jobs.TIMERS} | set(EXCUSED_TASKS)
    assert sorted(set(jobs_app.tasks) - known) == []
    assert [name for name in jobs.TIMERS if name not in CATALOGUE] == []


def test_every_command_runs_actions_or_is_the_operators() -> None:
    acting = {"act", "demo", "import"}
    commands = set(cli.COMMANDS) | set(cli.EARLY)
    assert commands - acting - set(cli.OPERATOR_COMMANDS) == set()
    assert all(cli.OPERATOR_COMMANDS.values())


@pytest.mark.parametrize("face", ["web", "api", "cli"])
def test_faces_write_through_actions_alone(face: str) -> None:
    """No face touches a manager's writing methods; the import rules keep models out of it."""
    writing = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    found = []
    for file in sorted((SRC / "interfaces" / face).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in writing:
                owner = node.value
                if isinstance(owner, ast.Attribute) and owner.attr in ("rows", "objects"):
                    found.append(f"{file.name}:{node.lineno} {node.attr}")
    assert found == []
