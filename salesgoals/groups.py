"""A data set for each group of a workshop: invented companies with planted problems, from one seed."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.sample import new_invented_company, samples_folder
from salesgoals.words import in_language, language, say
from salesgoals.workspace import writing_folder

MOST_GROUPS = 12        # as many invented companies there are
ATTEMPTS = 25           # how often a company is drawn until what is planted in it stands out
ANSWERS, TRUTH = "answers", "truth"
PRODUCTS = "products.xlsx"
ORDERS = ("orders_2024.csv", "orders_2025_kingdee.xlsx", "orders_2026h1_salesforce.csv")
#: what can be planted, and the lessons that show it, the best one first
LESSONS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("gbk", "mixed_dates", "misspelt", "same_name", "overlap", "amounts", "refused"), (1,)),
    "slump": (10, 8), "inflated_goal": (10, 6), "windfall": (3,), "falling_price": (2,),
    "growing_segment": (2,), "slow_newcomer": (3,), "fast_newcomer": (3,), "two_customers": (3, 2),
    "log_stopped": (8,), "neglected": (8,), "doubly_worked": (8,)}
PLANTED_COLUMNS = ["group", "company", "kind", "lessons", "figures"]


@dataclass(frozen=True)
class Groups:
    """What was made for a workshop.

    Parameters
    ----------
    folder : Path
        Holds a folder for each group and ``answers``, which stays with the trainer.
    seed : int
        What all of it was drawn from.
    companies : DataFrame
        A row a group: group, company, company_en, folder, people, teams, order_lines (which a careful reader
        keeps), sales (of these lines).
    planted : DataFrame
        A row for each thing planted: group, company, kind, lessons (numbers, the best first), figures (dict,
        measured on the true records).
    """

    folder: Path
    seed: int
    companies: pd.DataFrame
    planted: pd.DataFrame


def make_groups(folder: str | os.PathLike[str], groups: int = 6, seed: int = 7,
                in_words: str | None = None) -> Groups:
    """Make each group of a workshop a company of its own, with problems planted that the group is to find.

    Parameters
    ----------
    folder : str or Path
        A folder that is empty or not there yet.
    groups : int, default 6
        How many groups, 1 to 12.
    seed : int, default 7
        The same seed gives the same files, byte for byte; another one other companies and other problems.
    in_words : str, optional
        Language of the groups' settings and tasks, ``"zh"`` or ``"en"``; by default the one in use.

    Returns
    -------
    Groups
        Each group's folder is a workspace with dirty exports in its inbox, not yet collected, and its task.
        What is planted and the true records lie in ``answers``, outside the groups' folders; see
        :func:`salesgoals.show.group_sheets.write_group_answers` for the sheet to print.

    Raises
    ------
    SalesgoalsError
        If the number of groups or the seed cannot be used, or the folder holds something.

    Notes
    -----
    Takes a few seconds a group. No two groups get the same problems. A company in which luck hides what was
    planted is drawn again. All of it is synthetic.
    """
    target, chosen = Path(folder), in_words or language()
    _refuse(target, groups, seed)
    with writing_folder(target) as draft:
        made = [_make_group(draft, number, seed, kinds, chosen)
                for number, kinds in enumerate(_maker("casting").choose_planted(seed, groups), 1)]
    companies = pd.DataFrame([row for row, _ in made])
    companies["folder"] = [target / name for name in companies.folder]
    planted = pd.DataFrame([fact for _, facts in made for fact in facts], columns=PLANTED_COLUMNS)
    return Groups(target, seed, companies, planted)


def _refuse(target: Path, groups: object, seed: object) -> None:
    problems = []
    if isinstance(groups, bool) or not isinstance(groups, int) or not 1 <= groups <= MOST_GROUPS:
        problems.append(Problem("groups.number", found=str(groups), most=MOST_GROUPS))
    if isinstance(seed, bool) or not isinstance(seed, int):
        problems.append(Problem("groups.seed", found=str(seed)))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        problems.append(Problem("groups.not_empty", folder=str(target)))
    if problems:
        raise SalesgoalsError(problems)


def _maker(module: str) -> Any:
    """Load a part of the sample maker, which lies beside the samples: in a checkout and when installed."""
    name, folder = "salesgoals_sample_maker", samples_folder() / "_make"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, folder / "__init__.py",
                                                      submodule_search_locations=[str(folder)])
        if spec is None or spec.loader is None or not (folder / "__init__.py").is_file():
            raise SalesgoalsError(Problem("lesson.no_samples", folder=str(folder)))
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return importlib.import_module(f"{name}.{module}")


def _make_group(draft: Path, number: int, seed: int, kinds: tuple[str, ...],
                chosen: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    casting, files, play = _maker("casting"), _maker("files"), _maker("setting").play
    name = f"group_{number}"
    truth = draft / ANSWERS / TRUTH / name
    truth.mkdir(parents=True)
    for attempt in range(ATTEMPTS):
        cast = casting.cast_group(seed, number, kinds, attempt)
        with play(cast):
            company = _maker("company").make_company()
            if attempt < ATTEMPTS - 1 and not casting.is_clear(company):
                continue
            workspace = new_invented_company(draft / name, cast.company, chosen)
            books = files.write_exports(workspace.inbox, company, PRODUCTS)
            files.write_truth(truth, company, books)
            facts = _maker("facts").measure_facts(company)
            break
    with in_language(chosen):
        task = say("groups.task", company=cast.company, people=len(cast.people), teams=len(cast.departments))
        brief = draft / name / say("groups.task_file")
    brief.write_text(task.strip() + "\n", encoding="utf-8", newline="\n")
    orders = {book.file: book for book in books if book.file in ORDERS}
    refused = {book.table.removeprefix("refused: "): book.file for book in books if "refused" in book.table}
    seen = _Seen({person.person_id: person.name for person in cast.people},
                 {account.account_id: account.name for account in company.accounts}, facts, orders, refused)
    row = {"group": number, "company": cast.company, "company_en": cast.company_en, "folder": name,
           "people": len(cast.people), "teams": len(cast.departments),
           "order_lines": sum(book.rows_kept for book in orders.values()),
           "sales": sum(book.amount_kept for book in orders.values()) / 100}
    return row, [{"group": number, "company": cast.company, "kind": kind, "lessons": LESSONS[kind],
                  "figures": _FIGURES[kind](seen)} for kind in kinds]


@dataclass(frozen=True)
class _Seen:
    """One company as it truly was: its cast, the planted facts, the books of its files."""

    people: dict[str, str]
    accounts: dict[str, str]
    facts: Mapping[str, Any]
    books: dict[str, Any]
    refused: dict[str, str]

    def who(self, key: str) -> str:
        return f"{self.people[key]} {key}"

    def names(self, ids: list[str]) -> str:
        return "; ".join(f"{self.accounts[key]} {key}" for key in ids)

    def aside(self, *reasons: str) -> tuple[int, float]:
        """Rows set aside for these reasons, and their money."""
        found = [book.aside.get(reason, [0, 0]) for book in self.books.values() for reason in reasons]
        return sum(rows for rows, _ in found), sum(fen for _, fen in found) / 100

    def picked(self, fact: str, *names: str) -> dict[str, Any]:
        return {name: self.facts[fact][name] for name in names}

    def joined(self, story: str) -> dict[str, Any]:
        entry = next(entry for entry in self.facts["joins"] if entry["ramp"] == story)
        return {"who": self.who(entry["person_id"]), "day": str(entry["hire_date"]),
                "months": entry["months_to_half"]}


def _overlap(seen: _Seen) -> dict[str, Any]:
    rows, amount = seen.aside("duplicate_of_other_file")
    return {"rows": rows, "amount": amount, "first": ORDERS[1], "second": ORDERS[2]}


def _mixed_dates(seen: _Seen) -> dict[str, Any]:
    written = seen.books[ORDERS[1]].written
    return {"file": ORDERS[1], "texts": written["date_as_text"], "serials": written["date_as_serial"],
            "unreadable": seen.aside("date_unreadable")[0]}


def _windfall(seen: _Seen) -> dict[str, Any]:
    fact = seen.facts["lucky_veteran"]
    return {"who": seen.who(fact["person_id"]), "order": fact["order_id"], "day": str(fact["date"]),
            "amount": fact["amount"], "share": fact["share_of_own_last_12"]}


def _two_customers(seen: _Seen) -> dict[str, Any]:
    fact = seen.facts["bus_factor"]
    return {"who": seen.who(fact["person_id"]), "accounts": seen.names(fact["account_ids"]),
            "share": fact["two_accounts_share_of_own_last_12"], "of_team": fact["share_of_team_last_12"]}


def _doubly_worked(seen: _Seen) -> dict[str, Any]:
    fact = seen.facts["doubly_worked"]
    return {"who": seen.who(fact["owner"]), "other": seen.who(fact["also"]), "day": str(fact["first_day"]),
            "accounts": seen.names(fact["account_ids"])}


def _since(seen: _Seen, fact: str) -> dict[str, Any]:
    return {"who": seen.who(seen.facts[fact]["person_id"]), "day": str(seen.facts[fact]["first_day_without"])}


#: kind -> what the trainer is told, measured on the true records and the files' books
_FIGURES: dict[str, Callable[[_Seen], dict[str, Any]]] = {
    "gbk": lambda seen: {"file": ORDERS[0], "rows": seen.books[ORDERS[0]].rows_in},
    "mixed_dates": _mixed_dates,
    "misspelt": lambda seen: {"file": ORDERS[1], "rows": seen.books[ORDERS[1]].doubts["product_misspelt"],
                              **seen.picked("misspelt_product", "written", "product")},
    "same_name": lambda seen: {"ids": ", ".join(seen.facts["same_name"]["person_ids"]),
                               "rows": seen.books[ORDERS[0]].doubts["person_ambiguous"],
                               **seen.picked("same_name", "name")},
    "overlap": _overlap,
    "amounts": lambda seen: {"rows": seen.aside("amount_text", "amount_empty")[0]},
    "refused": lambda seen: seen.refused,
    "slump": lambda seen: seen.picked("tired_team", "team", "sales_change", "visits_change", "quotes_change"),
    "inflated_goal": lambda seen: dict(seen.facts["inflated_goal"][0]),
    "windfall": _windfall,
    "falling_price": lambda seen: seen.picked("losing_line", "product_line", "margin_2024_h1",
                                              "margin_2026_h1"),
    "growing_segment": lambda seen: seen.picked("growing_segment", "segment", "growth_last_12",
                                                "growth_of_others_without_the_big_deal"),
    "slow_newcomer": lambda seen: seen.joined("slow_ramp"),
    "fast_newcomer": lambda seen: seen.joined("good_ramp"),
    "two_customers": _two_customers,
    "log_stopped": lambda seen: _since(seen, "log_stopped"),
    "neglected": lambda seen: {**_since(seen, "neglected"),
                               "accounts": seen.names(seen.facts["neglected"]["account_ids"])},
    "doubly_worked": _doubly_worked}
