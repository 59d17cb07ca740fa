"""Make the sample company: its dirty exports (inbox/) and the clean truth behind them (truth/).

    python data/samples/make_samples.py            write the files
    python data/samples/make_samples.py --check    fail when the files beside this script are stale
    python data/samples/make_samples.py --seed 7 --to FOLDER    the same company with another chance
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

import pyarrow.parquet as pq  # noqa: E402
from _make.cast import sample  # noqa: E402
from _make.company import make_company  # noqa: E402
from _make.files import write_exports, write_truth  # noqa: E402
from _make.setting import play  # noqa: E402


def make_samples(folder: Path, seed: int | None = None) -> list[Path]:
    """Write every file of the sample company into a folder; return their paths.

    Another seed tells the same story with other figures: people, plans and mishaps stay, luck does not.
    """
    inbox, truth = folder / "inbox", folder / "truth"
    inbox.mkdir(parents=True, exist_ok=True)
    truth.mkdir(parents=True, exist_ok=True)
    with play(sample(seed)):
        company = make_company()
        write_truth(truth, company, write_exports(inbox, company))
    return sorted(path for part in (inbox, truth) for path in part.iterdir())


def same_content(one: Path, other: Path) -> bool:
    """Tell whether two files say the same; for packed files the packing itself does not count."""
    if one.read_bytes() == other.read_bytes():
        return True
    if one.suffix == ".parquet":
        return pq.read_table(one).equals(pq.read_table(other))
    if zipfile.is_zipfile(one) and zipfile.is_zipfile(other):
        with zipfile.ZipFile(one) as a, zipfile.ZipFile(other) as b:
            return a.namelist() == b.namelist() and all(a.read(n) == b.read(n) for n in a.namelist())
    return False


def stale_files(folder: Path = HERE) -> list[str]:
    """List the files that differ from what the script would write now, are missing, or are left over."""
    with tempfile.TemporaryDirectory() as fresh_folder:
        fresh = {str(path.relative_to(fresh_folder)): path for path in make_samples(Path(fresh_folder))}
        there = {str(path.relative_to(folder)): path for part in ("inbox", "truth")
                 for path in (folder / part).iterdir()}
        return sorted(name for name in fresh.keys() | there.keys() if name not in fresh or name not in there
                      or not same_content(fresh[name], there[name]))


def main() -> int:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description="Make the files of the sample company.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when files are stale")
    parser.add_argument("--seed", type=int, help="another chance; with --to")
    parser.add_argument("--to", type=Path, help="folder for inbox/ and truth/; else beside this script")
    asked = parser.parse_args()
    if asked.seed is not None and asked.to is None:
        parser.error("--seed needs --to FOLDER: the files beside this script have one seed")
    if asked.check:
        stale = stale_files()
        print("\n".join(f"stale: {name}" for name in stale) or "The sample files are fresh.")
        return 1 if stale else 0
    folder = asked.to or HERE
    paths = make_samples(folder, asked.seed)
    size = sum(path.stat().st_size for path in paths)
    print(f"{len(paths)} files, {size / 1e6:.1f} MB in {folder.name}/inbox and {folder.name}/truth")
    return 0


if __name__ == "__main__":
    sys.exit(main())
