"""A finished notebook as one HTML file: it opens anywhere, needs no network and asks for none."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from salesgoals.run.library import chart_library
from salesgoals.words import LANGUAGES, in_language, language, say
from salesgoals.workspace import writing

CHART = "application/vnd.vegalite.v5+json"
# What of an output is shown, best first. Widgets are not: without a kernel they do nothing.
SHOWN = (CHART, "text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
_WIDGET = "application/vnd.jupyter.widget-view+json"
LONG_PAGE = 4  # sections from which on a page lists them at its head
_SECTION = re.compile(r"<h2((?: (?!id=)[^>]*)?)>(.*?)</h2>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
TEMPLATES = Path(str(resources.files("salesgoals.run") / "templates"))


def notebook_page(notebook: Any, *, title: str | None = None, language_of_page: str | None = None,
                  facts: Mapping[str, Any] | None = None, library: str | None = None) -> str:
    """Turn a notebook that has run into one self-contained HTML page.

    Code, prompts, widgets and whatever stands in cells tagged ``interactive`` or ``versions`` are left out.
    Charts are drawn by the chart library that the page carries with it. The page's security policy allows
    its own two scripts by their fingerprints and nothing else: no request can leave it, and no script that
    slipped in with somebody's data can run.

    Parameters
    ----------
    notebook : notebook
        As :func:`nbformat.read` gives it.
    title : str, optional
        Title of the window and of the file when it is printed; by default the notebook's first heading.
    language_of_page : str, optional
        ``"zh"`` or ``"en"``; by default the notebook's parameter ``language``, else the language in use.
    facts : mapping, optional
        Kept in the head of the page and given back by :func:`page_facts`; shown nowhere.
    library : str, optional
        The text of :func:`~salesgoals.run.library.chart_library`, where a batch has it at hand.

    Returns
    -------
    str
        The page.
    """
    given = notebook.metadata.get("papermill", {}).get("parameters", {}).get("language")
    name = language_of_page or (given if given in LANGUAGES else language())
    cells = [cell for cell in map(_cell, notebook.cells) if cell]
    has_charts = any(output["kind"] == "chart" for cell in cells for output in cell.get("outputs", []))
    script = (chart_library() if library is None else library) if has_charts else ""
    draw = _part("draw.js")
    scripts = [_fingerprint(text) for text in (script, draw) if has_charts]
    policy = ("default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; "
              f"base-uri 'none'; script-src {' '.join(scripts) or chr(39) + 'none' + chr(39)}")
    with in_language(name):
        body = template("page.html.j2").render(
            cells=cells, language=LANGUAGE_TAGS[name], policy=policy, style=page_style(),
            title=title or _first_heading(cells) or "salesgoals", facts=json.dumps(dict(facts or {})),
            has_charts=has_charts, say=say)
        body = _with_contents(body)
    # Put in last: the template engine need not carry a megabyte through.
    return body.replace("@@library@@", script, 1).replace("@@draw@@", draw, 1)


def _with_contents(body: str) -> str:
    """List a long page's sections, as links, before the first of them."""
    found = list(_SECTION.finditer(body))
    if len(found) < LONG_PAGE:
        return body
    links = "\n".join(f'<a href="#part-{number}">{_TAG.sub("", heading[2]).strip()}</a>'
                      for number, heading in enumerate(found, 1))
    numbers = iter(range(1, len(found) + 1))
    named = _SECTION.sub(lambda heading: f'<h2 id="part-{next(numbers)}"{heading[1]}>{heading[2]}</h2>', body)
    first = named.rfind("<div ", 0, named.index('<h2 id="part-1"'))
    contents = f'<nav class="contents" aria-label="{say("run.page_contents")}">\n{links}\n</nav>\n'
    return named[:first] + contents + named[first:]


def export_html(notebook: Any, output: str | Path, **options: Any) -> Path:
    """Write a finished notebook as one self-contained HTML file.

    Parameters
    ----------
    notebook : path or notebook
        An ``.ipynb`` file that has run, or one already read.
    output : path
        The file to write; it appears only when it is whole.
    **options
        As :func:`notebook_page` takes them.

    Returns
    -------
    Path
        The file written.
    """
    if isinstance(notebook, str | Path):
        import nbformat

        notebook = nbformat.read(str(notebook), as_version=4)
    with writing(Path(output)) as draft:
        write_page(notebook_page(notebook, **options), draft)
    return Path(output)


def write_page(page: str, path: Path) -> None:
    """Write a page as UTF-8 with plain line ends: its policy compares the scripts byte by byte."""
    path.write_text(page, encoding="utf-8", newline="\n")


