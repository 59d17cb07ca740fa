"""Make the exports of the three cases: one team each, drawn from the team model through three years.

    python case_studies/make_cases.py             write the files
    python case_studies/make_cases.py --check     fail when the files beside this script are stale
    python case_studies/make_cases.py --seed 7 --to FOLDER      other teams, elsewhere, ready to be opened

A case shows the most typical of the first 40 draws: the one whose share at goal and turnover, in both years, lie closest to
the model's own means (_maker/typical.py). Published figures play no part in it. --check also verifies that the seed in each
case.toml is the one this rule gives.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import numpy as np  # noqa: E402
from _maker import exports  # noqa: E402
from _maker.exports import Books  # noqa: E402
from _maker.story import draw_books  # noqa: E402
from _maker.typical import typical_seed  # noqa: E402

from salesgoals.cases import read_case  # noqa: E402

CASES = ("a", "b", "c")


def write_a(inbox: Path, books: Books, years: tuple[int, ...], draw: np.random.Generator) -> None:
    """Company A: a saved-as CSV, an ERP list, a cloud form; no CRM."""
    exports.gbk_in_wan(inbox, f"订单{years[0]}.csv", books, years[0], draw)
    exports.erp_ledger(inbox, f"销售订单{years[1]}_金蝶.xlsx", books, years[1], draw)
    exports.cloud_orders(inbox, f"订单{years[2]}_简道云.tsv", books, years[2], draw)
    exports.roster_workbook(inbox, "花名册.xlsx", books)
    exports.goals_wide(inbox, "销售目标.xlsx", books)


def write_b(inbox: Path, books: Books, years: tuple[int, ...], draw: np.random.Generator) -> None:
    """Company B: an ERP list, then an English CRM whose reports overlap; roster and goals as text."""
    exports.erp_ledger(inbox, f"销售台账{years[0]}.xlsx", books, years[0], draw)
    exports.crm_english(inbox, f"orders_{years[1]}_salesforce.csv", books, years[1], draw)
    exports.crm_english(inbox, f"orders_{years[2]}_salesforce.csv", books, years[2], draw, "12-25")
    exports.roster_text(inbox, "花名册.csv", books)
    exports.goals_long(inbox, "目标明细.csv", books)


def write_c(inbox: Path, books: Books, years: tuple[int, ...], draw: np.random.Generator) -> None:
    """Company C: CSV and ERP lists, and from the year of the CRM on opportunities and a log."""
    exports.gbk_in_wan(inbox, f"订单{years[0]}.csv", books, years[0], draw)
    exports.erp_ledger(inbox, f"销售订单{years[1]}_金蝶.xlsx", books, years[1], draw)
    exports.cloud_orders(inbox, f"订单{years[2]}_纷享销客.tsv", books, years[2], draw)
    exports.opportunities(inbox, f"商机{years[2]}_纷享销客.csv", books)
    exports.activity_log(inbox, f"活动{years[2]}_纷享销客.tsv", books)
    exports.roster_workbook(inbox, "花名册.xlsx", books)
    exports.goals_wide(inbox, "销售目标.xlsx", books)


def make_case(letter: str, inbox: Path, seed: int | None = None) -> list[Path]:
    """Write the exports of one case into a folder; return their paths."""
    case = read_case(HERE / f"company_{letter}")
    books, draw = draw_books(case, letter, case.seed if seed is None else seed)
    inbox.mkdir(parents=True, exist_ok=True)
    {"a": write_a, "b": write_b, "c": write_c}[letter](inbox, books, case.years, draw)
    return sorted(inbox.iterdir())


def same_content(one: Path, other: Path) -> bool:
    """Tell whether two files say the same; for workbooks the packing itself does not count."""
    if one.read_bytes() == other.read_bytes():
        return True
    if zipfile.is_zipfile(one) and zipfile.is_zipfile(other):
        with zipfile.ZipFile(one) as a, zipfile.ZipFile(other) as b:
            return a.namelist() == b.namelist() and all(a.read(name) == b.read(name) for name in a.namelist())
    return False


def stale_files() -> list[str]:
    """List the files that differ from what the script would write now, are missing, or are left over."""
    stale = []
    with tempfile.TemporaryDirectory() as fresh:
        for letter in CASES:
            made = {path.name: path for path in make_case(letter, Path(fresh) / letter)}
            there = {path.name: path for path in (HERE / f"company_{letter}" / "inbox").iterdir()}
            stale += [f"company_{letter}/inbox/{name}" for name in sorted(made.keys() | there.keys())
                      if name not in made or name not in there or not same_content(made[name], there[name])]
    return stale


def wrong_seeds() -> list[str]:
    """Name the cases whose seed is not the most typical draw."""
    cases = [read_case(HERE / f"company_{letter}") for letter in CASES]
    return [f"{case.name}: seed {case.seed}, the rule gives {typical}" for case in cases
            if (typical := typical_seed(case)) != case.seed]


def make_elsewhere(folder: Path, seed: int) -> list[Path]:
    """Make the cases with another seed in a folder of their own; each is a folder like those beside this script."""
    made = []
    for letter in CASES:
        target = folder / f"company_{letter}"
        target.mkdir(parents=True, exist_ok=True)
        for path in (HERE / f"company_{letter}").iterdir():
            if path.is_file() and path.suffix in (".toml", ".md"):
                shutil.copyfile(path, target / path.name)
        text = (target / "case.toml").read_text(encoding="utf-8")
        text = re.sub(r"^seed = \d+ .*$", f"seed = {seed}", text, count=1, flags=re.MULTILINE)
        (target / "case.toml").write_text(text, encoding="utf-8")
        made += make_case(letter, target / "inbox", seed)
    return made


def main() -> int:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when files are stale")
    parser.add_argument("--seed", type=int, help="draw other teams; needs --to")
    parser.add_argument("--to", type=Path, help="write them here, not beside this script")
    chosen = parser.parse_args()
    if (chosen.seed is None) != (chosen.to is None):
        parser.error("--seed and --to go together: the cases beside this script keep their own seed")
    if chosen.check:
        found = [*wrong_seeds(), *(f"stale: {name}" for name in stale_files())]
        print("\n".join(found) or "The files of the cases are fresh, their seeds those of the rule.")
        return bool(found)
    if chosen.to:
        print("\n".join(str(path) for path in make_elsewhere(chosen.to, chosen.seed)))
        return 0
    for letter in CASES:
        inbox = HERE / f"company_{letter}" / "inbox"
        shutil.rmtree(inbox, ignore_errors=True)
        paths = make_case(letter, inbox)
        print(f"company_{letter}: {len(paths)} files, {sum(path.stat().st_size for path in paths) / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
