"""Places on the drawing of a district: where they lie, how they are typed, what the box holds."""

from __future__ import annotations

import pytest

from dure.interfaces.web.maps import outlines
from dure.interfaces.web.point_maps import (
    corners,
    frame,
    place_text,
    point_map,
    read_place,
)

MAPO_OFFICE = (3_756_631, 12_690_151)
CITY_HALL = (3_756_654, 12_697_797)
GANGNAM_OFFICE = (3_751_732, 12_704_735)


def inside(path: str, x: int, y: int) -> bool:
    """Whether a spot lies within an outline: crossings of a line to the right."""
    held, odd = corners(path), False
    for (x1, y1), (x2, y2) in zip(held, held[1:] + held[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


@pytest.mark.parametrize(
    ("place", "code"), [(MAPO_OFFICE, "11440"), (CITY_HALL, "11140"), (GANGNAM_OFFICE, "11680")]
)
def test_known_places_lie_in_their_districts_and_in_no_other(
    place: tuple[int, int], code: str
) -> None:
    x, y = frame().spot(place)
    found = [one.code for one in outlines()[0] if inside(one.path, x // 10, y // 10)]
    assert found == [code]


def test_a_box_holds_the_district_and_every_pin() -> None:
    drawn = point_map("곳", "11440", [("1", "의자", "", MAPO_OFFICE), ("2", "정원", "", CITY_HALL)])
    assert all(0 <= pin.x <= 1000 and 0 <= pin.y <= drawn.height for pin in drawn.pins)
    alone = point_map("곳", "11440", [])
    assert alone.box[2] < drawn.box[2] < 1000
    assert len(alone.around) == 24


def test_a_district_that_is_not_drawn_shows_the_city() -> None:
    drawn = point_map("곳", "26110", [("1", "의자", "", (3_510_000, 12_900_000))])
    assert (drawn.outline, drawn.district) == ("", "")
    assert drawn.box[2] > 900


@pytest.mark.parametrize(
    "text", ["37.56631, 126.90151", "37.566312 126.901519", " 37.56631,126.90151 "]
)
def test_a_place_is_read_as_phones_copy_it(text: str) -> None:
    assert read_place(text) == MAPO_OFFICE
    assert read_place(place_text(MAPO_OFFICE)) == MAPO_OFFICE


@pytest.mark.parametrize(
    "text",
    ["", "37.5", "37.56631", "126.90151, 37.56631", "37,56, 126", "-37.56, 126.9", "어디"],
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_place(text)
