from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest
from browsing import Watched
from hypothesis import given, settings
from hypothesis import strategies as st
from notebooks_for_tests import make_notebook, write_notebook
from small_company import small_company

from salesgoals.plans import load_plan, make_plan, save_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.readers import report_names
from salesgoals.run import reports as reports_module
from salesgoals.run.export import notebook_page, page_facts
from salesgoals.run.fingerprint import mark_of_inputs
from salesgoals.run.index import find_reports, write_index
from salesgoals.run.jobs import Job, Outcome
from salesgoals.run.names import file_name
from salesgoals.run.places import notebook_path, notebooks_folder
from salesgoals.run.reports import COLUMNS, make_reports, report_problems
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace

DECLARED = ('workspace: str = ""\nlanguage: str = "en"\nby: str = "all"\nname: str = ""', ["parameters"])


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = {3: '张伟 <b>"x"/y</b>', 4: "CON", 5: "a" * 200}
    return small_company(tmp_path_factory.mktemp("reports") / "small", people=8, names=names).folder


@pytest.fixture
def workspace(company: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(company, tmp_path / "small", ignore=shutil.ignore_patterns("reports"))
    return open_workspace(tmp_path / "small")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebook and, in the place of the engine, something quick that stops for one person when told to."""
    path = write_notebook(tmp_path / "90_goal_report.ipynb", [DECLARED, "1"])

    def make_at_once(jobs: list[Job], when_done: Callable[[Outcome], None], **_: object) -> list[Outcome]:
        outcomes = []
        for job in jobs:
            told = (Path(job.parameters["workspace"]) / "stop").exists()
            stopped = told and job.parameters["name"] == "P003"
            if not stopped:
                page = notebook_page(make_notebook([]), title=job.title, facts=job.facts)
                Path(str(job.page)).write_text(page, encoding="utf-8")
            outcomes.append(Outcome(job.key, not stopped, .1, "P003 is not well" if stopped else ""))
            when_done(outcomes[-1])
        return outcomes

    monkeypatch.setattr(reports_module, "run_batch", make_at_once)
    monkeypatch.setattr(reports_module, "notebook_path", lambda name, language: path)
    return path


def make(workspace: Workspace, **wishes: object) -> pd.DataFrame:
    wishes = {"language": "en", "by": "person", "progress": False, **wishes}
    made = make_reports(workspace, **wishes)  # type: ignore[arg-type]
    return made.sort_values(["by", "name"], ignore_index=True)


def test_everybody_gets_a_report_and_the_index_links_them_all(workspace: Workspace, stand_in: Path) -> None:
    made = make(workspace, language=["zh", "en"], by=["all", "team", "person"])
    readers = pd.concat([report_names(workspace, by) for by in ("all", "team", "person")])
    assert list(made.columns) == COLUMNS
    assert len(made) == 2 * len(readers) == 2 * (1 + 4 + 8)
    assert set(made.status) == {"made"}
    assert made.file.is_unique
    files = [Path(file) for file in made.file]
    assert all(file.is_file() and file.parent.name == language
               for file, language in zip(files, made.language, strict=True))
    start = load_plan(workspace).parameters["start"]
    assert {file.name for file in files if file.parent.name == "en"} >= {
        f"goal_report__Small_&_Co__{start}.html", f"goal_report__North_North_1__{start}.html",
        f"goal_report__Person_1_P001__{start}.html", f"goal_report__Person_1_P002__{start}.html"}
    folder = workspace.folder / "reports"
    assert sorted(path.name for path in folder.iterdir()) == ["en", "index.html", "zh"]
    index = (folder / "index.html").read_text(encoding="utf-8")
    linked = {(folder / unquote(address)).resolve() for address in re.findall(r'href="([^"]*)"', index)}
    assert linked == {file.resolve() for file in files}
    assert "<b>" not in index
    assert "张伟 &lt;b&gt;" in index
    assert "http" not in index.replace("http-equiv", "")
    assert "make it again" not in index
    english = made[(made.language == "en") & (made.name == "P008")]
    page = Path(english.file.item()).read_text(encoding="utf-8")
    assert f"<title>Person 8 · sales goal report · {start}</title>" in page
    whole = page_facts(Path(made[(made.language == "zh") & (made.by == "all")].file.item()))
    assert whole is not None
    assert (whole["by"], whole["title"], whole["language"]) == ("all", "Small & Co", "zh")


def test_what_has_not_changed_is_kept_and_what_has_is_made_again(
        workspace: Workspace, stand_in: Path) -> None:
    first = make(workspace)
    before = {file: Path(file).stat().st_mtime_ns for file in first.file}
    assert set(make(workspace).status) == {"reused"}
    Path(first.file[2]).unlink()
    Path(first.file[3]).write_text("cut sho", encoding="utf-8")
    again = make(workspace)
    assert list(again.status) == ["reused"] * 2 + ["made"] * 2 + ["reused"] * 4
    assert all(Path(file).stat().st_mtime_ns == before[file] for file in again.file[again.status == "reused"])
    settings_file = workspace.folder / "workspace.toml"
    settings_file.write_text(settings_file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert write_index_anew(workspace).count("make it again") == 8
    assert set(make(workspace).status) == {"made"}
    assert "make it again" not in write_index_anew(workspace)
    write_notebook(stand_in, [DECLARED, "2"])
    assert set(make(workspace).status) == {"made"}
    assert set(make(workspace, language="zh").status) == {"made"}


def write_index_anew(workspace: Workspace) -> str:
    start = load_plan(workspace).parameters["start"]
    return write_index(workspace, mark_of_inputs(workspace), start).read_text(encoding="utf-8")


def test_a_plan_for_another_start_adds_reports_and_keeps_the_old_ones(
        workspace: Workspace, stand_in: Path) -> None:
    make(workspace, by="team")
    save_plan(workspace, make_plan(workspace, 15_000_000, "2027-01", unit=100))
    make(workspace, by="team")
    found = find_reports(workspace.folder / "reports")
    assert len(found) == 8
    assert len({report["start"] for report in found}) == 2
    assert "make it again" not in (workspace.folder / "reports" / "index.html").read_text(encoding="utf-8")


def test_one_failure_is_told_and_the_others_are_made(workspace: Workspace, stand_in: Path) -> None:
    (workspace.folder / "stop").touch()
    made = make(workspace)
    assert list(made.status) == ["made", "made", "failed", *["made"] * 5]
    assert (made.reason[2], made.file[2]) == ("P003 is not well", "")
    problem, = report_problems(made)
    assert "P003 is not well" in problem.text()
    with in_language("zh"):
        assert "没有生成" in problem.text()
    assert len(find_reports(workspace.folder / "reports")) == 7
    (workspace.folder / "stop").unlink()
    assert list(make(workspace).status) == ["reused", "reused", "made", *["reused"] * 5]


def test_a_report_that_fails_leaves_the_earlier_one_which_the_index_calls_old(
        workspace: Workspace, stand_in: Path) -> None:
    file = Path(make(workspace).file[2])
    before = file.read_bytes()
    (workspace.folder / "stop").touch()
    (workspace.folder / "plan" / "note.txt").touch()
    assert list(make(workspace).status) == ["made", "made", "failed", *["made"] * 5]
    assert file.read_bytes() == before
    index = workspace.folder / "reports" / "index.html"
    assert index.read_text(encoding="utf-8").count("make it again") == 1


def test_an_interrupted_run_goes_on_where_it_stopped(
        workspace: Workspace, stand_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = reports_module.run_batch

    def pulled_plug(jobs: list[Job], **options: object) -> None:
        whole(jobs[:3], **options)  # type: ignore[arg-type]
        Path(str(jobs[3].page)).write_text("half a pa", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(reports_module, "run_batch", pulled_plug)
    with pytest.raises(KeyboardInterrupt):
        make(workspace)
    monkeypatch.setattr(reports_module, "run_batch", whole)
    folder = workspace.folder / "reports"
    assert len(find_reports(folder)) == 3
    assert sorted(path.name for path in folder.rglob("*") if path.is_file() and path.suffix != ".html") == []
    assert len(list(folder.rglob("*.html"))) == 4
    assert sorted(make(workspace).status) == ["made"] * 5 + ["reused"] * 3


def test_drafts_of_a_machine_that_was_switched_off_are_cleared_a_day_later(
        workspace: Workspace, stand_in: Path) -> None:
    for name, age in {".drafts-old": 2 * 24 * 3600, ".drafts-at-work": 60}.items():
        folder = workspace.folder / "reports" / name
        folder.mkdir(parents=True)
        (folder / "0.html").write_text("half", encoding="utf-8")
        os.utime(folder, (time.time() - age,) * 2)
    make(workspace, by="all")
    assert sorted(path.name for path in (workspace.folder / "reports").iterdir()) == [
        ".drafts-at-work", "en", "index.html"]


def test_senseless_wishes_are_refused_before_anything_is_made(workspace: Workspace) -> None:
    for wish, words in ({"by": "region"}, "by is region"), ({"language": "fr"}, "fr"), ({"jobs": 0}, "1"):
        with pytest.raises(SalesgoalsError, match=words):
            make(workspace, **wish)
    shutil.rmtree(workspace.folder / "plan")
    with pytest.raises(SalesgoalsError, match="no plan"):
        make(workspace)
    assert not list((workspace.folder / "reports").rglob("goal_report*"))


def test_a_notebook_without_the_parameters_is_refused(workspace: Workspace, stand_in: Path) -> None:
    write_notebook(stand_in, [('workspace: str = ""', ["parameters"]), "1"])
    with pytest.raises(SalesgoalsError, match="there is no parameter"):
        make(workspace)


def test_notebooks_are_found_and_a_missing_one_names_those_there_are(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from salesgoals.run import places

    assert notebook_path("90_goal_report", "zh").parent == notebooks_folder() / "zh"
    with pytest.raises(SalesgoalsError, match="90_goal_report"):
        notebook_path("90_gaol_report", "en")
    installed = tmp_path / "site" / "salesgoals"
    (installed / "_project" / "notebooks" / "en").mkdir(parents=True)
    (installed / "_project" / "notebooks" / "en" / "90_x.ipynb").touch()
    monkeypatch.setattr(places, "_PACKAGE", installed)
    assert notebook_path("90_x", "en") == installed / "_project" / "notebooks" / "en" / "90_x.ipynb"


@given(st.text(), st.text())
@settings(deadline=None, max_examples=200)
def test_any_title_gives_a_name_that_every_system_takes(title: str, name: str) -> None:
    made = file_name(title, name)
    assert 0 < len(made) <= 60
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', made)
    assert made == made.strip(". ")


def test_two_long_titles_with_one_beginning_keep_apart() -> None:
    assert file_name("部门" * 60 + "/一组") != file_name("部门" * 60 + "/二组")


# The real report from here on.


@pytest.fixture(scope="module")
def real(company: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("real") / "small"
    shutil.copytree(company, folder)
    workspace = open_workspace(folder)
    made = pd.concat([make_reports(workspace, "zh", by=("all", "team", "person"), progress=False),
                      make_reports(workspace, "en", by="all", progress=False)])
    assert list(made.reason) == [""] * 14
    return workspace, made


def own_text(file: str) -> str:
    """A page without the chart library that all pages share."""
    whole = Path(file).read_text(encoding="utf-8")
    page, found = re.subn(r"<script>const .*?</script>", "", whole, flags=re.S)
    assert found == 1
    return page


@pytest.mark.parametrize("by", ["team", "person"])
def test_a_report_holds_nobody_but_its_readers_own_people(
        real: tuple[Workspace, pd.DataFrame], by: str) -> None:
    """Law 8: not in a table, not in a chart's data, not in the head of the file."""
    workspace, made = real
    people = load_plan(workspace).plan.people
    people["whole_team"] = people.department + "/" + people.team
    seen = own_text(made.file[made.by == "all"].iloc[0])
    for report in made[made.by == by].rename(columns={"name": "id"}).itertuples():
        page = own_text(report.file)
        mine = people[people["whole_team" if by == "team" else "person_id"] == report.id]
        others = people.drop(mine.index)
        assert len(mine) == (2 if by == "team" else 1)
        names = {name.partition("<")[0][:20] for name in others.person} - set(mine.person)
        words = names | (set(others.team) - set(mine.team))
        assert not [word for word in words if word not in seen]  # they would be found if they were there
        # Two are called Person 1: there it is the id that tells.
        assert not [word for word in words | set(others.person_id) if word in page], report.id


def test_real_reports_draw_their_charts_offline_in_both_languages(
        real: tuple[Workspace, pd.DataFrame], watched: Watched) -> None:
    _, made = real
    said: list[str] = []
    watched.page.on("console", lambda message: said.append(message.text))
    for report in made[made.by == "all"].itertuples():
        watched.page.goto(Path(report.file).as_uri())
        watched.page.wait_for_selector("html[data-charts=drawn]", timeout=30_000)
        charts = watched.page.locator("figure.chart").count()
        assert charts >= 3
        assert watched.page.locator("figure svg.marks").count() == charts
        labels = watched.page.locator("figure.chart").evaluate_all("all => all.map(e => e.ariaLabel)")
        assert all(len(label) > 5 for label in labels)
        assert watched.page.evaluate("document.documentElement.lang").startswith(report.language)
    assert (watched.outside, watched.errors, said) == ([], [], [])


def test_the_index_of_real_reports_opens_each_of_them(
        real: tuple[Workspace, pd.DataFrame], watched: Watched) -> None:
    workspace, made = real
    index = workspace.folder / "reports" / "index.html"
    watched.page.goto(index.as_uri())
    links = watched.page.locator("a").evaluate_all("all => all.map(a => a.href)")
    assert len(links) == len(made)
    watched.page.locator("a").first.click()
    watched.page.wait_for_selector("html[data-charts=drawn]", timeout=30_000)
    assert watched.outside == []
