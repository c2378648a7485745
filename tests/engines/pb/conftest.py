"""What the tests of reading share."""

from __future__ import annotations

import pytest

from dure.engines.pb import pabulib_rows


@pytest.fixture(params=["cut at once", "row by row"])
def road(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both roads of reading ballots must say the same about every file here."""
    if request.param == "row by row":
        monkeypatch.setattr(pabulib_rows, "plain_columns", lambda *_: None)
