"""A notebook's parameters: which it has, what they may be, and a clear no to everything else.

A notebook declares them in its cell tagged ``parameters``, one typed line each::

    growth: float = 0.08  # growth wished for / 希望的增长

papermill itself only warns of a name that is not declared and runs on with the default, which gives a
report of the wrong team without anybody noticing. Two guards stand against it: :func:`check_parameters`
before a run of ours, and :func:`refuse_unknown_parameters`, one line in a lesson's setup cell, for
whoever calls papermill directly.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from salesgoals.problems import Problem, SalesgoalsError, raise_if_any
from salesgoals.words import LANGUAGES, say
from salesgoals.workspace import writing

# Parameters that mean the same in every notebook, so their choices need not be repeated there.
CHOICES: dict[str, tuple[Any, ...]] = {"language": LANGUAGES, "by": ("all", "team", "person")}

_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "float": (float, int), "bool": (bool,), "list": (list, tuple),
    "dict": (dict,), "None": (type(None),),
}
_TRUTH = {"true": True, "yes": True, "1": True, "是": True,
          "false": False, "no": False, "0": False, "否": False}


@dataclass(frozen=True)
class Parameter:
    """One declared parameter: its name, the kinds of value it takes and its choices, if it has any."""

    name: str
    kinds: tuple[str, ...] = ()
    choices: tuple[Any, ...] = ()
    default: Any = None

    def accepts(self, value: Any) -> bool:
        """Say whether a value is of the right kind and one of the choices."""
        if self.choices:
            return any(value == choice and type(value) is type(choice) for choice in self.choices)
        return not self.kinds or any(_is(value, kind) for kind in self.kinds)

    def __str__(self) -> str:
        """Say in words what it takes, in the language in use when it is read."""
        if self.choices:
            return say("run.comma").join(str(choice) for choice in self.choices)
        return say("run.or").join(say(f"run.kind_{kind}") for kind in self.kinds)


def declared_parameters(notebook: Any) -> dict[str, Parameter]:
    """List the parameters that a notebook takes.

    Parameters
    ----------
    notebook : path or notebook
        An ``.ipynb`` file, or one already read.

    Returns
    -------
    dict
        Name -> :class:`Parameter`, in the order in which they stand in the notebook.
    """
    cells = [cell for cell in _read(notebook).cells if "parameters" in cell.metadata.get("tags", [])]
    return _declared_in(cells[0].source) if cells else {}


def check_parameters(notebook: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Refuse parameters that a notebook does not have or cannot use, all of them at once.

    Parameters
    ----------
    notebook : path or notebook
        The notebook they are for.
    parameters : mapping
        Name -> value.

    Returns
    -------
    dict
        The same names and values, once they are found right.

    Raises
    ------
    SalesgoalsError
        Unknown names (with the closest one there is), values of the wrong kind, values that are none of
        the choices.
    """
    declared = declared_parameters(notebook)
    problems = _unknown(parameters, declared)
    problems += _wrong({name: value for name, value in parameters.items() if name in declared}, declared)
    raise_if_any(problems)
    return dict(parameters)


