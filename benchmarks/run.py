"""Every benchmark in one run: ``make bench``. Each prints its own table; ratios are measured side by side."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PARTS = [["cascade.py"], ["reports.py"], ["pay.py"], ["team.py", "--quick"], ["coverage.py", "--quick"]]


def main() -> int:
    worst = 0
    for part in PARTS:
        print(f"\n=== {' '.join(part)}", flush=True)
        done = subprocess.run([sys.executable, str(HERE / part[0]), *part[1:]], check=False)
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
