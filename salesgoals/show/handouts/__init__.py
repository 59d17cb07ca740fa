"""Hand-outs: pages for participants whose sliders need no kernel, no network and no installation."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.show.handouts.model import Handout
from salesgoals.show.handouts.page import handout_policy, wrap_page, write_handout
from salesgoals.words import language, say
from salesgoals.workspace import Workspace

__all__ = ["handout_page", "handout_policy", "list_handouts", "wrap_page"]

#: name -> where its builder stands; in the order of the workshop
_BUILDERS = {"double": "company", "split": "company", "cliff": "cliff", "claim": "paying", "pay": "paying",
             "pace": "company", "weights": "choosing"}
#: built from nothing of a company
_INVENTED = ("cliff", "claim", "weights")
#: pages made so far, for a server that is asked for them again and again
_MADE: dict[tuple[str, str, str], str] = {}


def list_handouts() -> list[str]:
    """List the hand-outs by name, in the order of a workshop.

    Examples
    --------
    >>> list_handouts()[:2]
    ['double', 'split']
    """
    return list(_BUILDERS)


def handout_page(name: str, workspace: Workspace | None = None) -> str:
    """Give one hand-out as a complete page that opens anywhere, in the language in use.

    Parameters
    ----------
    name : str
        One of :func:`list_handouts`.
    workspace : Workspace, optional
        Whose forecast, pay plan and month are shown; by default the invented sample company's. No name of a
        person and nobody's pay in money stands on any page.

    Returns
    -------
    str
        HTML with its own style, script and figures; nothing is asked of a network.

    Raises
    ------
    SalesgoalsError
        If there is no such hand-out, or the workspace holds too little for it.

    Examples
    --------
    >>> handout_page("claim").count("<script")
    2
    """
    if name not in _BUILDERS:
        raise SalesgoalsError(Problem("handouts.unknown", found=name, known=", ".join(_BUILDERS)))
    if workspace is None and name not in _INVENTED:
        from salesgoals.sample import sample_workspace

        workspace = sample_workspace()
    if name in _INVENTED or workspace is None:
        mark, source = "", say("handouts.source_invented")
    else:
        mark = f"{workspace.folder} {workspace.fingerprint}"
        source = say("handouts.source", company=workspace.settings.company, data=workspace.fingerprint)
    key = (name, language(), mark)
    if key not in _MADE:
        build: Callable[..., Handout] = getattr(import_module(f"{__name__}.{_BUILDERS[name]}"), name)
        handout = build() if name in _INVENTED else build(workspace)
        _MADE[key] = write_handout(name, handout, source)
    return _MADE[key]
