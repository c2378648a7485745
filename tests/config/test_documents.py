"""The documents: every link leads somewhere, every decision and page stands in its index."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"\]\(([^)\s]+)\)")


def documents() -> list[Path]:
    """Every Markdown file that git knows."""
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in told.stdout.decode().split("\0") if name]


def anchors(text: str) -> set[str]:
    """The anchors of the headings, as they are made of their words."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken(page: Path, text: str) -> list[str]:
    """The links of a page that lead nowhere; addresses of other servers are not asked."""
    found = []
    for link in LINK.findall(re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        is_missing = not target.exists()
        if not is_missing and anchor and target.suffix == ".md":
            is_missing = anchor not in anchors(target.read_text("utf-8"))
        if is_missing:
            found.append(link)
    return found


def test_every_link_leads_somewhere() -> None:
    pages = documents()
    assert ROOT / "README.md" in pages
    faults = {str(p.relative_to(ROOT)): broken(p, p.read_text("utf-8")) for p in pages}
    assert {name: links for name, links in faults.items() if links} == {}


def test_every_decision_stands_in_the_index_under_its_title() -> None:
    index = (DOCS / "decisions" / "README.md").read_text("utf-8")
    listed = dict(re.findall(r"^- \[(.+)\]\((.+)\)$", index, re.MULTILINE))
    pages = {p for p in (DOCS / "decisions").glob("*.md") if p.name != "README.md"}
    assert listed == {p.read_text("utf-8").splitlines()[0].lstrip("# "): p.name for p in pages}


def test_every_page_stands_in_the_index_of_documents() -> None:
    index = set(LINK.findall((DOCS / "README.md").read_text("utf-8")))
    assert {p.name for p in DOCS.glob("*.md")} - {"README.md"} - index == set()


def test_a_link_to_nowhere_is_found() -> None:
    text = "[a](missing.md) [b](README.md) [c](#in-english) [d](#nowhere) [e](https://example.org)"
    assert broken(ROOT / "README.md", text) == ["missing.md", "#nowhere"]
