"""The chart library that goes into each page, so that no page ever asks a network for it."""

from __future__ import annotations

import os
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from salesgoals.workspace import writing

_END = "\n/* end of the chart library */\n"


def cache_folder() -> Path:
    """Say where this user's caches are kept on this system."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "salesgoals"


def chart_library() -> str:
    """Give the text of Vega, Vega-Lite and Vega-Embed, ready to stand inside a page.

    Building it takes seconds, so it is kept in the user's cache folder, one file per version of
    vl-convert; where that folder cannot be written, in the system's temporary folder.

    Returns
    -------
    str
        JavaScript without anything that could end the ``<script>`` it is put in.
    """
    name = f"charts-{metadata.version('vl-convert-python')}.js"
    places = [cache_folder() / name, Path(tempfile.gettempdir()) / f"salesgoals-{_user()}" / name]
    for place in places:
        if (text := _kept(place)) is not None:
            return text
    import vl_convert

    text = _inside_script(vl_convert.javascript_bundle()) + _END  # type: ignore[call-arg]
    for place in places:
        try:
            with writing(place) as draft:
                draft.write_text(text, encoding="utf-8", newline="\n")
            break
        except OSError:
            continue
    return text


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _kept(place: Path) -> str | None:
    """Read the kept text, unless it is another user's or cut short."""
    try:
        if hasattr(os, "getuid") and place.stat().st_uid != os.getuid():
            return None
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return text if text.endswith(_END) else None


def _inside_script(text: str) -> str:
    # "</script" would end the element; "<!--" may put the HTML parser into a state in which nothing ends it.
    # The browser turns \r into \n before it takes the fingerprint that our security policy compares.
    return (text.replace("\r\n", "\n").replace("\r", "\n")
            .replace("</script", "<\\/script").replace("</SCRIPT", "<\\/SCRIPT").replace("<!--", "<\\!--"))
