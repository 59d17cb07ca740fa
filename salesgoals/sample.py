"""The sample company, ready to work with: an invented distributor, collected from its dirty exports."""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from salesgoals.collect import collect_folder, save_collected
from salesgoals.paying.scheme_file import write_example_plan
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import in_language, language, say
from salesgoals.workspace import LEDGER_FILE, SETTINGS_FILE, Workspace, new_workspace, open_workspace

PACKAGE = Path(__file__).resolve().parent
#: what decides how exports are read: when it changes, the sample is collected anew
_READING = ("collect.py", "tables.py", "windows.py", "workspace.py", "sources", "words",
            "paying/example.toml")


def samples_folder() -> Path:
    """Find ``data/samples``: beside the package in a checkout, inside it when installed."""
    places = [PACKAGE.parent / "data" / "samples", PACKAGE / "_project" / "data" / "samples"]
    found = next((place for place in places if (place / "inbox").is_dir()), None)
    if found is None:
        raise SalesgoalsError(Problem("lesson.no_samples", folder=str(places[0])))
    return found


def sample_workspace(in_words: str | None = None, folder: str | os.PathLike[str] | None = None) -> Workspace:
    """Open the sample company as a workspace; the first call collects its exports, later ones find it ready.

    Parameters
    ----------
    in_words : str, optional
        Language of its settings and of its list of issues, ``"zh"`` or ``"en"``; by default the one in use.
    folder : str or Path, optional
        Where sample workspaces are kept: by default ``workspaces/sample`` in the project or, where that
        cannot be written to, the user's cache folder.

    Returns
    -------
    Workspace
        Made from ``data/samples/inbox`` without a network. It appears whole or not at all, also when
        several lessons ask for it at once.
    """
    chosen = in_words or language()
    root = Path(folder) if folder else writable_root()
    return ready_workspace(root, chosen, reading_mark(), lambda draft: put_samples(draft, chosen))


def ready_workspace(root: Path, name: str, mark: str, put: Callable[[Path], Workspace]) -> Workspace:
    """Open a workspace that is kept collected; where it is not there yet, or its inputs changed, make it.

    Parameters
    ----------
    root : Path
        The folder of all that are kept.
    name : str
        Its name; older ones of the same name go when a new one is there.
    mark : str
        What it is made from, as a short mark.
    put : callable
        Makes the workspace, exports in its inbox, in the folder it is given.
    """
    ready = root / f"{name}-{mark}"
    if not ready.is_dir():
        draft = root / f".{ready.name}-{uuid.uuid4().hex[:8]}"
        try:
            workspace = put(draft)
            with in_language(workspace.settings.language):
                save_collected(workspace, collect_folder(workspace))
            _publish(draft, ready)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _forget_older(root, ready)
    return open_workspace(ready)


def practice_workspace(workspace: Workspace) -> Workspace:
    """Copy a workspace to try things in; what is changed there leaves the original as it is.

    Parameters
    ----------
    workspace : Workspace
        The one to copy.

    Returns
    -------
    Workspace
        In a temporary folder that is removed when Python ends.
    """
    folder = tempfile.mkdtemp(prefix="salesgoals-practice-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(workspace.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("served"))
    os.chmod(folder, 0o700)  # with the copy came the rights of the original, and others see this place too
    _keep_ledger_here(Path(folder))
    return open_workspace(folder)


def _keep_ledger_here(folder: Path) -> None:
    """Let the ledger of a copy be a file in the copy: practice never reaches the database of the original."""
    settings = folder / SETTINGS_FILE
    lines = settings.read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in lines if not re.match(r"\s*ledger\s*=", line)]
    settings.write_text("\n".join([*kept, f'ledger = "{LEDGER_FILE}"', ""]), encoding="utf-8")


def put_samples(folder: str | os.PathLike[str], in_words: str | None = None) -> Workspace:
    """Make a workspace with the sample company's exports in its inbox, not yet collected.

    Parameters
    ----------
    folder : str or Path
        A folder that is no workspace yet.
    in_words : str, optional
        Language of its settings, ``"zh"`` or ``"en"``; by default the one in use.
    """
    chosen = in_words or language()
    with in_language(chosen):
        company = say("lesson.sample_company")
    workspace = new_invented_company(folder, company, chosen)
    for export in sorted((samples_folder() / "inbox").iterdir()):
        shutil.copyfile(export, workspace.inbox / export.name)
    return open_workspace(folder)


def new_invented_company(folder: str | os.PathLike[str], company: str, in_words: str) -> Workspace:
    """Make a workspace for an invented company, which is Chinese in whatever language it is shown.

    Parameters
    ----------
    folder : str or Path
        A folder that is no workspace yet.
    company : str
        Its name.
    in_words : str
        Language of its settings, ``"zh"`` or ``"en"``.
    """
    workspace = new_workspace(folder, language=in_words, company=company, currency="CNY")
    settings = workspace.folder / SETTINGS_FILE
    text = settings.read_text(encoding="utf-8").replace('"US"', '"CN"').replace('"UTC"', '"Asia/Shanghai"')
    settings.write_text(text, encoding="utf-8")
    write_example_plan(workspace)
    return workspace


def _publish(draft: Path, ready: Path) -> None:
    try:
        os.rename(draft, ready)
    except OSError:
        if not ready.is_dir():  # another process was faster: its folder is as good as ours
            raise


def _forget_older(root: Path, ready: Path) -> None:
    prefix = ready.name.rpartition("-")[0] + "-"
    for other in root.iterdir():
        if other.name.startswith(prefix) and other != ready:
            shutil.rmtree(other, ignore_errors=True)


def writable_root(kind: str = "sample") -> Path:
    """Find where workspaces of a kind are kept: in the project, else in the user's cache folder."""
    home = Path.home()
    caches = {"win32": os.environ.get("LOCALAPPDATA"), "darwin": str(home / "Library" / "Caches")}
    cache_folder = caches.get(sys.platform) or os.environ.get("XDG_CACHE_HOME") or str(home / ".cache")
    places = [PACKAGE.parent / "workspaces" / kind, Path(cache_folder) / "salesgoals" / kind]
    if not (PACKAGE.parent / "pyproject.toml").exists():
        places = places[1:]     # installed: never write beside other packages
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True)
            probe = place / f".{uuid.uuid4().hex}"
            probe.touch()
            probe.unlink()
        except OSError:
            continue
        return place
    raise SalesgoalsError(Problem("lesson.nowhere_to_write", folder=str(places[-1])))


@cache
def reading_mark() -> str:
    """Return a short mark of the samples and of all code that reads exports: any change gives another."""
    return mark_of_exports(samples_folder() / "inbox")


def mark_of_exports(inbox: Path, *more: Path) -> str:
    """Give a short mark of exports, and of the code and words that decide how they are read."""
    digest = hashlib.sha256()
    for path in [*sorted(inbox.iterdir()), *more, *_code_that_reads()]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _code_that_reads() -> Iterator[Path]:
    for name in _READING:
        place = PACKAGE / name
        inside = (path for path in place.rglob("*") if path.suffix in (".py", ".toml"))
        yield from sorted(inside) if place.is_dir() else [place]
