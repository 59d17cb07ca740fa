"""Where the program begins: the check-up must speak even where the other commands' packages are missing."""

from __future__ import annotations

import sys


def main() -> int:
    """Do what was typed; ``salesgoals doctor`` needs nothing but Python."""
    if sys.argv[1:2] == ["doctor"] and "--help" not in sys.argv:
        from salesgoals.doctor import main as examine

        return examine(sys.argv[2:])
    try:
        from salesgoals.run.cli import main as run
    except ModuleNotFoundError as missing:
        from salesgoals.words import in_language, say, system_language

        with in_language(system_language()):
            sys.stderr.write(say("doctor.not_installed", name=missing.name) + "\n")
        return 1
    return run()
