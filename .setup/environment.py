"""Makes the project's virtual environment from the lock file, also where the system's Python has no pip."""

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / "bin" / "python"
# Debian and Ubuntu split ensurepip from python3, so pip comes along; it installs itself from its own wheel.
PIP = next((ROOT / ".setup").glob("pip-*.whl"))


def pip(*words: str) -> None:
    """Run pip in the new environment; it needs not be installed there."""
    environment = {**os.environ, "PYTHONPATH": str(PIP), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([str(PYTHON), "-m", "pip", *words], check=True, env=environment, cwd=ROOT)


def main() -> None:
    """Make the environment, or say what is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036  # this runs before anything could have checked the version
        sys.exit(
            f"surveyapp needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
            "Install a newer one and run: make PYTHON=python3.12 …"
        )
    if not PYTHON.exists():
        print("Making a virtual environment in .venv …", flush=True)
        venv.create(HOME, with_pip=False, symlinks=True)
    print("Installing the pinned packages (about a minute the first time) …", flush=True)
    pip("install", "--quiet", "--require-hashes", "-r", "requirements.lock")
    pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
    (HOME / ".ready").touch()


if __name__ == "__main__":
    main()
