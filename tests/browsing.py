"""A real JupyterLab and a real browser, with everything but this machine blocked."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Lab keeps cells outside the view out of the page unless told otherwise, and asks for news and updates.
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification":
        {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def find_browser() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "msedge"):
        if path := shutil.which(name):
            return path
    return None


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = find_browser()
    if path is None:
        if os.environ.get("SALESGOALS_REQUIRE_BROWSER"):
            pytest.fail("SALESGOALS_REQUIRE_BROWSER is set, but no Chromium was found")
        pytest.skip("no Chromium, Chrome or Edge found on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, headless=True, args=BROWSER_ARGUMENTS)
        yield opened
        opened.close()


class Watched:
    """A page whose requests to the outside and script errors are kept."""

    def __init__(self, browser: Any, language: str = "zh-CN") -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 1100}, locale=language)
        self.page = self.context.new_page()
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page.route("**/*", self._only_this_machine)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _only_this_machine(self, route: Any) -> None:
        if route.request.url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "file:", "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    opened = Watched(browser)
    yield opened
    opened.context.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures of what was seen are kept for a person to look at."""
    folder = Path(__file__).resolve().parents[1] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Start a JupyterLab of its own; gives its address and the folder it shows."""
    home = tmp_path_factory.mktemp("lab")
    shown, settings = home / "shown", home / "settings"
    shown.mkdir()
    settings.mkdir()
    (settings / "overrides.json").write_text(json.dumps(LAB_SETTINGS), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    private = {name: str(home / name.lower()) for name in
               ("JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR",
                "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
               f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
               "--ServerApp.password=", f"--ServerApp.root_dir={shown}",
               "--LabApp.expose_app_in_browser=True", f"--LabApp.app_settings_dir={settings}",
               "--LabApp.extension_manager=readonly"]
    with (home / "log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, env={**os.environ, **private}, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(600):
                if server.poll() is not None:
                    pytest.fail((home / "log").read_text(encoding="utf-8")[-2000:])
                try:
                    urllib.request.urlopen(f"{address}/api/status", timeout=1)
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                pytest.fail("JupyterLab did not start within a minute")
            yield address, shown
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
