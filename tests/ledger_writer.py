"""A process that writes to a ledger again and again; each entry is confirmed on its own line.

python ledger_writer.py WORKSPACE URL NAME TIMES   (URL "-" is the file; TIMES 0 is until somebody stops it)
"""

from __future__ import annotations

import itertools
import sys

from ledger_book import goals_of

from salesgoals.ledger import open_ledger
from salesgoals.workspace import open_workspace


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(folder: str, url: str, name: str, times: str) -> None:
    workspace = open_workspace(folder)
    tell("ready")
    sys.stdin.readline()
    with open_ledger(workspace, None if url == "-" else url) as ledger:
        for number in itertools.count(1):
            if int(times) and number > int(times):
                return
            # its own goal, and one that all writers change: its "before" is somebody else's "after"
            goals = goals_of({name: number, "shared": int(name) * 1_000_000 + number})
            entry = ledger.record("agreed", goals, who=name, why=f"change {number}")
            tell(f"{entry.entry} {entry.hash}")


if __name__ == "__main__":
    main(*sys.argv[1:])