def read_parameters(notebook: Any, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what was typed on the command line into values of the kinds that the notebook declares.

    Parameters
    ----------
    notebook : path or notebook
        The notebook they are for.
    texts : mapping
        Name -> text as typed, such as ``{"growth": "0.1", "name": "007"}``; a declared text stays text,
        and what is no text is taken as it is.

    Returns
    -------
    dict
        Name -> value, checked as by :func:`check_parameters`.
    """
    notebook = _read(notebook)
    declared = declared_parameters(notebook)
    return check_parameters(notebook, {
        name: _value(text, declared[name]) if name in declared and isinstance(text, str) else text
        for name, text in texts.items()})


def refuse_unknown_parameters(namespace: Mapping[str, Any]) -> None:
    """Stop a lesson that was started with a misspelt or unusable parameter.

    Call it in the setup cell, the first cell after the parameters::

        sg.use_language(language)
        sg.refuse_unknown_parameters(globals())

    papermill puts the given values into a cell of its own right behind the declared ones, and IPython
    keeps the text of every cell that ran in ``In``; so the two can be compared. In a notebook opened by
    hand there is no such cell, and only the values that were typed into the parameters cell are checked.

    Parameters
    ----------
    namespace : mapping
        ``globals()`` of the notebook.

    Raises
    ------
    SalesgoalsError
        As in :func:`check_parameters`.
    """
    cells: Sequence[str] = [source for source in namespace.get("In", []) if source.strip()]
    injected = [place for place, source in enumerate(cells) if source.lstrip().startswith("# Parameters\n")]
    given = _assigned(cells[injected[-1]]) if injected else {}
    before = cells[:injected[-1]] if injected else cells
    declared = next((found for found in map(_declared_in, reversed(before)) if found), {})
    problems = _unknown(given, declared)
    problems += _wrong({name: namespace[name] for name in declared if name in namespace}, declared)
    raise_if_any(problems)


def run_notebook(notebook: str | Path, output: str | Path, parameters: Mapping[str, Any] | None = None, *,
                 time_limit: float = 600.0) -> Path:
    """Run one notebook with checked parameters and keep the result.

    Parameters
    ----------
    notebook : path
        A lesson or report.
    output : path
        Where the notebook with its outputs goes; it appears only when the whole notebook has run.
    parameters : mapping, optional
        Name -> value, or the text of a value as typed.
    time_limit : float
        Seconds that one cell may take.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    SalesgoalsError
        Wrong parameters, a file that is no notebook, or a notebook that stopped, with its reason.
    """
    given = read_parameters(notebook, parameters or {})
    import papermill

    from salesgoals.run.jobs import QUIET_KERNEL, quiet_papermill, why

    quiet_papermill()
    try:
        with writing(Path(output)) as draft:
            done = papermill.execute_notebook(
                str(notebook), None, given, kernel_name="python3", progress_bar=False,
                execution_timeout=max(1, int(time_limit)), extra_arguments=QUIET_KERNEL)
            done.metadata["papermill"].update(input_path=str(notebook), output_path=str(output))
            nbformat.write(done, str(draft), version=nbformat.NO_CONVERT)
    except OSError:
        raise
    except Exception as error:
        raise SalesgoalsError(Problem("run.notebook_failed", name=Path(notebook).name,
                                      reason=why(error))) from error
    return Path(output)


def _read(notebook: Any) -> Any:
    if not isinstance(notebook, str | Path):
        return notebook
    path = Path(notebook)
    try:
        if path.suffix != ".ipynb":
            raise ValueError(path.suffix or path.name)
        return nbformat.read(str(path), as_version=4)
    except FileNotFoundError as error:
        known = ", ".join(sorted(other.name for other in path.parent.glob("*.ipynb"))) or "-"
        raise SalesgoalsError(Problem("run.notebook_missing", name=path.name, known=known)) from error
    except (ValueError, AttributeError, TypeError, KeyError) as error:  # what nbformat makes of other JSON
        found = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise SalesgoalsError(Problem("run.notebook_unreadable", file=path.name, found=found)) from error


def _declared_in(source: str) -> dict[str, Parameter]:
    """Read the typed lines ``name: kind = value`` of a cell; an untyped line takes any kind of value."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:
        return {}
    found = {}
    for line in lines:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            name = line.target.id
            kinds, choices = _kinds(line.annotation)
            found[name] = Parameter(name, kinds, choices or CHOICES.get(name, ()), _literal(line.value))
    return found


def _kinds(annotation: ast.expr) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    if isinstance(annotation, ast.BinOp):  # str | None
        left, right = _kinds(annotation.left), _kinds(annotation.right)
        return left[0] + right[0], left[1] + right[1]
    if isinstance(annotation, ast.Subscript) and isinstance(annotation.value, ast.Name):
        if annotation.value.id == "Literal":
            inner = annotation.slice
            return (), tuple(map(_literal, inner.elts if isinstance(inner, ast.Tuple) else [inner]))
        return (annotation.value.id,) if annotation.value.id in _KINDS else (), ()
    name = annotation.id if isinstance(annotation, ast.Name) else str(_literal(annotation))
    return ((name,) if name in _KINDS else ()), ()


def _literal(node: ast.expr | None) -> Any:
    try:
        return None if node is None else ast.literal_eval(node)
    except ValueError:
        return None


def _assigned(source: str) -> dict[str, Any]:
    return {line.targets[0].id: _literal(line.value) for line in ast.parse(source).body
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)}


def _is(value: Any, kind: str) -> bool:
    # True is an int to Python, but not to a reader.
    return isinstance(value, _KINDS[kind]) and (kind == "bool" or not isinstance(value, bool))


def _unknown(given: Mapping[str, Any], declared: Mapping[str, Parameter]) -> list[Problem]:
    problems = []
    for name in given:
        if name not in declared:
            near = difflib.get_close_matches(name, declared, 1, cutoff=0.0)
            problems.append(Problem("run.parameter_unknown", name=name, nearest=near[0],
                                    known=", ".join(declared)) if near
                            else Problem("run.parameter_none", name=name))
    return problems


def _wrong(given: Mapping[str, Any], declared: Mapping[str, Parameter]) -> list[Problem]:
    return [Problem("run.parameter_wrong", name=name, found=repr(value), allowed=declared[name])
            for name, value in given.items() if not declared[name].accepts(value)]


def _value(text: str, parameter: Parameter) -> Any:
    """Read a typed text as the first declared kind that it fits; one that fits none stays text."""
    if text in parameter.choices or "str" in parameter.kinds or not (parameter.kinds or parameter.choices):
        return text
    if "bool" in parameter.kinds and text.strip().lower() in _TRUTH:
        return _TRUTH[text.strip().lower()]
    if "float" in parameter.kinds:
        try:
            return float(text)
        except ValueError:
            pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
