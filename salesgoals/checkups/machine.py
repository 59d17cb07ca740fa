"""The laptop itself: Python, disk, memory, folders, letters, clock, browser and its own network address."""

from __future__ import annotations

import ctypes
import locale
import os
import shutil
import socket
import sqlite3
import struct
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from salesgoals.checkups.finding import Finding, fine, lacks, look

OLDEST_PYTHON = (3, 11)
GIGABYTE = 1024**3
ENOUGH_DISK, LEAST_DISK = 2.0, 0.5  # gigabytes
ENOUGH_MEMORY, LEAST_MEMORY = 3.5, 1.8  # a laptop sold with 4 or 2 gigabytes shows a little less
LONGEST_FOLDER = 120  # Windows stops at 260 letters; what the lessons write below a folder takes up to 130
LAB_PORT, SESSION_PORT = 8888, 8700
SYNCED = ("onedrive", "dropbox", "icloud", "google drive", "googledrive", "nutstore", "baidusync", "weiyun")
LETTERS = chr(0x76EE) + chr(0x6807)  # a file name in Chinese
REMOTE_DRIVE = 4


def check_python() -> Finding:
    """Look at the version of Python and whether it has 64 bits."""
    found = ".".join(map(str, sys.version_info[:3]))
    if tuple(sys.version_info[:2]) < OLDEST_PYTHON:
        return lacks("python", "old", found=found)
    bits = 8 * struct.calcsize("P")
    return fine("python", found=found) if bits == 64 else lacks("python", "bits", found=found, bits=bits)


def check_disk() -> Finding:
    """Look at the free space where the work is kept."""
    free = shutil.disk_usage(os.getcwd()).free / GIGABYTE
    if free < LEAST_DISK:
        return lacks("disk", "none", free=free, least=LEAST_DISK)
    return fine("disk", free=free) if free >= ENOUGH_DISK else look("disk", "little", free=free)


def check_memory() -> Finding:
    """Look at the memory that the laptop was built with."""
    size = memory_size()
    if size is None:
        return look("memory", "unknown", enough=4)
    if size < LEAST_MEMORY:
        return lacks("memory", "none", size=size)
    return fine("memory", size=size) if size >= ENOUGH_MEMORY else look("memory", "little", size=size)


class _MemoryStatus(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
        (name, ctypes.c_ulonglong) for name in ("total", "free", "total_page", "free_page", "total_virtual",
                                                "free_virtual", "free_extended")]


def memory_size() -> float | None:
    """Give the gigabytes of memory, or None where the system does not say."""
    try:
        if sys.platform == "win32":
            status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
            ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
            return status.total / GIGABYTE or None
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE
    except (OSError, ValueError, AttributeError):
        return None


def check_folder() -> Finding:
    """Try to write in the folder in which the work is done, under a Chinese name."""
    try:
        _write_and_read(Path(os.getcwd()))
    except (OSError, UnicodeError) as error:
        return lacks("folder", "no", folder=os.getcwd(), reason=_reason(error))
    return fine("folder", folder=os.getcwd())


def check_cache() -> Finding:
    """Try to write in the folder in which this user's programs keep what they need again."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_and_read(folder)
    except (OSError, UnicodeError) as error:
        return look("cache", "no", folder=folder, reason=_reason(error))
    return fine("cache", folder=folder)


def cache_folder() -> Path:
    """Say where this user's caches are kept; the same folder as the lessons use."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "salesgoals"


def _write_and_read(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="salesgoals-", dir=folder) as inside:
        file = Path(inside) / (LETTERS + ".txt")
        file.write_text(LETTERS, encoding="utf-8")
        if file.read_text(encoding="utf-8") != LETTERS:
            raise OSError(file.name)


def check_letters() -> Finding:
    """Look whether programs read and write text as UTF-8 unless told otherwise."""
    wanted = locale.getpreferredencoding(False)
    told = sys.flags.utf8_mode or wanted.replace("-", "").replace("_", "").lower() in ("utf8", "cp65001")
    return fine("letters") if told else look("letters", "other", found=wanted)


def check_ledger() -> Finding:
    """Write to a small database in the working folder, and read it back by another hand."""
    try:
        with tempfile.TemporaryDirectory(prefix="salesgoals-", dir=os.getcwd()) as inside:
            place = os.path.join(inside, "ledger.sqlite")
            first = sqlite3.connect(place, isolation_level=None)
            try:
                first.execute("CREATE TABLE entries (number INTEGER PRIMARY KEY, text TEXT)")
                first.execute("BEGIN IMMEDIATE")
                first.execute("INSERT INTO entries (text) VALUES (?)", (LETTERS,))
                first.execute("COMMIT")
                second = sqlite3.connect(place)
                try:
                    kept = second.execute("SELECT text FROM entries").fetchall()
                finally:
                    second.close()
            finally:
                first.close()
            if kept != [(LETTERS,)]:
                return lacks("ledger", "failed", reason=repr(kept))
    except (sqlite3.Error, OSError) as error:
        return lacks("ledger", "failed", reason=_reason(error))
    return fine("ledger")


