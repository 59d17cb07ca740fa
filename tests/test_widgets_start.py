"""The first lists: whose sales, which export. What they show comes from the file, escaped."""

from __future__ import annotations

import pytest

import salesgoals as sg
from salesgoals.collect import collect_folder, save_collected
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, new_workspace


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = new_workspace(tmp_path_factory.mktemp("start") / "w", language="en", company="x")
    lines = ["Order Number,Order Date,Employee,Product Line,Amount"]
    lines += [f"{month}-{person},2025-{month:02}-03,Person {person},{line},{900 + 70 * person}"
              for month in range(1, 13) for person, line in enumerate(["<b>Pumps</b>", "Filters"])]
    (workspace.inbox / "sales.csv").write_text("\n".join(lines), encoding="utf-8")
    (workspace.inbox / "picture.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    save_collected(workspace, collect_folder(workspace))
    return workspace


@pytest.mark.parametrize(("language", "whole", "rows"), [("en", "the whole company", "24 rows"),
                                                         ("zh", "全公司", "24 行")])
def test_lists_answer_in_the_language_in_use(company: Workspace, language: str, whole: str,
                                             rows: str) -> None:
    with in_language(language):
        sales, files = sg.choose_sales(company), sg.choose_export(company)
        shown = sg.show_export(company).html
    choice, picture = sales.children
    labels = [label for label, _ in choice.options]
    assert labels[0] == whole
    assert len(labels) == 3
    seen = set()
    for _, value in choice.options:
        choice.value = value
        assert "data:image/svg+xml" in picture.value
        seen.add(picture.value)
    assert len(seen) == 3
    choice, text = files.children
    assert choice.options == ("picture.xlsx", "sales.csv")
    assert "picture.xlsx" in text.value      # refused, with the sentence that says why
    choice.value = "sales.csv"
    for said in (text.value, shown):
        assert rows in said
        assert "&lt;b&gt;Pumps" in said
        assert "<b>Pumps" not in said
    assert "orders.amount" in text.value


def test_where_there_is_one_export_the_second_is_not_the_first_again(company: Workspace) -> None:
    with in_language("en"):
        assert str(sg.show_export(company, number=2)).endswith("only sales.csv.")
        assert "24 rows" in str(sg.show_export(company, "sales.csv", number=2))
