"""The check of two languages finds each planted fault, and nothing in the sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.script_files import script

ROOT = Path(__file__).resolve().parents[2]


check = script("check_texts")


def test_the_sources_speak_both_languages() -> None:
    assert check.faults_below(ROOT / "src") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<p>안녕</p>", "Hangul outside {% t %}: <p>안녕</p>"),
        ('{% t "안녕" %}', "{% t %} takes two halves, not 1"),
        ('{% t "안녕히" "" %}', "the English half is empty"),
        ('{% t "" "Hello" %}', "the Korean half is empty"),
        ('{% t "안녕" "Hello 안녕" %}', "Hangul in the English half"),
        ('{% t "%(n)s건" "items" n=1 %}', "places differ: ['n'] and []"),
        ('{% t "%(n)s건" "%(n)s items" %}', "values [] for places ['n']"),
        ('{% t "%(n)s건" "%(n)s items" m=1 %}', "values ['m'] for places ['n']"),
    ],
)
def test_each_fault_of_a_template_is_found(text: str, told: str) -> None:
    assert check.template_faults(f"\n{text}") == [(2, told)]


@pytest.mark.parametrize(
    "text",
    [
        '{% t "%(n)s건" "%(n)s items" n=rows|length %}',
        "<c-card title=\"{% t '가' 'a' %}\" />",
        "{% t one.ko one.en %}",
        '{% t "가" "a" as word %}',
        "{# 한국어 #}{% comment %}한국어{% endcomment %}",
    ],
)
def test_what_is_right_passes(text: str) -> None:
    assert check.template_faults(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('T("가나다", "")', "the English half is empty"),
        ('T("%(a)s", "%(b)s")', "places differ: ['a'] and ['b']"),
        ('code("x.y", Kind.INVALID, "가", "가")', "Hangul in the English half"),
        ('action("x.y", ko="가")', "action has one half only"),
    ],
)
def test_each_fault_of_a_module_is_found(text: str, told: str) -> None:
    assert check.python_faults(text) == [(1, told)]
