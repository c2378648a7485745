"""Objects of core for the matrix: each is somebody's own."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from dure.core import clock, tokens
from dure.core.actors import Actor
from dure.core.models import ApiToken, Notice, Progress
from tests.harness.given import given
from tests.harness.matrix import Place, slot


@slot("core.job.cancel:job", owned=True, placed=False)
def job(place: Place, actor: Actor) -> str:
    row = Progress.rows.create(owner=place.owner, action="core.x", asked_at=clock.now())
    return str(row.job)


@slot("notice_id", owned=True, placed=False)
def notice(place: Place, actor: Actor) -> str:
    with given() as audit:
        row = Notice.rows.create(
            person=place.owner,
            template="core.job.done",
            places={"job": str(uuid4())},
            made_at=clock.now(),
            due_at=clock.now(),
            audit=audit,
        )
    return str(row.id)


@slot("token_id", owned=True, placed=False)
def token(place: Place, actor: Actor) -> str:
    with given() as audit:
        row = ApiToken.rows.create(
            person=place.owner,
            label="시험",
            purpose="read",
            token_hash=tokens.hash_of(tokens.new_token()),
            made_at=clock.now(),
            expires_at=clock.now() + timedelta(days=1),
            audit=audit,
        )
    return str(row.id)