def page_facts(path: Path) -> dict[str, Any] | None:
    """Read back the facts that a page was written with.

    Parameters
    ----------
    path : Path
        A file written by :func:`export_html`.

    Returns
    -------
    dict or None
        None if the file is no page of ours.
    """
    try:
        with path.open("rb") as file:
            head = file.read(16384).decode("utf-8", "ignore")
    except OSError:
        return None
    found = re.search(r'<meta name="salesgoals" content="([^"]*)">', head)
    try:
        facts = json.loads(html.unescape(found[1])) if found else None
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None


def _cell(cell: Any) -> dict[str, Any] | None:
    """Keep of a cell what a page shows."""
    tags = cell.metadata.get("tags", [])
    if cell.cell_type == "markdown":
        return {"kind": "prose", "text": cell.source, "attachments": cell.get("attachments", {})}
    if cell.cell_type != "code" or {"interactive", "versions"} & set(tags):
        return None
    outputs = [shown for shown in map(_output, cell.outputs) if shown]
    return {"kind": "code", "outputs": outputs} if outputs else None


def _output(output: Any) -> dict[str, Any] | None:
    if output.output_type == "stream":
        # Warnings are for whoever runs the notebook, not for whoever reads the page.
        return {"kind": "text", "text": output.text} if output.name == "stdout" else None
    if output.output_type == "error":
        return {"kind": "text", "text": f"{output.ename}: {output.evalue}"}
    data = output.data
    if _WIDGET in data:
        return None
    kind = next((kind for kind in SHOWN if kind in data), None)
    if kind == CHART:
        return _chart(data[CHART])
    if kind in ("image/png", "image/jpeg"):
        text = "".join(data[kind].split())
        return {"kind": "image", "address": f"data:{kind};base64,{text}", "says": data.get("text/plain", "")}
    if kind == "image/svg+xml":
        text = base64.b64encode(data[kind].encode()).decode()
        return {"kind": "image", "address": f"data:{kind};base64,{text}", "says": data.get("text/plain", "")}
    names = {"text/html": "html", "text/markdown": "markdown", "text/plain": "text"}
    return {"kind": names[kind], "text": data[kind]} if kind else None


def _chart(spec: Mapping[str, Any]) -> dict[str, Any]:
    # The address of the schema is a name that nobody asks for; a page without it holds no address at all.
    spec = {key: value for key, value in spec.items() if key != "$schema"}
    says = spec.get("description") or _words_of(spec.get("title"))
    return {"kind": "chart", "says": says, "spec": _json_inside_script(spec)}


def _words_of(title: Any) -> str:
    if isinstance(title, Mapping):
        parts = [_words_of(title.get("text")), _words_of(title.get("subtitle"))]
        return ". ".join(part for part in parts if part)
    return " ".join(map(str, title)) if isinstance(title, list) else str(title or "")


def _json_inside_script(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _first_heading(cells: list[dict[str, Any]]) -> str:
    for cell in cells:
        texts = ([cell["text"]] if cell["kind"] == "prose" else
                 [output.get("text", "") for output in cell["outputs"]])
        for text in texts:
            if found := re.search(r"^# +(.+)$", text, re.M) or re.search(r"<h1[^>]*>(.*?)</h1>", text, re.S):
                return html.unescape(re.sub(r"<[^>]+>|[*`]", "", found[1])).strip()
    return ""


def _fingerprint(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def page_style(*more: str) -> str:
    """Give the look of every page, and of this kind of page."""
    return "".join(_part(name) for name in ("page.css", *more))


@cache
def _part(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def template(name: str) -> Any:
    """Read one of our own page templates once; nbconvert's ask a network for scripts and styles."""
    from jinja2 import Environment, FileSystemLoader

    world = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True,
                        lstrip_blocks=True)
    world.filters.update(prose=_prose, markdown_of_data=_markdown_of_data)
    return world.get_template(name)


def _prose(cell: Mapping[str, Any]) -> str:
    """Turn a Markdown cell, written by the notebook's author, into HTML, pictures included."""
    return _markdown(cell["text"], escape=False, attachments=cell["attachments"])


def _markdown_of_data(text: str) -> str:
    """Turn Markdown that code wrote, perhaps with somebody's data in it, into HTML; its tags stay text."""
    return _markdown(text, escape=True, allow_harmful_protocols=False)


def _markdown(text: str, **options: Any) -> str:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(exclude_anchor_links=True, **options)
    return str(MarkdownWithMath(renderer=renderer).render(text))
