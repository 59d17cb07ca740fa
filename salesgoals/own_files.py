"""Start from whatever is at hand: a workspace, a plain folder of exports, one export, or nothing at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

from salesgoals.collect import collect_folder, save_collected
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.sample import PACKAGE, reading_mark, sample_workspace, writable_root
from salesgoals.tables import TABLES
from salesgoals.words import language
from salesgoals.workspace import SETTINGS_FILE, Workspace, new_workspace, open_workspace, taking_turns

#: what exports are called; a folder also holds other things, which are left alone
ENDINGS = {".csv", ".tsv", ".txt", ".tab", ".psv", ".dat", ".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods",
           ".parquet", ".pq", ".html", ".htm", ".mht", ".mhtml", ".xml"}
MOST_SEEN, MOST_FILES, MOST_BYTES = 5000, 200, 2_000_000_000
MARK_FILE, PATIENCE = ".collected", 600.


def workspace_of(folder: str | os.PathLike[str] = "",
                 keep_in: str | os.PathLike[str] | None = None) -> Workspace:
    """Open what you have: a workspace, a folder of exports as it lies there, one file, or the sample company.

    Parameters
    ----------
    folder : str or Path
        Empty: the sample company. A workspace is opened, and collected if that was never done. Of any other
        folder, or of a single file, the exports are copied into a workspace of its own and collected there:
        nothing in the folder is changed. The next call finds the workspace ready and collects again only when
        an export, ``mapping.toml`` or ``workspace.toml`` has changed. A path that is not absolute is looked
        for beside the notebook, in the project and in the home folder.
    keep_in : str or Path, optional
        Where such workspaces are kept: by default ``workspaces/own`` in the project or, where that cannot be
        written to, the user's cache folder.

    Returns
    -------
    Workspace

    Raises
    ------
    SalesgoalsError
        If there is no such folder, it holds no exports, or far more files than a folder of exports has.

    Examples
    --------
    >>> workspace_of("no/such/folder")
    Traceback (most recent call last):
    salesgoals.problems.SalesgoalsError: ...
    """
    text = str(folder).strip().strip("\"'“”").strip()
    if not text:
        return sample_workspace()
    place = _find(text)
    if place.name == "inbox" and (place.parent / SETTINGS_FILE).is_file():
        place = place.parent
    if (place / SETTINGS_FILE).is_file():
        workspace = open_workspace(place)
        if not _is_collected(workspace):
            save_collected(workspace, collect_folder(workspace))
        return open_workspace(place)
    root = Path(keep_in) if keep_in else writable_root("own")
    return _copy_and_collect(place, _exports(place), root)


def _find(text: str) -> Path:
    path = Path(text).expanduser()
    places = [path, *(base / path for base in (PACKAGE.parent, Path.home()) if not path.is_absolute())]
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise SalesgoalsError(Problem("own.no_such_folder", folder=text))
    return found.resolve()


def _exports(place: Path) -> list[tuple[Path, str]]:
    """Each export with its name inside the folder."""
    if place.is_file():
        return [(place, place.name)]
    found: list[tuple[Path, str]] = []
    for seen, path in enumerate(place.rglob("*")):
        if seen >= MOST_SEEN or len(found) > MOST_FILES:
            raise SalesgoalsError(Problem("own.too_much", folder=str(place), most=MOST_FILES))
        inside = path.relative_to(place)
        hidden = any(part.startswith((".", "~$")) for part in inside.parts)
        if path.suffix.lower() in ENDINGS and not hidden and path.is_file():
            found.append((path, inside.as_posix()))
    if sum(path.stat().st_size for path, _ in found) > MOST_BYTES:
        raise SalesgoalsError(Problem("own.too_much", folder=str(place), most=MOST_FILES))
    if not found:
        raise SalesgoalsError(Problem("own.no_exports", folder=str(place)))
    return sorted(found, key=lambda one: one[1])


def _copy_and_collect(place: Path, exports: list[tuple[Path, str]], root: Path) -> Workspace:
    name = re.sub(r"[^\w-]+", "_", place.stem if place.is_file() else place.name).strip("_") or "own"
    folder = root / f"{name}-{hashlib.sha256(str(place).encode()).hexdigest()[:6]}"
    root.mkdir(parents=True, exist_ok=True)
    with taking_turns(root / ".turn", PATIENCE):
        if not (folder / SETTINGS_FILE).is_file():
            new_workspace(folder, language=language(), company=name)
        workspace = open_workspace(folder)
        _bring_up_to_date(workspace.inbox, exports)
        done = folder / MARK_FILE
        if not _is_collected(workspace) or not done.is_file() or done.read_text("utf-8") != _mark(workspace):
            save_collected(workspace, collect_folder(workspace))
            done.write_text(_mark(workspace), encoding="utf-8")
    return open_workspace(folder)


def _bring_up_to_date(inbox: Path, exports: list[tuple[Path, str]]) -> None:
    """Copy what is new or has changed; what is gone from the folder goes from the copy."""
    wanted = {inside for _, inside in exports}
    for old in [path for path in inbox.rglob("*") if path.is_file()]:
        if old.relative_to(inbox).as_posix() not in wanted:
            old.unlink()
    for path, inside in exports:
        copy, there = inbox / inside, path.stat()
        if copy.is_file() and _age_and_size(copy) == _age_and_size(path):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)     # the contents alone: a copy that is read-only could not be replaced
        os.utime(copy, ns=(there.st_atime_ns, there.st_mtime_ns))


def _age_and_size(path: Path) -> tuple[int, int]:
    known = path.stat()
    return known.st_mtime_ns, known.st_size


def _is_collected(workspace: Workspace) -> bool:
    return any((workspace.folder / "tables" / f"{name}.parquet").is_file() for name in TABLES)


def _mark(workspace: Workspace) -> str:
    """Short mark of all that decides what is collected."""
    digest = hashlib.sha256(reading_mark().encode())
    for path in sorted(path for path in workspace.inbox.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(workspace.inbox).as_posix()} {_age_and_size(path)}\n".encode())
    for name in ("mapping.toml", SETTINGS_FILE):
        path = workspace.folder / name
        digest.update(path.read_bytes() if path.is_file() else b"-")
    return digest.hexdigest()[:16]
