"""Where the notebooks that come with the project lie."""

from __future__ import annotations

from pathlib import Path

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import LANGUAGES

_PACKAGE = Path(__file__).resolve().parents[1]


def notebooks_folder() -> Path:
    """Find the built notebooks: beside the package in a checkout, inside it when installed."""
    places = [_PACKAGE.parent / "notebooks", _PACKAGE / "_project" / "notebooks"]
    return next((place for place in places if any((place / name).is_dir() for name in LANGUAGES)), places[0])


def notebook_path(name: str, language: str) -> Path:
    """Find a notebook by its name.

    Parameters
    ----------
    name : str
        Such as ``"90_goal_report"``.
    language : str
        ``"zh"`` or ``"en"``.

    Returns
    -------
    Path

    Raises
    ------
    SalesgoalsError
        If there is none of that name; those that there are, are listed.
    """
    folder = notebooks_folder() / language
    path = folder / f"{name}.ipynb"
    if not path.is_file():
        known = ", ".join(sorted(other.stem for other in folder.glob("*.ipynb"))) or "-"
        raise SalesgoalsError(Problem("run.notebook_missing", name=name, known=known))
    return path
