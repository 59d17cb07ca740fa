"""Which versions a lesson runs with: the first thing to know when something goes wrong."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import pandas as pd

_PACKAGES = ("salesgoals", "pandas", "numpy", "scipy", "altair", "ipywidgets", "jupyterlab", "papermill")


def versions() -> pd.DataFrame:
    """List the versions of Python and of the packages that matter, to be sent along with a question.

    Returns
    -------
    pandas.DataFrame
        Columns package, version.

    Examples
    --------
    >>> versions().package[0]
    'Python'
    """
    rows = [("Python", platform.python_version())]
    for name in _PACKAGES:
        try:
            rows.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return pd.DataFrame(rows, columns=["package", "version"])
