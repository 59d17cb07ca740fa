"""One job of a batch: run a notebook with its parameters, write the page."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# A kernel warns that it does not encrypt, though only this machine reaches it, and that it was asked to end.
QUIET_KERNEL = ["--IPKernelApp.log_level=50"]


@dataclass(frozen=True)
class Job:
    """What one report is made from, and where it goes.

    Parameters
    ----------
    key : str
        Tells the jobs of a batch apart.
    notebook : str
        Path of the notebook.
    parameters : mapping
        Its parameters, as JSON can carry them.
    page : str, optional
        Path of the HTML page to write.
    output : str, optional
        Path of the notebook with its outputs to write.
    title, language : str, optional
        As :func:`salesgoals.run.export.notebook_page` takes them.
    facts : mapping, optional
        Kept in the head of the page.
    """

    key: str
    notebook: str
    parameters: Mapping[str, Any]
    page: str | None = None
    output: str | None = None
    title: str | None = None
    language: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give it in a form that JSON can carry."""
        return asdict(self)


@dataclass(frozen=True)
class Outcome:
    """How a job ended: made, or why not, in a sentence; and how long it took."""

    key: str
    made: bool
    seconds: float
    reason: str = ""


def do_job(job: Job, *, engine: str | None, library: str, time_limit: float) -> dict[str, Any]:
    """Run a job's notebook and write its page.

    Returns
    -------
    dict
        key, made, seconds and, if it was not made, either reason (a sentence), overran (True) or died (how).
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from salesgoals.run.export import notebook_page, write_page

    quiet_papermill()
    start = time.perf_counter()
    answer: dict[str, Any] = {"key": job.key, "made": False}
    try:
        notebook = papermill.execute_notebook(
            job.notebook, job.output, dict(job.parameters), engine_name=engine, kernel_name="python3",
            progress_bar=False, log_output=False, request_save_on_cell_execute=False,
            execution_timeout=max(1, int(time_limit)), extra_arguments=QUIET_KERNEL)
        if job.page:
            write_page(notebook_page(notebook, title=job.title, language_of_page=job.language,
                                     facts=job.facts, library=library), Path(job.page))
        answer["made"] = True
    except CellTimeoutError:
        answer["overran"] = True
    except DeadKernelError as error:
        answer["died"] = str(error)
    except Exception as error:
        answer["reason"] = why(error)
    return {**answer, "seconds": time.perf_counter() - start}


def quiet_papermill() -> None:
    """Keep papermill from warning of parameter lines that it cannot read; ours are checked before."""
    logging.getLogger("papermill").setLevel(logging.ERROR)


def why(error: BaseException) -> str:
    """Say why a notebook stopped: the sentence of the error raised in it, without the traceback.

    An error of ours speaks for itself; another one is named, so that it can be looked up.
    """
    # papermill's error carries the name and the sentence of the one raised in the notebook
    name = getattr(error, "ename", type(error).__name__)
    text = str(getattr(error, "evalue", error)).strip()
    return text if name == "SalesgoalsError" else f"{name}: {text}" if text else name
