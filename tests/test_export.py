from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browsing import Watched
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.run import library
from salesgoals.run.export import CHART, export_html, notebook_page, page_facts
from salesgoals.words import in_language

EVIL = ("<script>window.stolen = 1</script><img src=x onerror='window.stolen = 1'>\u2028</SCRIPT><!-- 张伟 "
        "& \"co\"")


def chart(title: Any = "Half of the growth rests on two people", **more: Any) -> dict[str, Any]:
    return {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "title": title, "mark": "bar",
            "width": 300, "data": {"values": [{"who": "张伟", "sold": 3}, {"who": "李娜", "sold": 5}]},
            "transform": [{"calculate": "datum.sold * 2", "as": "twice"}],
            "encoding": {"x": {"field": "who", "type": "nominal"},
                         "y": {"field": "twice", "type": "quantitative"}}, **more}


def display(**data: Any) -> Any:
    names = {"chart": CHART, "html": "text/html", "markdown": "text/markdown", "text": "text/plain",
             "svg": "image/svg+xml", "png": "image/png",
             "widget": "application/vnd.jupyter.widget-view+json"}
    return nbformat.v4.new_output("display_data", {names[name]: value for name, value in data.items()})


def notebook(*outputs: Any, prose: str = "# 目标 & plan", tags: tuple[str, ...] = (), **metadata: Any) -> Any:
    code = nbformat.v4.new_code_cell("secret_code = 1", outputs=list(outputs), metadata={"tags": list(tags)})
    cells = [nbformat.v4.new_markdown_cell(prose), code]
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


# In HTML that a cell puts out, an open comment would hide the rest of the page: no test of scripts then.
EVIL_HTML = EVIL.replace("<!--", "")


