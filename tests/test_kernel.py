"""The kernel inside a process against a kernel of its own: whatever a cell says, both must hear the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from notebooks_for_tests import Cell, write_notebook

from salesgoals.run.engine import can_fork, run_batch
from salesgoals.run.jobs import Job

pytestmark = pytest.mark.skipif(not can_fork(), reason="the kernel inside a process is used where forking is")
DECLARED = ('team: str = "none"', ["parameters"])

# One cell for each way in which a cell can speak, fail or depend on its kernel.
TALKATIVE: list[Cell] = [
    DECLARED,
    "import sys\nprint('out1'); print('err1', file=sys.stderr); print('out2')\nsys.stdout.write('no end')",
    "from IPython.display import *\ndisplay(HTML('<b>h</b>'), Markdown('*m*'), JSON({'a': [1, 2]}))\n1 + 1",
    "import pandas as pd, numpy as np\ndf = pd.DataFrame({'a': [1, 2.5, np.nan], 'b': list('xyz')})\ndf",
    "h = display('first', display_id='d1')",
    "update_display('second', display_id='d1')\nprint('updated')",
    "print('gone'); clear_output(); print('kept')",
    "!echo shell; echo sherr 1>&2",
    "import warnings\nwarnings.warn('careful')",
    "import logging\nlogging.warning('logged')",
    "import asyncio\nawait asyncio.sleep(.01)\nawait asyncio.gather(asyncio.sleep(0, 'r'))",
    "import ipywidgets as w\nw.IntSlider(value=3)",
    "o = w.Output()\nwith o:\n    print('in a widget')\no",
    "40 + 2",
    "_, Out[max(Out)], len(In), __name__, team",
    "7;",
    "class K: pass\nimport pickle\ntype(pickle.loads(pickle.dumps(K()))).__module__",
    "import threading\nt = threading.Thread(target=lambda: print('thread')); t.start(); t.join()",
    "%%capture caught\nprint('captured')",
    "caught.stdout",
    "display({'application/json': {'a': [None, 1.5], 'b': (1, 2)}, 'text/plain': 'p'}, raw=True)",
    "print('a' * 10, end=''); print('\\rback', flush=True); print('é 张伟 🎉')",
    "import signal; signal.getsignal(signal.SIGINT) is signal.default_int_handler",
    "import os\nsys.stdout.isatty(), os.path.basename(os.getcwd()), os.environ['MPLBACKEND'], '' in sys.path",
    "for i in range(3): print(i, flush=True); print('e', i, file=sys.stderr, flush=True)",
    "import altair as alt\nfrom salesgoals.show.render import use_charts\nuse_charts()\n"
    "alt.Chart(df).mark_bar().encode(x=alt.X('b:N'), y=alt.Y('a:Q'))",
]
FAILING: dict[str, str] = {
    "raises": "def f(n):\n    if n == 0:\n        raise ValueError('deep')\n    f(n - 1)\nf(2)",
    "syntax": "this is a mistake", "leaves": "import sys; sys.exit(3)", "asks": "input('?')",
    "shows": "class R:\n    def _repr_html_(self): raise ValueError('bad')\nR()"}


def comparable(path: Path) -> str:
    """A notebook without what differs from run to run: times, ids, addresses, file and process numbers."""
    notebook = nbformat.read(str(path), as_version=4)
    cells = []
    for cell in notebook.cells:
        plain = json.loads(json.dumps(cell))
        for name in ("papermill", "execution"):
            plain["metadata"].pop(name, None)
        if "Execution of the notebook" not in plain["source"] and plain["cell_type"] == "markdown":
            plain.pop("id")
        if "injected-parameters" in plain["metadata"].get("tags", []):
            plain.pop("id")
        cells.append(plain)
    states = next(iter(notebook.metadata.pop("widgets", {}).values()), {}).get("state", {}).values()
    notebook.metadata.pop("papermill")
    widgets = sorted(json.dumps(state, sort_keys=True) for state in states)
    text = json.dumps([cells, dict(notebook.metadata), widgets], indent=1, ensure_ascii=False)
    for pattern, word in ((r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", "ID"),
                          (r"0x[0-9a-f]{6,}", "ADDRESS"), (r"ipykernel_\d+/\d+", "FILE")):
        text = re.sub(pattern, word, text)
    return text


def test_outputs_are_those_of_plain_papermill(tmp_path: Path) -> None:
    notebooks = {"talkative": write_notebook(tmp_path / "talkative.ipynb", TALKATIVE)}
    for name, source in FAILING.items():
        notebooks[name] = write_notebook(tmp_path / f"{name}.ipynb",
                                         [DECLARED, "print('before')", source, "'after'"])
    outcomes = {}
    for engine in ("fork", "plain"):
        folder = tmp_path / engine
        folder.mkdir()
        jobs = [Job(name, str(path), {"team": "华东"}, output=str(folder / f"{name}.ipynb"))
                for name, path in notebooks.items()]
        outcomes[engine] = [(one.key, one.made, one.reason) for one in run_batch(jobs, engine=engine)]
    assert outcomes["fork"] == outcomes["plain"]
    assert [made for _, made, _ in outcomes["fork"]] == [True] + [False] * len(FAILING)
    for name in notebooks:
        fork, plain = (comparable(tmp_path / engine / f"{name}.ipynb") for engine in ("fork", "plain"))
        assert fork == plain, name



def test_what_programs_print_is_part_of_the_cell_that_started_them(tmp_path: Path) -> None:
    """A kernel of its own hears it from another thread, sometimes too late; here it is always there."""
    path = write_notebook(tmp_path / "program.ipynb", [
        "import os, subprocess\nprint('first')\nos.system('echo system')\n"
        "subprocess.run(['echo', 'from a program']);", "print('next cell')"])
    out = tmp_path / "out.ipynb"
    assert run_batch([Job("one", str(path), {}, output=str(out))], engine="fork")[0].made
    cells = nbformat.read(str(out), as_version=4).cells
    said = ["".join(output.text for output in cell.outputs) for cell in cells]
    assert said == ["first\nsystem\nfrom a program\n", "next cell\n"]
