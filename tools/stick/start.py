"""Installs salesgoals from this folder, without a network, and opens the lessons. 由启动文件调用。

    python start.py [lab|doctor|demo|install]
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETTINGS = json.loads((HERE / "start.json").read_text(encoding="utf-8"))
HOME = Path(os.environ.get("SALESGOALS_HOME") or Path.home() / "salesgoals-workshop")
STOPPED = 1


def tell(key, **values):
    """Say a text in both languages; the laptop's own cannot be told for sure."""
    for name in ("zh", "en"):
        print(SETTINGS["texts"][key][name].format(**values), flush=True)


def system_name():
    """Say which of the folder's systems this laptop is."""
    machine = platform.machine().lower()
    kinds = {"win32": "windows", "darwin": "mac-arm64" if machine == "arm64" else "mac-x86_64"}
    return kinds.get(sys.platform, "linux")


def damaged_files(system):
    """Compare what will be installed with the list of sums; name what differs."""
    wrong = []
    for line in (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        told, name = line.split("  ", 1)
        if name.startswith("wheels/") or name == f"requirements/{system}.txt":
            path = HERE / name
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != told:
                wrong.append(name)
    return wrong


def inside(name):
    """Give the path of a program in the environment."""
    folder, ending = ("Scripts", ".exe") if sys.platform == "win32" else ("bin", "")
    return HOME / "venv" / folder / (name + ending)


def install(system):
    """Make the environment once; a later start finds it ready. False where it could not be made."""
    lock = HERE / "requirements" / (system + ".txt")
    wheel = next((HERE / "wheels").glob("salesgoals-*.whl"))
    mark = hashlib.sha256(lock.read_bytes() + wheel.read_bytes()).hexdigest()
    done = HOME / "venv" / ".installed"
    if done.is_file() and done.read_text(encoding="utf-8") == mark:
        return True
    tell("checking")
    wrong = damaged_files(system)
    if wrong:
        tell("damaged", files=", ".join(wrong))
        return False
    tell("installing", folder=HOME)
    shutil.rmtree(HOME / "venv", ignore_errors=True)
    HOME.mkdir(parents=True, exist_ok=True)
    venv.create(HOME / "venv", with_pip=True)
    command = [str(inside("python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
               "--no-index", "--find-links", str(HERE / "wheels"), "-r", str(lock), str(wheel)]
    if subprocess.run(command, check=False).returncode:
        tell("not_installed")
        return False
    done.write_text(mark, encoding="utf-8")
    return True


def copy_lessons():
    """Put lessons and cases beside the environment, once: whoever has written in them keeps that."""
    code = "import salesgoals, pathlib; print(pathlib.Path(salesgoals.__file__).parent / '_project')"
    # -I and the folder: a salesgoals that happens to lie where this was started is not the one installed.
    found = subprocess.run([str(inside("python")), "-I", "-X", "utf8", "-c", code], capture_output=True,
                           text=True, encoding="utf-8", check=True, cwd=str(HOME))
    project = Path(found.stdout.strip())
    left_out = shutil.ignore_patterns("source", "__pycache__")
    for name in ("notebooks", "case_studies"):
        if (project / name).is_dir() and not (HOME / name).exists():
            shutil.copytree(project / name, HOME / name, ignore=left_out)
    if (HERE / "handouts").is_dir() and not (HOME / "handouts").exists():
        shutil.copytree(HERE / "handouts", HOME / "handouts")


def main():
    """Check, install, start."""
    asked = sys.argv[1] if len(sys.argv) > 1 else "lab"
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    system, mine = system_name(), "{}.{}".format(*sys.version_info[:2])
    if mine != SETTINGS["python"] or sys.maxsize < 2 ** 32:
        tell("other_python", found=mine, wanted=SETTINGS["python"])
        return STOPPED
    if system not in SETTINGS["systems"]:
        tell("other_system", found=system, systems=", ".join(SETTINGS["systems"]))
        return STOPPED
    if asked not in ("lab", "doctor", "demo", "install"):
        tell("unknown", found=asked)
        return STOPPED
    if not install(system):
        return STOPPED
    copy_lessons()
    os.environ["PYTHONUTF8"] = "1"
    tell("ready", folder=HOME)
    if asked == "install":
        return 0
    if asked in ("doctor", "demo"):
        words = [asked] if asked == "doctor" else ["demo", str(HOME / "demo")]
        return subprocess.run([str(inside("salesgoals")), *words], check=False, cwd=str(HOME)).returncode
    tell("starting")
    return subprocess.run([str(inside("jupyter")), "lab", "--LabApp.extension_manager=readonly"],
                          check=False, cwd=str(HOME)).returncode


if __name__ == "__main__":
    sys.exit(main())
