"""Rounds, rolls, results and winners as a question to a second person names them."""

from __future__ import annotations

from django.urls import URLPattern, reverse

from dure.budgeting.queries.desk import named
from dure.core.actors import Actor
from dure.core.text import T
from dure.interfaces.web.abouts import About, about


@about("call_id")
def about_call(object_id: str, actor: Actor) -> About | None:
    """A round, at its desk."""
    found = named("call_id", object_id, actor)
    if found is None:
        return None
    href = reverse("web:budget_desk_call", args=[found.call_id])
    return About(T("공모", "Round"), str(found.title), href)


@about("roll_id")
def about_roll(object_id: str, actor: Actor) -> About | None:
    """The roll of a round, at the round's desk."""
    found = named("roll_id", object_id, actor)
    if found is None:
        return None
    href = f"{reverse('web:budget_desk_call', args=[found.call_id])}#roll"
    return About(T("명부", "Roll"), str(found.title), href)


@about("result_id")
def about_result(object_id: str, actor: Actor) -> About | None:
    """A result that is not public yet, as it will be."""
    found = named("result_id", object_id, actor)
    if found is None:
        return None
    href = reverse("web:budget_result", args=[found.call_id])
    return About(T("투표 결과", "Result of the vote"), str(found.title), href)


@about("award_id")
def about_award(object_id: str, actor: Actor) -> About | None:
    """A winner, with what was told of it."""
    found = named("award_id", object_id, actor)
    if found is None:
        return None
    href = reverse("web:budget_desk_award", args=[found.call_id, object_id])
    return About(T("뽑힌 사업", "Winner"), f"{found.title}: {found.name}", href)


urlpatterns: list[URLPattern] = []
