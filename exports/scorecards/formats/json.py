"""The scorecard as JSON: numbers unrounded, null where the status says why."""

from __future__ import annotations

import json
from dataclasses import asdict

from exports.scorecards.scorecard import Scorecard


def scorecard_json(scorecard: Scorecard) -> str:
    """Give `{"round": code, "definition": id, "sample_data": bool, "rows": [...]}`, the keys of a row as in C18."""
    study = scorecard.study
    content = {
        "round": study.round_code,
        "definition": study.definition.id,
        "sample_data": study.sample_data,
        "rows": [asdict(row) for row in scorecard.rows],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
