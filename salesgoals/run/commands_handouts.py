"""``salesgoals handouts``: pages whose sliders need no kernel, in both languages, and an index of them."""

from __future__ import annotations

from pathlib import Path

import click

from salesgoals.problems import SalesgoalsError
from salesgoals.words import LANGUAGES, in_language, language, say
from salesgoals.workspace import Workspace, open_workspace, writing


def handouts(folder: str, workspace: str | None) -> int:
    """Make every hand-out in both languages."""
    opened = None if workspace is None else open_workspace(workspace)
    made = make_handouts(Path(folder), opened)
    click.echo(say("handouts.cli_done", n=len(made), index=Path(folder) / "index.html"))
    return 0


def make_handouts(folder: Path, workspace: Workspace | None = None) -> list[Path]:
    """Write every hand-out in both languages, and the page that lists them.

    Parameters
    ----------
    folder : Path
        Made if it is not there; files of the same names are written anew, nothing else is touched.
    workspace : Workspace, optional
        Whose data are shown; by default the invented sample company's.

    Returns
    -------
    list of Path
        The pages, without the index. A hand-out for which the workspace holds too little is left out, and
        said to be.
    """
    from salesgoals.show.handouts import handout_page, list_handouts

    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    shown: list[str] = []
    for name in list_handouts():
        try:
            pages = {}
            for spoken in LANGUAGES:
                with in_language(spoken):
                    pages[spoken] = handout_page(name, workspace)
        except SalesgoalsError as error:
            click.echo(say("handouts.cli_left_out", name=name, why=error), err=True)
            continue
        for spoken, page in pages.items():
            path = folder / f"{name}.{spoken}.html"
            _write(page, path)
            made.append(path)
            click.echo(say("handouts.cli_made", name=path.name, size=round(len(page.encode()) / 1000)))
        shown.append(name)
    _write(index_page(shown), folder / "index.html")
    return made


def index_page(names: list[str]) -> str:
    """Write the page that lists the hand-outs, with a link for each language."""
    from salesgoals.show.handouts import wrap_page
    from salesgoals.show.html import escape

    rows, spoken_here = [], sorted(LANGUAGES, key=lambda one: one != language())
    words = {spoken: escape(say(f"handouts.open_{spoken}")) for spoken in spoken_here}
    for name in names:
        links = "".join(f'<a href="{name}.{spoken}.html">{words[spoken]}</a>' for spoken in spoken_here)
        rows.append(f'<li><strong>{escape(say(f"handouts.{name}.title"))}</strong>'
                    f'<p>{escape(say(f"handouts.{name}.question"))}</p><p class="links">{links}</p></li>')
    body = (f'<h1>{escape(say("handouts.index_title"))}</h1><p>{escape(say("handouts.index_lead"))}</p>'
            f'<ul class="list">{"".join(rows)}</ul>')
    return wrap_page(say("handouts.index_title"), body)


def _write(page: str, path: Path) -> None:
    # Plain line ends: the page's policy compares its script byte by byte.
    with writing(path) as draft:
        draft.write_text(page, encoding="utf-8", newline="\n")
