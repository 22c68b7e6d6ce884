"""Many webhooks in a short while, a quarter repeated and a quarter out of order: each text is one answer."""

from __future__ import annotations

from pathlib import Path

from tests.bench.soaking import soak
from tests.bench.texting import build_environment


def test_every_text_of_a_flood_is_one_answer(database_url: str, tmp_path: Path) -> None:
    soaked = soak(build_environment(str(tmp_path), database_url), texts=400, per_second=150)
    assert soaked.wrong == ()
    assert soaked.answers == soaked.texts == 400
    assert soaked.webhooks == 500
