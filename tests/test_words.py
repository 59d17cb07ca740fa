from __future__ import annotations

import ast
import re
import string

import pytest
from conftest import PROJECT

from salesgoals.words import LANGUAGES, all_words, in_language, language, say, use_language

CODE = sorted((PROJECT / "salesgoals").rglob("*.py"))


def placeholders(text: str) -> set[str]:
    names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    return {re.split(r"[.\[!:]", name)[0] for name in names}


def test_there_are_texts_and_code_to_check() -> None:
    assert len(all_words()) > 100
    assert len(CODE) > 20


def test_both_languages_ask_for_the_same_values() -> None:
    different = {key: texts for key, texts in all_words().items()
                 if placeholders(texts["zh"]) != placeholders(texts["en"])}
    assert not different


def test_every_text_is_there_and_in_its_own_language() -> None:
    for key, texts in all_words().items():
        assert all(texts[name].strip() for name in LANGUAGES), key
        # Quoted input may be Chinese in English texts.
        examples = r"\"[^\"]*\"|“[^”]*”|\([^)]*\)|\{[^}]*\}|:.*"
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(examples, "", texts["en"])), key


def test_chinese_texts_have_chinese_punctuation() -> None:
    beside = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]|[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]")
    wrong = {key: found.group() for key, texts in all_words().items()
             if (found := beside.search(re.sub(r"\{[^{}]*\}|`[^`]*`", "", texts["zh"])))}
    assert not wrong


def used_keys() -> set[str]:
    """Keys written out in the code: say("a.b"), Problem("a.b") and any text that is a key's beginning."""
    found = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("say", "Problem"):
                    found.add(node.args[0].value)
    return found


def test_every_key_that_the_code_names_exists() -> None:
    used = used_keys()
    assert len(used) > 50
    assert used <= set(all_words())


def test_no_displayed_chinese_is_typed_in_code() -> None:
    """Code may hold Chinese only where it recognises input, and in docstrings."""
    recognisers = {"sources", "words", "limits.py", "parameters.py", "reading.py"}
    offenders = []
    for path in CODE:
        if recognisers & set(path.parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {id(node.body[0].value) for node in ast.walk(tree)
                      if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
                      and isinstance(node.body[0], ast.Expr)}
        offenders += [f"{path.name}:{node.lineno} {node.value}" for node in ast.walk(tree)
                      if isinstance(node, ast.Constant) and isinstance(node.value, str)
                      and id(node) not in docstrings and re.search(r"[\u4e00-\u9fff]", node.value)]
    assert not offenders


def test_language_is_one_setting_and_comes_back() -> None:
    with in_language("zh"):
        assert (language(), say("common.month")) == ("zh", "月份")
    assert language() == "en"
    with pytest.raises(ValueError, match="zh and en"):
        use_language("fr")


def test_one_row_many_rows() -> None:
    text = all_words()["tables.share_outside"]["en"]
    assert "{count:#row|rows}" in text
    assert "1 row " in say("tables.share_outside", table="orders", column="credit_share", count=1)
    assert "1,200 rows " in say("tables.share_outside", table="orders", column="credit_share", count=1200)


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(KeyError, match=r"common\.month"):
        say("common.mont")
