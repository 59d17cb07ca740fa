"""Write the two pages of the glossary from teaching/glossary.toml; ``--check`` says if they are stale."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

TEACHING = Path(__file__).resolve().parents[1] / "teaching"
HEADS = {"en": ("Glossary", "One word for one thing. To print it: `salesgoals print sheets`.",
                "word", "Chinese", "what is meant"),
         "zh": ("术语表", "一个词只说一件事。要打印：`salesgoals print sheets`。", "词", "英文", "意思")}


def read_terms() -> list[dict[str, str]]:
    """Read the entries."""
    return list(tomllib.loads((TEACHING / "glossary.toml").read_text(encoding="utf-8"))["term"])


def page(language: str) -> str:
    """Write the page of one language."""
    title, about, *heads = HEADS[language]
    other = {"en": "zh", "zh": "en"}[language]
    rows = [heads, ["---"] * 3]
    rows += [[term[language], term[other], term[f"meaning_{language}"]] for term in read_terms()]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"# {title}\n\n{about}\n\n{table}\n"


def main() -> int:
    """Write the pages, or compare them."""
    stale = []
    for language, name in (("en", "glossary.md"), ("zh", "glossary.zh.md")):
        path = TEACHING / name
        if not path.exists() or path.read_text(encoding="utf-8") != page(language):
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(page(language), encoding="utf-8", newline="\n")
    if "--check" in sys.argv and stale:
        print("stale, run tools/build_glossary.py:", ", ".join(stale))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
