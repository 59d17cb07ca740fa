"""The cases: one model, seven published figures that nothing is computed from, and how to make one's own."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from conftest import PROJECT

import salesgoals as sg
from salesgoals.cases import (
    beside_published,
    case_of,
    list_cases,
    new_case,
    open_case,
    read_case,
    simulate_case,
    team_of,
    workspace_on,
    year_figures,
)
from salesgoals.problems import SalesgoalsError
from salesgoals.show.case_parts import (
    or_say,
    show_assumptions,
    show_beside,
    show_explained,
    show_outcomes,
    show_published,
    show_readings,
    show_years,
)
from salesgoals.words import LANGUAGES, in_language

FOLDER = PROJECT / "case_studies"
SOURCES = sorted(FOLDER.glob("*/company_*.py"))
CASES = ("company_a", "company_b", "company_c")
MOST_CELLS, FEWEST_CELLS, MOST_LINES = 35, 25, 8


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


MAKER, BUILDER = load(FOLDER / "make_cases.py"), load(PROJECT / "tools" / "build_notebooks.py")


def test_the_three_cases_and_the_template_are_there() -> None:
    assert tuple(list_cases()) == CASES
    assert [path.stem for path in SOURCES] == ["company_x", *CASES]


@pytest.mark.parametrize("seed", [1, 2, 20])
def test_every_published_figure_lies_where_the_issue_wants_it(seed: int) -> None:
    tables = [beside_published(case, simulate_case(case, seed=seed)) for case in map(read_case, CASES)]
    figures = pd.concat(tables)
    assert len(figures) == 7
    assert figures.inside.all()
    assert figures.near.all()
    assert ((figures.published - figures["mean"]).abs() <= .05).all()
    assert figures.team.isna().all()


def test_the_story_is_the_same_with_another_seed() -> None:
    for case in map(read_case, CASES):
        means = {seed: simulate_case(case, 1000, seed).set_index(["when", "measure"])["mean"]
                 for seed in (1, 99)}
        for one in means.values():
            assert one["after", "share_at_goal"] > one["before", "share_at_goal"] + .1
            assert one["after", "turnover"] < one["before", "turnover"] - .05
        assert ((means[1] - means[99]).abs() < .03).all()


def test_nothing_but_what_is_shown_beside_hangs_on_the_published_figures(tmp_path: Path) -> None:
    for name in CASES:
        changed = tmp_path / name
        changed.mkdir()
        text = (FOLDER / name / "case.toml").read_text(encoding="utf-8")
        other, n = re.subn(r"^value = 0\.\d+", "value = 0.123", text, flags=re.MULTILINE)
        assert n >= 2
        (changed / "case.toml").write_text(other, encoding="utf-8")
        case, lied = read_case(name), read_case(changed)
        assert (lied.published.value == .123).all()
        pd.testing.assert_frame_equal(simulate_case(case, 200), simulate_case(lied, 200))
        one, two = (beside_published(which, simulate_case(which, 200)) for which in (case, lied))
        told = ["published", "inside", "near"]
        pd.testing.assert_frame_equal(one.drop(columns=told), two.drop(columns=told))
        books = [MAKER.draw_books(which, name[-1], 1)[0] for which in (case, lied) if name == "company_a"]
        for one, two in [books] if books else []:
            pd.testing.assert_frame_equal(one.orders, two.orders)
            pd.testing.assert_frame_equal(one.goals, two.goals)


def test_every_case_says_that_its_levels_were_chosen_to_fit() -> None:
    for name in CASES:
        for spoken, words in (("en", "were chosen so that"), ("zh", "反推")):
            folder = FOLDER / name
            for path in (folder / f"{name}.py", folder / f"{name}.{spoken}.ipynb", folder / "case.toml"):
                assert words in path.read_text(encoding="utf-8"), path.name


def test_no_source_and_no_code_of_ours_holds_a_published_figure() -> None:
    published = {value for name in CASES for value in read_case(name).published.value}
    assert len(published) == 7
    telling = sorted(published - {.05, .1, .5})  # these three are also ordinary numbers
    spelt = "|".join(rf"(?<!\d)0?\.{100 * value:02.0f}0*\b|\b{100 * value:.0f} ?%" for value in telling)
    texts = [*SOURCES, *FOLDER.glob("_maker/*.py"), FOLDER / "make_cases.py", *FOLDER.glob("*/brief*.md"),
             *(PROJECT / "salesgoals" / "modelling").glob("*.*"), PROJECT / "salesgoals" / "cases.py",
             PROJECT / "salesgoals" / "simulate.py", PROJECT / "salesgoals" / "show" / "case_parts.py"]
    assert len(texts) > 15
    assert re.search(spelt, "85%")
    assert re.search(spelt, "x = .85")
    found = {path.name: match.group() for path in texts
             if (match := re.search(spelt, path.read_text(encoding="utf-8")))}
    assert not found


def test_the_seed_is_the_most_typical_draw_and_the_rule_knows_no_published_figure(tmp_path: Path) -> None:
    assert MAKER.wrong_seeds() == []
    text = (FOLDER / "company_a" / "case.toml").read_text(encoding="utf-8")
    lie, n = re.subn(r"^value = 0\.\d+", "value = 0.123", text, flags=re.MULTILINE)
    assert n == 3
    (tmp_path / "case.toml").write_text(lie, encoding="utf-8")
    lied = read_case(tmp_path)
    assert MAKER.typical_seed(lied) == read_case("company_a").seed
    (tmp_path / "case.toml").write_text(text.replace("level = 0.11", "level = 0.30"), encoding="utf-8")
    assert MAKER.typical_seed(read_case(tmp_path)) != lied.seed, "the rule looks at the policies"


def test_other_teams_are_drawn_elsewhere(tmp_path: Path) -> None:
    made = MAKER.make_elsewhere(tmp_path, 7)
    assert [read_case(tmp_path / name).seed for name in CASES] == [7, 7, 7]
    own = {path.name: path for name in CASES for path in (FOLDER / name / "inbox").iterdir()}
    orders = [path for path in made if "订单" in path.name or "orders" in path.name]
    assert len(orders) >= 7
    assert not any(MAKER.same_content(path, own[path.name]) for path in orders)


def test_the_files_are_fresh() -> None:
    assert MAKER.stale_files() == []
    for name in CASES:
        size = sum(path.stat().st_size for path in (FOLDER / name / "inbox").iterdir())
        assert 50_000 < size < 1_000_000


def test_what_collect_finds_is_what_the_team_did(kept: Path) -> None:
    before = {path: path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    for name in CASES:
        case = read_case(name)
        books, _ = MAKER.draw_books(case, name[-1], case.seed)
        with in_language("en"):
            workspace = open_case(name, folder=kept if name == "company_a" else None)
        orders, years = workspace.tables["orders"], year_figures(workspace.tables)
        lost = books.orders[~books.orders.order_id.isin(orders.order_id)]
        assert 0 < len(lost) <= 15
        assert orders.amount.sum() + lost.amount.sum() == pytest.approx(books.orders.amount.sum())
        assert workspace.tables["goals"].goal.sum() == books.goals.goal.sum()
        played = MAKER.draw_books.__globals__["play_years"](case.team, [case.before, case.after], case.seed)
        told = played.years[played.years.year > 0].groupby("year")
        assert years.people.tolist() == [case.team.people] * 2
        assert years.newcomers.tolist() == told.newcomer.sum().tolist()
        assert years.turnover.tolist() == pytest.approx(told.leaves.mean().tolist())
        assert (years.share_at_goal - told.at_goal.mean().astype(float).to_numpy()).abs().max() <= .1
        assert set(years.year) == {str(year) for year in case.years[1:]}
    assert before == {path: path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}


def test_a_workspace_as_known_on_a_day_holds_nothing_later() -> None:
    company = open_case("company_c", "en")
    then = workspace_on(company, "2022-06-30")
    assert then.tables["orders"].date.max() <= pd.Timestamp("2022-06-30")
    assert len(company.tables["opportunities"]) > 500
    assert then.tables["opportunities"].created.max() <= pd.Timestamp("2022-06-30")
    assert len(then.tables["activities"]) == 0 < len(company.tables["activities"])
    assert company.tables["orders"].date.max() > pd.Timestamp("2023-12-01")


def test_what_is_shown_reads_well_in_both_languages(kept: Path) -> None:
    case = read_case("company_a")
    outcomes = simulate_case(case, 100)
    explained = sg.explain_change(case.team, case.before, case.after, 60)
    years = year_figures(open_case("company_a", "en", kept).tables)
    hangs = sg.what_it_hangs_on(case, 20)
    for spoken in LANGUAGES:
        with in_language(spoken):
            beside = show_beside(beside_published(case, outcomes, years))
            parts = [show_published(case), show_years(years), show_outcomes(outcomes), beside,
                     show_readings(case, outcomes), show_explained(explained), show_assumptions(hangs)]
            assert all(len(repr(part).splitlines()) >= 3 for part in parts)
            unverified = "未经核实" if spoken == "zh" else "unverified"
            assert unverified in repr(parts[0])
            assert unverified in repr(beside)
            shown = show_explained(explained)
    assert repr(shown).count("\n") >= 6


@pytest.mark.parametrize(("old", "new", "says"), [
    ("people = 20", "peple = 20", "peple"), ("years = [2020, 2021, 2022]", "years = [2020, 2021]", "three"),
    ('figure = "turnover"', 'figure = "morale"', "morale"), ("[team]", "[team", "case.toml"),
    ('split = "last_year"', 'split = "lottery"', "lottery")])
def test_a_mistake_in_a_case_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = (FOLDER / "company_a" / "case.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "case.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with in_language("en"), pytest.raises(SalesgoalsError, match=says):
        read_case(tmp_path)


def test_a_case_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(SalesgoalsError, match="company_b"):
        read_case("company_z")


# ---------------------------------------------------------------- the template

def exports_of_a_client(folder: Path) -> Path:
    """Sales alone: no roster, no goals."""
    folder.mkdir()
    days = pd.date_range("2024-01-01", periods=24, freq="MS") + pd.Timedelta(days=4)
    rows = [f"S{place}-{who},{day:%Y-%m-%d},{who},{1000 * (2 + len(who)) + 37 * place % 500}"
            for place, day in enumerate(days) for who in ("Ann", "Bob", "Cyril", "Dagmar", "Eve", "Finn")]
    head = "Order Number,Order Date,Order Owner,Amount"
    (folder / "sales.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return folder


def test_a_clients_folder_becomes_a_case(tmp_path: Path) -> None:
    exports = exports_of_a_client(tmp_path / "exports")
    with in_language("en"):
        made = new_case(tmp_path / "client", exports)
        assert len(made.tables["orders"]) == 144
        case = read_case(made)
        assert (case.team.people, case.years) == (6, (2023, 2024, 2025))
        assert case.published.empty
        assert team_of(made.tables) == case.team
        names = {"case.toml", "brief.md", "brief.zh.md", "case.zh.ipynb", "case.en.ipynb", "workspace.toml"}
        assert names <= {path.name for path in made.folder.iterdir()}
        assert [path.name for path in exports.iterdir()] == ["sales.csv"]
        assert "no goals" in repr(show_years(year_figures(made.tables)))
        assert "cannot be done" in repr(or_say(read_case, tmp_path / "nowhere"))
        with pytest.raises(SalesgoalsError, match="something else"):
            new_case(tmp_path / "client", exports)
        (tmp_path / "empty").mkdir()
        with pytest.raises(SalesgoalsError, match="no exports"):
            new_case(tmp_path / "other", tmp_path / "empty")
        assert not (tmp_path / "other").exists()
        (made.folder / "case.toml").unlink()
        assert case_of(made).team == case.team


def test_a_name_with_quotes_is_only_a_name(tmp_path: Path) -> None:
    made = new_case(tmp_path / 'a "b\\c', exports_of_a_client(tmp_path / "exports"))
    assert read_case(made).title == 'a "b\\c'


# ---------------------------------------------------------------- the notebooks, no kernel

@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_case_follows_the_grammar_of_cases(path: Path) -> None:
    cells = BUILDER.read_source(path)
    heads = [head for cell in cells if "en" in cell["tags"]
             for head in re.findall(r"^## (.+)$", cell["text"], re.MULTILINE)]
    wanted = ["The situation", "You will be able to", "Look first", "Your turn",
              "What this case does not prove", *(["Quick check", "With a client of your own"] if
                                                 path.stem != "company_x" else []), "Take away"]
    steps = [head for head in heads if head.startswith("Step ")]
    assert [head for head in heads if head not in steps] == wanted
    assert [int(re.match(r"Step (\d)", step).group(1)) for step in steps] == list(range(1, len(steps) + 1))
    assert len(steps) >= 7
    for spoken in LANGUAGES:
        made = BUILDER.edition(cells, spoken, solutions=True)
        assert FEWEST_CELLS <= len(made["cells"]) <= MOST_CELLS
    code = [cell for cell in cells if cell["kind"] == "code"]
    assert "parameters" in code[0]["tags"]
    assert "setup" in code[1]["tags"]
    assert "versions" in code[-1]["tags"]
    assert sum("interactive" in cell["tags"] for cell in code) == 1
    used = {name for cell in code for name in re.findall(r"sg\.(\w+)", cell["text"])}
    assert used <= set(sg.__all__), "only the package's ordinary functions"
    text = "\n".join(cell["text"] for cell in code)
    assert re.findall(r"^(?:import|from) .*|\b_\w+", text, re.MULTILINE) == ["import salesgoals as sg"]
