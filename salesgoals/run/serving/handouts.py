"""The hand-outs behind the session's door, made in a process of their own so that nobody's claim waits.

``python -m salesgoals.run.serving.handouts LANGUAGE`` makes all of one language, a line of JSON for each.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress

from salesgoals.words import LANGUAGES, all_words, in_language, say, use_language

NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
LONGEST_PAGE = 2**24  # bytes of one line


class Handouts:
    """Pages of the invented sample company, nobody's own figures; made when the first one is asked for."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, str], asyncio.Future[str]] = {}
        self._at_work: dict[str, asyncio.Task[None]] = {}

    def names(self) -> list[str]:
        """Which there are; none where the package has none."""
        try:
            from salesgoals.show.handouts import list_handouts
        except ImportError:
            return []
        return [name for name in list_handouts() if NAME.fullmatch(name)]

    def titles(self) -> list[tuple[str, str]]:
        """Name and title of each in the language in use."""
        keys = {name: f"handouts.{name}.title" for name in self.names()}
        return [(name, say(key) if key in all_words() else name) for name, key in keys.items()]

    def prepare(self, language: str) -> None:
        """Start making the pages of a language, if nobody has."""
        if language not in self._at_work:
            for name in self.names():
                self._pages[name, language] = asyncio.get_running_loop().create_future()
            self._at_work[language] = asyncio.create_task(self._make(language))

    async def page(self, name: str, language: str) -> str:
        """One page; empty where it could not be made."""
        self.prepare(language)
        return await asyncio.shield(self._pages[name, language])

    async def _make(self, language: str) -> None:
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, language, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, limit=LONGEST_PAGE)
        assert worker.stdout is not None
        try:
            async for line in worker.stdout:
                made = json.loads(line)
                self._pages[made["name"], language].set_result(made["page"])
        finally:
            with suppress(ProcessLookupError):
                worker.kill()
            for (_, spoken), page in self._pages.items():
                if spoken == language and not page.done():
                    page.set_result("")


def policy_of(page: str) -> str:
    """Allow exactly the scripts that stand in a page, each by its hash, and no address at all.

    Examples
    --------
    >>> policy_of("<script>draw()</script>").split(";")[1].strip()[:20]
    "script-src 'sha256-j"
    """
    texts = re.findall(r"<script\b[^>]*>(.*?)</script>", page, re.DOTALL | re.IGNORECASE)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
              for text in texts]
    return (f"default-src 'none'; script-src {' '.join(hashes) or chr(39) + 'none' + chr(39)};"
            " style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none';"
            " frame-ancestors 'none'")


def write_all(language: str, write: Callable[[str], object]) -> None:
    """Make every hand-out of a language; one that cannot be made is empty."""
    from salesgoals.problems import SalesgoalsError
    from salesgoals.show.handouts import handout_page

    with in_language(language):
        for name in Handouts().names():
            page = ""
            with suppress(SalesgoalsError, OSError):
                page = handout_page(name)
            write(json.dumps({"name": name, "page": page}) + "\n")


if __name__ == "__main__":
    use_language(sys.argv[1] if sys.argv[1] in LANGUAGES else "en")

    def tell(line: str) -> None:
        """Hand a page on as soon as it is made."""
        sys.stdout.write(line)
        sys.stdout.flush()

    write_all(sys.argv[1], tell)
