"""One thing tried in a process of its own: ``python -m salesgoals.checkups.probe kernel`` and the like.

Each prints lines of JSON; the last one counts, so that after a crash it says what it was at.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from typing import Any

FONTS = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif"
LETTERS = (chr(0x76EE), chr(0x6807))


def _tell(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def try_imports(names: list[str]) -> dict[str, Any]:
    """Load each module; name those that fail, and before each the one that may crash."""
    broken = []
    for name in names:
        _tell(at=name)
        try:
            importlib.import_module(name)
        except Exception as error:  # whatever keeps it from loading is the finding
            broken.append(f"{name}: {type(error).__name__} {error}")
    return {"broken": broken}


def try_kernel() -> dict[str, Any]:
    """Start the kernel that lessons use and ask it two questions."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=60)
    try:
        asked = {"answer": "6 * 7", "prefix": "__import__('sys').prefix"}
        client.execute("", user_expressions=asked)
        while True:
            reply = client.get_shell_msg(timeout=30)
            if reply["msg_type"] == "execute_reply":
                break
        said = reply["content"]["user_expressions"]
        texts = {name: said[name].get("data", {}).get("text/plain", "") for name in asked}
        return {"answer": texts["answer"], "prefix": texts["prefix"].strip("'\"").replace("\\\\", "\\")}
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def try_chart() -> dict[str, Any]:
    """Draw a chart; then two Chinese letters: where there is no font for them they look alike."""
    import altair as alt
    import pandas as pd
    import vl_convert

    rows = pd.DataFrame({"month": list(LETTERS), "amount": [1, 2]})
    chart = alt.Chart(rows).mark_bar().encode(x="month:N", y="amount:Q")
    drawn = vl_convert.vegalite_to_svg(chart.to_dict())
    frame = ('<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">'
             '<text x="5" y="45" font-size="40" font-family="{}">{}</text></svg>')
    pictures = [vl_convert.svg_to_png(frame.format(FONTS, letter)) for letter in LETTERS]
    return {"drawn": drawn.startswith("<svg") and all(letter in drawn for letter in LETTERS),
            "letters": pictures[0] != pictures[1]}


def try_sample() -> dict[str, Any]:
    """Collect the sample company's exports into a folder that is thrown away."""
    from salesgoals.sample import sample_workspace

    with tempfile.TemporaryDirectory(prefix="salesgoals-") as folder:
        return {"orders": len(sample_workspace(folder=folder).tables["orders"])}


def main(words: list[str]) -> None:
    """Try what the first word names."""
    probes: dict[str, Any] = {"imports": lambda: try_imports(words[1:]), "kernel": try_kernel,
                              "chart": try_chart, "sample": try_sample}
    try:
        _tell(failed="", **probes[words[0]]())
    except Exception as error:  # the reason is the finding
        _tell(failed=f"{type(error).__name__}: {error}"[:400])


if __name__ == "__main__":
    main(sys.argv[1:])