class Parsed(HTMLParser):
    """The tags of a page with their attributes, its scripts apart from the rest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._script: dict[str, str | None] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script" and self.scripts:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(("/" + tag, {}))


def policy(page: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def test_a_page_holds_no_address_but_its_own() -> None:
    page = notebook_page(notebook(display(chart=chart()), display(chart=chart()), display(html="<b>x</b>")))
    parsed = Parsed(page)
    assert len(parsed.tags) > 20
    loading = {"src", "href", "data", "action", "poster", "srcset", "background"}
    addresses = [value for _, attributes in parsed.tags for name, value in attributes.items()
                 if name in loading]
    assert addresses == []
    without_library = page.replace(library.chart_library(), "")
    assert len(without_library) < 20_000
    assert "http" not in re.sub(r"http-equiv", "", without_library)
    assert "require" not in without_library


def test_the_chart_library_stands_in_a_page_once_and_only_where_it_is_needed() -> None:
    page = notebook_page(notebook(*[display(chart=chart())] * 4))
    assert page.count("window.vegaEmbed=") == 1
    assert page.count('<figure class="chart"') == 4
    plain = notebook_page(notebook(display(html="<b>x</b>")))
    assert "vegaEmbed" not in plain
    assert "<script" not in plain
    assert len(plain) < 12_000


def test_the_policy_names_exactly_the_scripts_of_the_page() -> None:
    page = notebook_page(notebook(display(chart=chart()), display(html=EVIL_HTML)))
    rules = dict(rule.strip().split(" ", 1) for rule in policy(page).split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe" not in rules["script-src"]
    own = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
           for attributes, text in Parsed(page).scripts if attributes.get("type") != "application/json"]
    assert set(rules["script-src"].split()) <= {f"'sha256-{one}'" for one in own}
    assert len(rules["script-src"].split()) == 2


def test_code_prompts_widgets_and_tagged_cells_are_left_out() -> None:
    slider = display(widget={"model_id": "x"}, text="IntSlider(value=3)")
    page = notebook_page(notebook(slider, display(text="kept")))
    assert "secret_code" not in page
    assert "IntSlider" not in page
    assert "kept" in page
    for tag in ("interactive", "versions"):
        assert "dropped" not in notebook_page(notebook(display(text="dropped"), tags=(tag,)))
    error = nbformat.v4.new_output("stream", name="stderr", text="a warning")
    assert "a warning" not in notebook_page(notebook(error))


@pytest.mark.parametrize("kind", ["text", "markdown", "chart", "says", "title", "facts"])
def test_text_from_data_stays_text(kind: str) -> None:
    with_chart = kind in ("chart", "says")
    if with_chart:
        evil = chart(title=EVIL) if kind == "chart" else chart(description=EVIL)
        page = notebook_page(notebook(display(chart=evil)))
    elif kind in ("title", "facts"):
        page = notebook_page(notebook(), **{kind: {"name": EVIL} if kind == "facts" else EVIL})
    else:
        page = notebook_page(notebook(display(**{kind: EVIL})))
    own = Parsed(notebook_page(notebook(display(chart=chart())) if with_chart else notebook()))
    parsed = Parsed(page)
    assert not [tag for tag, _ in parsed.tags if tag == "img"]
    assert len(parsed.scripts) == len(own.scripts)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) |
                    st.dictionaries(st.text(), inner), max_leaves=8))
@settings(deadline=None, max_examples=60)
def test_any_chart_data_come_back_as_they_were(value: Any) -> None:
    page = notebook_page(notebook(display(chart={"mark": "bar", "data": {"values": value}})), library="")
    specs = [text for kind, text in Parsed(page).scripts if kind.get("type") == "application/json"]
    assert [json.loads(spec)["data"]["values"] for spec in specs] == [value]


def test_language_title_and_words_follow_the_parameters() -> None:
    made = notebook(display(chart=chart()), papermill={"parameters": {"language": "zh"}})
    page = notebook_page(made)
    assert '<html lang="zh-CN">' in page
    assert "<title>目标 &amp; plan</title>" in page
    assert "浏览器禁用了脚本" in page
    page = notebook_page(made, language_of_page="en", title="Team <A>")
    assert '<html lang="en">' in page
    assert "<title>Team &lt;A&gt;</title>" in page
    with in_language("zh"):
        assert '<html lang="zh-CN">' in notebook_page(notebook())


def test_charts_speak_to_those_who_do_not_see_them() -> None:
    page = notebook_page(notebook(
        display(chart=chart(description="Half of it")), display(chart=chart(title={"text": ["Two", "lines"],
                                                                                   "subtitle": "and more"})),
        display(chart=chart(title=None)), display(png="iVBORw0KGgo=", text="a picture")))
    labels = [attributes["aria-label"] for tag, attributes in Parsed(page).tags if tag == "figure"
              and "aria-label" in attributes]
    assert labels == ["Half of it", "Two lines. and more", "Chart"]
    assert '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a picture">' in page
    assert "<noscript><p>What the chart shows: Half of it</p></noscript>" in page


def test_facts_are_read_back_and_foreign_files_have_none(tmp_path: Path) -> None:
    facts = {"name": EVIL, "team": "华东/一组", "n": 3}
    path = export_html(notebook(display(chart=chart())), tmp_path / "a" / "page.html", facts=facts)
    assert page_facts(path) == facts
    assert [other.name for other in path.parent.iterdir()] == ["page.html"]
    for name, text in {"other.html": "<p>hello", "broken.html": '<meta name="salesgoals" content="{oops">',
                       "list.html": '<meta name="salesgoals" content="[1]">'}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert page_facts(tmp_path / name) is None
    assert page_facts(tmp_path / "missing.html") is None


def test_export_reads_a_file_and_leaves_nothing_when_it_fails(tmp_path: Path) -> None:
    nbformat.write(notebook(display(text="kept")), str(tmp_path / "done.ipynb"))
    assert "kept" in export_html(tmp_path / "done.ipynb", tmp_path / "page.html").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="zh and en"):
        export_html(tmp_path / "done.ipynb", tmp_path / "half.html", language_of_page="fr")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["done.ipynb", "page.html"]


def test_the_chart_library_is_built_once_and_a_cut_copy_is_not_used(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import vl_convert

    built = []
    monkeypatch.setattr(library, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(library.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    monkeypatch.setattr(vl_convert, "javascript_bundle",
                        lambda: built.append(1) or "a</script>b<!--c\r\nd</SCRIPT>")
    text = library.chart_library()
    assert text.startswith("a<\\/script>b<\\!--c\nd<\\/SCRIPT>")
    assert library.chart_library() == text
    assert len(built) == 1
    kept, = (tmp_path / "cache").iterdir()
    kept.write_text(text[:10], encoding="utf-8")
    assert library.chart_library() == text
    assert len(built) == 2
    kept.unlink()
    kept.parent.rmdir()
    kept.parent.write_text("a file where the folder should be", encoding="utf-8")
    assert library.chart_library() == text
    assert library.chart_library() == text
    assert len(built) == 3


def test_the_real_library_cannot_end_its_script() -> None:
    text = library.chart_library()
    assert "window.vegaEmbed=" in text
    assert not re.search(r"</script|<!--|\r", text, re.I)


SLIDER = {"params": [{"name": "k", "value": 2, "bind": {"input": "range", "min": 1, "max": 9, "step": 1}}],
          "transform": [{"calculate": "datum.sold * k", "as": "twice"}]}


def test_in_a_browser_charts_are_drawn_and_nothing_leaves_the_page(tmp_path: Path, watched: Watched) -> None:
    made = notebook(display(chart=chart()), display(chart=chart("滑动看看", **SLIDER)),
                    display(html="<p>表格</p>"))
    path = export_html(made, tmp_path / "page.html", language_of_page="zh")
    asked, said = [], []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.page.on("console", lambda message: said.append(message.text))
    watched.page.goto(path.as_uri())
    watched.page.wait_for_selector("html[data-charts=drawn]", timeout=20_000)
    assert watched.page.locator("figure svg.marks").count() == 2
    assert watched.page.locator("figure svg .mark-rect path").count() >= 4
    assert "张伟" in watched.page.locator("figure svg").first.text_content()
    bars = watched.page.locator("figure").nth(1).locator("svg .mark-rect").inner_html()
    watched.page.locator("input[type=range]").focus()
    watched.page.keyboard.press("ArrowRight")
    watched.page.wait_for_function("before => document.querySelectorAll('figure')[1]"
                                   ".querySelector('svg .mark-rect').innerHTML !== before", arg=bars)
    assert asked == [path.as_uri()]
    assert (watched.outside, watched.errors, said) == ([], [], [])


def test_in_a_browser_a_script_from_the_data_does_not_run(tmp_path: Path, watched: Watched) -> None:
    bad = chart(EVIL, data={"url": "https://example.com/data.csv"})
    made = notebook(display(html=EVIL_HTML + "<img src='https://example.com/a.png'>"),
                    display(chart=chart(EVIL)), display(chart=bad), display(markdown=EVIL))
    path = export_html(made, tmp_path / "page.html")
    watched.page.goto(path.as_uri())
    watched.page.wait_for_selector("html[data-charts=drawn], html[data-charts=failed]", timeout=20_000)
    assert watched.page.evaluate("window.stolen") is None
    assert watched.outside == []
    assert watched.page.locator("figure svg.marks").count() >= 1


def test_in_a_browser_a_chart_that_fails_says_so_and_the_others_are_drawn(
        tmp_path: Path, watched: Watched) -> None:
    path = export_html(notebook(display(chart={"mark": "no such mark"}), display(chart=chart())),
                       tmp_path / "page.html", language_of_page="zh")
    watched.page.goto(path.as_uri())
    watched.page.wait_for_selector("html[data-charts=failed]", timeout=20_000)
    assert "这张图没能画出来" in watched.page.locator("figure").first.inner_text()
    assert watched.page.locator("figure svg.marks").count() == 1


def test_on_a_phone_nothing_is_wider_than_the_screen(tmp_path: Path, watched: Watched) -> None:
    wide = "<table><tr>" + "<td class=number>1,234,567</td>" * 12 + "</tr></table>"
    path = export_html(notebook(display(chart=chart(width=900)), display(html=wide)), tmp_path / "page.html")
    watched.page.set_viewport_size({"width": 390, "height": 800})
    watched.page.goto(path.as_uri())
    watched.page.wait_for_selector("html[data-charts=drawn]", timeout=20_000)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert watched.page.locator("figure").first.bounding_box()["width"] <= 390
    assert watched.page.locator("figure svg").bounding_box()["width"] > 600  # small print would be unreadable


def test_printed_charts_are_whole_on_a4(tmp_path: Path, watched: Watched) -> None:
    made = notebook(*[display(chart=chart(height=300, width=900))] * 5)
    path = export_html(made, tmp_path / "page.html")
    watched.page.goto(path.as_uri())
    watched.page.wait_for_selector("html[data-charts=drawn]", timeout=20_000)
    printed = watched.page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][\d.]* 84[12]", printed)  # A4
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_long_page_lists_its_sections_and_a_short_one_does_not(language: str) -> None:
    headings = [f"<h2>第 {number} &amp; &lt;b&gt;</h2><p>…</p>" for number in range(1, 5)]
    prose = "# 目标\n\n## Proof of the sums"
    with in_language(language):
        page = notebook_page(notebook(*(display(html=heading) for heading in headings), prose=prose))
        short = notebook_page(notebook(*(display(html=heading) for heading in headings[:2]), prose="# 目标"))
    assert "<nav" not in short
    listed = re.findall(r'<a href="#(part-\d)">(.*?)</a>', page)
    texts = ["Proof of the sums", *(f"第 {number} &amp; &lt;b&gt;" for number in range(1, 5))]
    assert [text for _, text in listed] == texts
    assert re.findall(r'id="(part-\d)"', page) == [name for name, _ in listed]
    assert page.index("<nav") < page.index('id="part-1"')
