"""Is this laptop ready for the workshop? Says in plain words what is missing and what to do.

``salesgoals doctor`` and ``python -m salesgoals.doctor`` are the same. The second needs nothing installed but
Python: what is asked here comes from the standard library, and what it tries of other packages it tries in a
process of its own. Even a Python that is too old gets a sentence, so this file is written for it as well.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

TOO_OLD = 1
_WORDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "words", "doctor.toml")


def examine() -> Iterator[Any]:
    """Look at this laptop piece by piece; each finding comes as soon as it is known.

    Yields
    ------
    Finding
        With ``check``, ``level`` (``ok``, ``look`` or ``missing``), ``text()`` and ``to_do()``.
    """
    from salesgoals.checkups import machine, programs
    from salesgoals.checkups.finding import MISSING, Finding, look

    def ask(check: Callable[[], Any], name: str) -> list[Any]:
        try:
            found = check()
        except Exception as error:  # a look that fails must not end the others
            return [look("any", "failed", name=name, reason=f"{type(error).__name__}: {error}")]
        return [found] if isinstance(found, Finding) else found

    before = ("python", "disk", "memory", "folder", "cache", "letters", "path", "clock", "browser",
              "loopback", "ports", "proxy", "ledger")
    for name in before:
        yield from ask(getattr(machine, f"check_{name}"), name)
    yield from ask(programs.check_lessons, "lessons")
    packages = ask(programs.check_packages, "packages")
    yield from packages
    rest = ("imports", "lab", "kernel", "chart", "sample")
    if any(found.level == MISSING for found in packages):
        yield look("rest", "later", names=", ".join(_label(name) for name in rest))
        return
    for name in rest:
        yield from ask(getattr(programs, f"check_{name}"), name)


def verdict(findings: Sequence[Any]) -> int:
    """Sum up: 0 ready, 3 something to look at, 1 the workshop cannot be held on this laptop."""
    levels = {found.level for found in findings}
    return 1 if "missing" in levels else 3 if "look" in levels else 0


def report(as_json: bool = False) -> int:
    """Examine this laptop, print what was found, and return the exit code of :func:`verdict`.

    Parameters
    ----------
    as_json : bool
        One JSON document instead of sentences, to list a room's laptops.
    """
    from salesgoals.words import say

    findings = []
    for found in examine():
        findings.append(found)
        if not as_json:
            level = say(f"doctor.level_{found.level}")
            _print(say("doctor.line", level=level, label=_label(found.check), text=found.text()))
            if found.to_do():
                _print(say("doctor.line_do", text=found.to_do()))
    code = verdict(findings)
    if as_json:
        _print(json.dumps({
            "computer": platform.node(), "system": platform.platform(), "exit": code,
            "verdict": say(f"doctor.verdict_{code}"),
            "findings": [{"check": found.check, "level": found.level, "text": found.text(),
                          "to_do": found.to_do()} for found in findings]}, ensure_ascii=False, indent=1))
    else:
        _print("\n" + say(f"doctor.verdict_{code}"))
    return code


def _label(name: str) -> str:
    from salesgoals.words import say

    return say(f"doctor.label_{name}")


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Do ``python -m salesgoals.doctor [--json] [--lang zh|en]``.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default what was typed.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if tuple(sys.version_info[:2]) < (3, 11):
        return _too_old(words)
    from salesgoals.words import LANGUAGES, in_language, say, system_language

    language = system_language()
    position = words.index("--lang") if "--lang" in words else -1
    if position >= 0:
        language = words[position + 1] if position + 1 < len(words) else ""
        del words[position:position + 2]
    unknown = [word for word in words if word not in ("--json", "--help")]
    with in_language(language if language in LANGUAGES else system_language()):
        if unknown or language not in LANGUAGES or "--help" in words:
            _print(say("doctor.usage"))
            return 0 if "--help" in words else 2
        return report("--json" in words)


def _too_old(words: list[str]) -> int:
    """Say it without a reader of TOML, which came with Python 3.11: the texts stand one to a line."""
    with open(_WORDS, encoding="utf-8") as file:
        text = file.read()
    found = ".".join(str(part) for part in sys.version_info[:3])
    chinese = os.environ.get("LANG", "").lower().startswith("zh")
    wanted = words[words.index("--lang") + 1:][:1] if "--lang" in words else ["zh" if chinese else "en"]
    for key in ("python_old", "python_old_do"):
        entry = text.split("[doctor." + key + "]", 1)[1]
        for language in ("zh", "en"):
            if wanted == [language]:
                said = re.search("^" + language + ' = "(.*)"$', entry, re.M)
                _print(said.group(1).replace("{found}", found) if said else found)
    return TOO_OLD


if __name__ == "__main__":
    sys.exit(main())
