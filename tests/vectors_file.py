"""The worked examples that formulas are held to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "vectors.json").read_text("utf-8"))
PLACES = 5e-5
"""The examples are written to four decimals."""
