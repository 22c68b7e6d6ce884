"""The house stands as the map says: light start, own names, pinned packages, nothing that belongs elsewhere."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAVY = ("pyxform", "openpyxl", "pandas", "twilio", "scipy", "alembic", "segno", "pyarrow", "networkx")


def modules_after(code: str, tmp_path: Path) -> set[str]:
    """Give the modules that a fresh Python has loaded after this code."""
    program = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=True)
    return set(ended.stdout.split())


def test_a_web_process_starts_without_the_heavy_libraries(tmp_path: Path) -> None:
    loaded = modules_after(
        "from surveyapp import create_app\n"
        "from surveyapp.config import read_settings\n"
        f"create_app(read_settings({{}}, secret_key='0' * 32, data_dir={str(tmp_path)!r}))",
        tmp_path,
    )
    assert loaded.isdisjoint(HEAVY)
    assert "flask" in loaded


def test_the_command_line_says_its_help_without_flask_or_sqlalchemy(tmp_path: Path) -> None:
    loaded = modules_after("import surveyapp.cli", tmp_path)
    assert loaded.isdisjoint({*HEAVY, "flask", "sqlalchemy", "marshmallow", "lark"})


def test_forms_and_exports_are_ours(tmp_path: Path) -> None:
    where = subprocess.run(
        [sys.executable, "-c", "import forms, exports; print(forms.__file__); print(exports.__file__)"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    ).stdout.split()
    assert [Path(path).resolve().parent for path in where] == [ROOT / "forms", ROOT / "exports"]


def test_every_package_is_pinned_with_its_checksum_and_without_an_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    entries = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]
    assert entries
    assert all("==" in entry for entry in entries)
    assert lock.count("--hash=sha256:") >= len(entries)


def test_only_one_file_speaks_to_twilio_and_only_the_study_uses_pandas() -> None:
    for package, allowed in (("twilio", {"surveyapp/gateways/twilio.py"}), ("pandas", set())):
        users = {
            str(path.relative_to(ROOT))
            for floor in ("forms", "exports", "surveyapp")
            for path in (ROOT / floor).rglob("*.py")
            if any(
                line.strip().startswith((f"import {package}", f"from {package}"))
                for line in path.read_text(encoding="utf-8").splitlines()
            )
        }
        users -= {user for user in users if package == "pandas" and user.startswith("exports/")}
        assert users <= allowed
