"""Build every edition of the lessons and reports from their one source.

    python tools/build_notebooks.py [NAME ...]     build (all of them, or only these)
    python tools/build_notebooks.py --check        fail if an edition is stale, missing or stray

`notebooks/source/NN_name.py` (jupytext percent) holds both languages and both roles. From it come

    notebooks/zh, notebooks/en     what learners open: no solutions
    teaching/zh, teaching/en       the same with the solutions
    (a report, 90 and above, has no instructor's edition)

`case_studies/*/company_X.py` are written the same way; their editions `company_X.zh.ipynb` and
`company_X.en.ipynb` lie beside them, one a language for everybody.

The text output of cells tagged `nbval-check-output` is stored, and nothing else, so that nbval
compares every result a lesson prints. `--check` runs no kernel: stored results are nbval's work.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import jupytext

PROJECT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh", "en")
CHECKED = "nbval-check-output"
TAGS = {*LANGUAGES, "parameters", "setup", "interactive", "exercise", "solution", "versions",
        CHECKED, "nbval-ignore-output"}
LANGUAGE_LINE = re.compile(r'^language: str = "\w+"', re.MULTILINE)
#: a line break inside a Chinese sentence, plain, in a quotation or in a list: a browser would show a blank
_BEFORE, _AFTER = r"[\u3001-\u3011\u4e00-\u9fff\uff00-\uffef\u201d]", r"[\u4e00-\u9fff\u201c\u300a]"
WRAPPED = re.compile(rf"^((?:> )?)(.*{_BEFORE})\n(?:\1| {{2,3}})(?={_AFTER})", re.MULTILINE)
TEXT_OUTPUTS = {"text/plain", "text/html", "text/markdown"}
CELL_SECONDS = 120

Cell = dict[str, Any]
Notebook = dict[str, Any]


class SourceError(ValueError):
    """A source that cannot be built; says which cell and why."""


def sources(project: Path = PROJECT) -> list[Path]:
    """List the sources in the order of the lessons, then the cases; no lesson at all is an error."""
    found = sorted((project / "notebooks" / "source").glob("[0-9][0-9]_*.py"))
    if not found:
        raise SourceError("notebooks/source holds no NN_name.py")
    return found + sorted((project / "case_studies").glob("*/company_*.py"))


def is_case(source: Path) -> bool:
    """Tell the cases from lessons and reports."""
    return not source.name[:2].isdigit()


def language_of(path: Path) -> str:
    """Tell the language of an edition from its path."""
    return path.parts[1] if path.parts[1] in LANGUAGES else path.name.split(".")[-2]


def is_report(source: Path) -> bool:
    """Tell reports (90 and above) from lessons."""
    return source.name[:2].isdigit() and int(source.name[:2]) >= 90


def read_source(source: Path) -> list[Cell]:
    """Read a source as cells: kind, tags, text. A pair of languages shares one number, and so one id."""
    parsed = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    cells, number, waiting = [], -1, None
    for raw in parsed.cells:
        tags = list(raw.metadata.get("tags", []))
        where = f"{source.name}: the cell that starts with {raw.source[:40]!r}"
        unknown = set(tags) - TAGS
        if unknown:
            raise SourceError(f"{where} has the unknown tag {sorted(unknown)}; allowed are {sorted(TAGS)}")
        spoken = [tag for tag in tags if tag in LANGUAGES]
        if raw.cell_type == "markdown" and len(spoken) != 1:
            raise SourceError(f"{where} is prose and needs the tag en or zh")
        if raw.cell_type == "code" and spoken:
            raise SourceError(f"{where} is code, which stands once for both languages")
        if waiting and spoken == [waiting]:
            number, waiting = number, None      # the second half of a pair keeps the number
        elif waiting:
            raise SourceError(f"{where} follows prose whose {waiting} half is missing")
        else:
            number += 1
            waiting = next((name for name in LANGUAGES if spoken and name != spoken[0]), None)
        cells.append({"id": f"cell-{number:03d}", "kind": raw.cell_type, "tags": tags, "text": raw.source})
    if waiting:
        raise SourceError(f"{source.name}: the last prose has no {waiting} half")
    if sum("parameters" in cell["tags"] for cell in cells) != 1:
        raise SourceError(f"{source.name} needs exactly one cell with the tag parameters")
    return cells


def edition(cells: list[Cell], language: str, solutions: bool) -> Notebook:
    """Put together one edition, without outputs."""
    built = []
    for cell in cells:
        other = [name for name in LANGUAGES if name != language]
        if set(other) & set(cell["tags"]) or ("solution" in cell["tags"] and not solutions):
            continue
        text = cell["text"]
        if "parameters" in cell["tags"]:
            text, changed = LANGUAGE_LINE.subn(f'language: str = "{language}"', text)
            if changed != 1:
                raise SourceError('the parameters cell needs one line that starts with language: str = "')
        if cell["kind"] == "markdown":
            text = text.replace("{language}", language)     # a link to the same edition of another case
            while WRAPPED.search(text):
                text = WRAPPED.sub(r"\1\2", text)
        tags = [tag for tag in cell["tags"] if tag not in LANGUAGES]
        made: Cell = {"cell_type": cell["kind"], "id": cell["id"], "metadata": {"tags": tags} if tags else {},
                      "source": text.splitlines(keepends=True)}
        if cell["kind"] == "code":
            made |= {"execution_count": None, "outputs": []}
        built.append(made)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": built, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def editions(source: Path) -> Iterator[tuple[Path, Notebook]]:
    """Give every edition of one source: where it belongs, and the notebook without outputs."""
    cells = read_source(source)
    for language in LANGUAGES:
        if is_case(source):
            place = Path("case_studies", source.parent.name, f"{source.stem}.{language}.ipynb")
            yield place, edition(cells, language, solutions=True)
            continue
        name = f"{source.stem}.ipynb"
        yield Path("notebooks", language, name), edition(cells, language, solutions=is_report(source))
        if not is_report(source):
            yield Path("teaching", language, name), edition(cells, language, solutions=True)


def is_checked(cell: Cell) -> bool:
    """Tell whether the output of this cell is stored."""
    return CHECKED in cell["metadata"].get("tags", [])


def run(notebook: Notebook, project: Path) -> dict[str, list[Any]]:
    """Run an edition and return the outputs of its checked cells by cell id."""
    import nbformat
    from nbclient import NotebookClient

    plain = [cell for cell in notebook["cells"] if "interactive" not in cell["metadata"].get("tags", [])]
    node = nbformat.from_dict(json.loads(json.dumps({**notebook, "cells": plain})))
    for cell in node.cells:
        cell["source"] = "".join(cell["source"])
    paths = [str(project), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    NotebookClient(node, timeout=CELL_SECONDS, kernel_name="python3",
                   resources={"metadata": {"path": str(project)}}).execute(stderr=subprocess.DEVNULL)
    stored = {cell["id"]: [_kept(output, cell["id"]) for output in cell["outputs"]]
              for cell in node.cells if is_checked(cell)}
    empty = [where for where, outputs in stored.items() if not outputs]
    if empty:
        raise SourceError(f"{', '.join(empty)} is tagged {CHECKED} but shows nothing")
    return stored


def _kept(output: Any, where: str) -> Any:
    """Return one output as it is stored: text only, without the count of executions."""
    kept = json.loads(json.dumps(output))
    if kept["output_type"] == "stream" and kept["name"] == "stdout":
        return kept | {"text": kept["text"].splitlines(keepends=True)}
    other = set(kept.get("data", {"?": ""})) - TEXT_OUTPUTS
    if other:
        raise SourceError(f"{where} is tagged {CHECKED} but gives {kept['output_type']} {sorted(other)}; "
                          "only text can be compared")
    kept["data"] = {kind: text.splitlines(keepends=True) for kind, text in kept["data"].items()}
    return {key: value for key, value in kept.items() if key != "execution_count"}


def with_outputs(notebook: Notebook, stored: dict[str, list[Any]]) -> Notebook:
    """Put stored outputs into the checked cells."""
    cells, count = [], 0
    for cell in notebook["cells"]:
        count += cell["cell_type"] == "code"
        if is_checked(cell):        # nbval refuses stored outputs in a cell that was never counted as run
            counted = {"execution_count": count}
            outputs = [output | (counted if output["output_type"] == "execute_result" else {})
                       for output in stored[cell["id"]]]
            cell = cell | {"outputs": outputs, "execution_count": count}
        cells.append(cell)
    return notebook | {"cells": cells}


def without_outputs(notebook: Notebook) -> Notebook:
    """Return the notebook as it is before it is run."""
    blank = {"outputs": [], "execution_count": None}
    cells = [cell | blank if cell["cell_type"] == "code" else cell for cell in notebook["cells"]]
    return notebook | {"cells": cells}


def as_text(notebook: Notebook) -> str:
    """Write a notebook the one way it is written, so that equal notebooks are equal files."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def build(source: Path, project: Path = PROJECT) -> list[Path]:
    """Build all editions of one source; each language is run once, with the solutions."""
    made = dict(editions(source))
    written = []
    for language in LANGUAGES:
        mine = {path: notebook for path, notebook in made.items() if language_of(path) == language}
        fullest = max(mine.values(), key=lambda notebook: len(notebook["cells"]))
        stored = run(fullest, project) if any(is_checked(cell) for cell in fullest["cells"]) else {}
        for path, notebook in mine.items():
            target = project / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(as_text(with_outputs(notebook, stored)), encoding="utf-8", newline="\n")
            written.append(path)
    return written


