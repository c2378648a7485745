"""The 33 items of KWCAG 2.2, each with the test that holds it or the check that a person makes.

Source: 한국형 웹 콘텐츠 접근성 지침 2.2 (KS X OT0003, December 2022).
"""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
AXE = "test_walk.py::test_every_page_of_every_room_is_sound"
GALLERY = "test_pages.py::test_every_archetype_is_sound_in_every_state"

# item, name, test in this folder, or `manual: what a person looks at before a release`
# ruff: noqa: E501  one item a line
ITEMS: tuple[tuple[str, str, str], ...] = (
    ("5.1.1", "적절한 대체 텍스트 제공", "test_charts.py::test_chart_is_told_and_has_its_twin_within_its_weight"),
    ("5.2.1", "자막 제공", "manual: no page carries sound or film; a new one brings its captions"),
    ("5.3.1", "표의 구성", AXE),
    ("5.3.2", "콘텐츠의 선형구조", "test_pages.py::test_page_works_without_script"),
    ("5.3.3", "명확한 지시사항 제공", "manual: no instruction names a colour, shape or place alone"),
    ("5.4.1", "색에 무관한 콘텐츠 인식", "test_charts.py::test_bar_draws_the_four_states_apart"),
    ("5.4.2", "자동 재생 금지", "manual: no page carries sound"),
    ("5.4.3", "텍스트 콘텐츠의 명도 대비", "test_pages.py::test_gallery_holds_on_a_small_screen_and_in_the_dark"),
    ("5.4.4", "콘텐츠 간의 구분", "manual: neighbouring parts are kept apart by space or a rule in the pictures"),
    ("6.1.1", "키보드 사용 보장", "test_pages.py::test_menu_opens_by_keyboard_without_script"),
    ("6.1.2", "초점 이동과 표시", "test_pages.py::test_focus_is_drawn_three_pixels_wide"),
    ("6.1.3", "조작 가능", "test_pages.py::test_planted_faults_of_a_page_are_found"),
    ("6.1.4", "문자 단축키", "manual: no page listens to single letters"),
    ("6.2.1", "응답시간 조절", "manual: a session ends after twelve hours; a form keeps what was typed"),
    ("6.2.2", "정지 기능 제공", "manual: nothing moves by itself"),
    ("6.3.1", "깜빡임과 번쩍임 사용 제한", "manual: nothing blinks"),
    ("6.4.1", "반복 영역 건너뛰기", "test_pages.py::test_skip_link_is_first_and_leads_to_the_content"),
    ("6.4.2", "제목 제공", AXE),
    ("6.4.3", "적절한 링크 텍스트", AXE),
    ("6.4.4", "고정된 참조 위치 정보", "manual: a document with pages has numbers that stay in print"),
    ("6.5.1", "단일 포인터 입력 지원", "manual: nothing needs a drag or two fingers"),
    ("6.5.2", "포인터 입력 취소", "manual: controls are links and buttons of the browser, which act on release"),
    ("6.5.3", "레이블과 네임", AXE),
    ("6.5.4", "동작기반 작동", "manual: nothing is worked by moving the device"),
    ("7.1.1", "기본 언어 표시", "test_base.py::test_missing_page_speaks_its_language"),
    ("7.2.1", "사용자 요구에 따른 실행", "test_htmx.py::test_search_answers_as_one_types"),
    ("7.2.2", "찾기 쉬운 도움 정보", "test_kwcag.py::test_help_stands_at_the_same_place_on_every_page"),
    ("7.3.1", "오류 정정", "test_pages.py::test_refused_form_puts_the_focus_on_its_errors"),
    ("7.3.2", "레이블 제공", GALLERY),
    ("7.3.3", "접근 가능한 인증", "manual: signing in asks no puzzle: passkey, link, or a code by staff"),
    ("7.3.4", "반복 입력 정보", "test_base.py::test_refused_form_keeps_words_and_key_and_names_the_field"),
    ("8.1.1", "마크업 오류 방지", AXE),
    ("8.2.1", "웹 애플리케이션 접근성 준수", AXE),
)  # fmt: skip


def test_each_item_has_its_test_or_its_manual_check() -> None:
    for item, _name, how in ITEMS:
        if how.startswith("manual: "):
            continue
        file, test = how.split("::")
        assert re.search(rf"^def {test}\(", (HERE / file).read_text("utf-8"), re.MULTILINE), item


def test_all_33_items_stand_here_once() -> None:
    assert len({item for item, _name, _how in ITEMS}) == 33


def test_help_stands_at_the_same_place_on_every_page() -> None:
    base = (HERE.parents[1] / "src/dure/interfaces/templates/base.html").read_text("utf-8")
    footer = base[base.index("<footer") :]
    assert "footer %}" in footer
    assert 'id="help"' in (
        HERE.parents[1] / "src/dure/interfaces/templates/web/about.html"
    ).read_text("utf-8")
