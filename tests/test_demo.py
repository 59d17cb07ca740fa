"""The demo: every step said with its time, the index links every report, pages need no network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from salesgoals.problems import SalesgoalsError
from salesgoals.run import demo

# Two different characters must give two different pictures: without a Chinese font both are the same box.
DRAWN_DIFFERENTLY = """() => {
  const draw = text => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 40;
    const context = canvas.getContext('2d');
    context.font = '32px ' + getComputedStyle(document.body).fontFamily;
    context.fillText(text, 2, 34);
    return canvas.toDataURL();
  };
  return draw('目') !== draw('标') && draw('目') !== draw('\\u{10fffd}');
}"""
CHARTS = "() => document.querySelectorAll('canvas.marks, svg.marks').length"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    before, demo.READERS = demo.READERS, ("all",)
    try:
        demo.run_demo(folder)
        demo.READERS = ("all", "team")
        return demo.run_demo(folder)  # a second time without harm
    finally:
        demo.READERS = before


def test_the_index_links_every_report(made: Path) -> None:
    links = re.findall(r'href="([^"]+\.html)"', made.read_text(encoding="utf-8"))
    assert len(links) == 3 * 2 * 7  # goals, progress, retrospective of company and teams in two languages
    from urllib.parse import unquote
    linked = {(made.parent / unquote(link)).resolve() for link in links}
    assert linked == {path.resolve() for path in made.parent.glob("*/*.html")}


def test_pages_draw_their_charts_without_a_network(made: Path, watched: Any, screenshots: Path) -> None:
    page = watched.page
    page.goto(made.as_uri())
    for number, name in enumerate(("中文", "English")):
        page.goto(made.as_uri())
        page.get_by_role("link", name=name).first.click()
        page.wait_for_function(f"() => ({CHARTS})() >= 5", timeout=30_000)
        assert page.evaluate(DRAWN_DIFFERENTLY)
        page.screenshot(path=screenshots / f"demo_report_{number}.png", full_page=True)
    assert watched.outside == []
    assert watched.errors == []


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(SalesgoalsError, match="left alone"):
        demo.run_demo(tmp_path)
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear"
