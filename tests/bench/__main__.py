"""`make bench`: one table on standard output, and the same as JSON in `tests/bench/results.json`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.bench import answering, delivering, evaluating, starting, texting
from tests.bench.measuring import Figure, draw_table

BENCHES = {
    "P1": answering.measure_pages,
    "P1+P6 long": answering.measure_long_pages,
    "P2": answering.measure_posts,
    "P3": texting.measure,
    "P4+P5": evaluating.measure,
    "P6": answering.measure_weight,
    "P7": starting.measure,
    "P8": delivering.measure,
}


def main(names: list[str]) -> None:
    """Run the named benches (default: all) and print the table."""
    figures: list[Figure] = []
    for name in names or BENCHES:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        figures += BENCHES[name]()
    print("\n".join(draw_table(figures)))
    target = Path(__file__).parent / "results.json"
    target.write_text(json.dumps([asdict(f) for f in figures], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