def check_path() -> Finding:
    """Look where the working folder lies: too deep, on a network drive, or in a folder that is synced."""
    folder = os.path.abspath(os.getcwd())
    synced = next((name for name in _synced_names() if name in folder.lower()), "")
    if synced:
        return look("path", "synced", folder=folder, name=synced)
    if sys.platform == "win32":
        if folder.startswith("\\\\") or _drive_type(folder) == REMOTE_DRIVE:
            return look("path", "network", folder=folder)
        if len(folder) > LONGEST_FOLDER and not _long_paths():
            return look("path", "long", folder=folder, length=len(folder), longest=LONGEST_FOLDER)
    return fine("path", folder=folder)


def _synced_names() -> Iterator[str]:
    yield from (value.lower() for name, value in os.environ.items() if name.startswith("OneDrive") and value)
    yield from SYNCED


def _drive_type(folder: str) -> int:
    try:
        windows: Any = ctypes.__dict__["windll"]
        return int(windows.kernel32.GetDriveTypeW(os.path.splitdrive(folder)[0] + "\\"))
    except (OSError, KeyError):
        return 0


def _long_paths() -> bool:
    try:
        winreg: Any = import_module("winreg")
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE,
                            r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
            return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
    except (ImportError, OSError):
        return False


def check_clock() -> Finding:
    """Look whether date and time can be right: not before this program was put here."""
    now, shown = time.time(), time.strftime("%Y-%m-%d %H:%M")
    zone = time.strftime("%z")
    put_here = Path(__file__).stat().st_mtime
    if now < put_here - 86_400 or time.gmtime(now).tm_year > time.gmtime(put_here).tm_year + 20:
        return look("clock", "wrong", now=shown)
    return fine("clock", now=shown, zone=f"{zone[:3]}:{zone[3:]}")


def check_browser() -> Finding:
    """Look for a browser that opens the lessons and prints pages."""
    found = next(_browsers(), "")
    return fine("browser", found=found) if found else look("browser", "no")


def _browsers() -> Iterator[str]:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
             "microsoft-edge", "msedge", "firefox")
    yield from (name for name in names if shutil.which(name))
    if sys.platform == "darwin":
        places = [Path("/Applications") / f"{name}.app" for name in
                  ("Google Chrome", "Microsoft Edge", "Firefox", "Safari")]
    else:
        roots = [os.environ.get(name, "") for name in ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA")]
        places = [Path(root) / place for root in roots if root for place in
                  ("Microsoft/Edge/Application/msedge.exe", "Google/Chrome/Application/chrome.exe",
                   "Mozilla Firefox/firefox.exe")]
    yield from (place.stem for place in places if place.exists())


def check_loopback() -> Finding:
    """Let two ends on this laptop talk to each other, as the browser and the lessons do."""
    try:
        with socket.socket() as server:
            server.settimeout(5)
            server.bind(("127.0.0.1", 0))
            server.listen(1)
            with socket.create_connection(server.getsockname(), timeout=5) as client:
                answer, _ = server.accept()
                with answer:
                    answer.settimeout(5)
                    client.sendall(b"42")
                    if answer.recv(2) != b"42":
                        return lacks("loopback", "blocked", reason="")
    except OSError as error:
        return lacks("loopback", "blocked", reason=_reason(error))
    return fine("loopback")


def check_ports() -> Finding:
    """Look whether the usual ports of the lessons and of the served session are free."""
    busy = [port for port in (LAB_PORT, SESSION_PORT) if not _is_free(port)]
    if busy:
        return look("ports", "busy", ports=", ".join(map(str, busy)))
    return fine("ports", ports=f"{LAB_PORT}, {SESSION_PORT}")


def _is_free(port: int) -> bool:
    with socket.socket() as asked:
        if sys.platform != "win32":  # there a port just left counts as taken for a minute
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def check_proxy() -> Finding:
    """Look whether a proxy would take even what this laptop says to itself."""
    proxies = urllib.request.getproxies()
    named = next((proxies[kind] for kind in ("http", "https", "all") if kind in proxies), "")
    reached = [name for name in ("localhost", "127.0.0.1") if not urllib.request.proxy_bypass(name)]
    if named and reached:
        shown = named.rpartition("@")[2]  # a password in it is nobody's business
        return look("proxy", "local", proxy=shown, names=", ".join(reached))
    return fine("proxy")


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__)