def find_stale(project: Path = PROJECT) -> list[str]:
    """Say what is wrong with the built editions, one sentence each; an empty list is good news."""
    wrong: list[str] = []
    expected: dict[Path, Notebook] = {}
    for source in sources(project):
        expected.update(editions(source))
    for path, notebook in expected.items():
        if not (project / path).is_file():
            wrong.append(f"{path.as_posix()} is missing")
            continue
        text = (project / path).read_text(encoding="utf-8")
        built = json.loads(text)
        if without_outputs(built) != notebook or as_text(built) != text:
            wrong.append(f"{path.as_posix()} differs from its source")
            continue
        for cell in built["cells"]:
            if cell["cell_type"] == "code" and bool(cell["outputs"]) != is_checked(cell):
                wrong.append(f"{path.as_posix()}: {cell['id']} " + (
                    "has no stored output" if is_checked(cell) else "stores an output that nothing compares"))
    there = [path for top in ("notebooks", "teaching") for language in LANGUAGES
             for path in sorted((project / top / language).glob("*.ipynb"))]
    for path in there + sorted((project / "case_studies").glob("*/*.ipynb")):
        if path.relative_to(project) not in expected:
            wrong.append(f"{path.relative_to(project).as_posix()} has no source")
    return wrong


def main(arguments: list[str] | None = None) -> int:
    """Build or check from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these, such as 04_goal")
    parser.add_argument("--check", action="store_true", help="build nothing, fail if anything is stale")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        wrong = find_stale()
        print("\n".join([*wrong, "run: python tools/build_notebooks.py"]) if wrong else "editions are fresh")
        return bool(wrong)
    wanted = [source for source in sources() if not chosen.names or source.stem in chosen.names]
    missing = set(chosen.names) - {source.stem for source in wanted}
    if missing:
        parser.error(f"no source named {', '.join(sorted(missing))}")
    with ProcessPoolExecutor(2) as workers:
        for written in workers.map(build, wanted):
            print("\n".join(path.as_posix() for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
