"""Measures how often an answer is right at each confidence -> assistant/models/reader/calibration.json.

Run it after every change of the network, the scorer or their features: ``TANYA_PRECISION`` looks its threshold up here.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assistant.reader import Reader
from assistant.reading.calibration import SHIPPED

from .data import Example, Pool, passage, read, valid_pool
from .metrics import cited

SETS = ("idk_mrc", "facqa")
PASSAGES = 10
STEP = 0.01
FEWEST = 25  # answers, from which a share says something


def outcomes(examples: list[Example], pool: Pool, reader: Reader) -> Iterator[tuple[float, bool, bool]]:
    """Of each question: confidence (-1 where refused whatever the threshold), answerable, a cited sentence holds it."""
    for example in examples:
        passages = [passage(pool.texts[i], score) for i, score in pool.top(example.question, PASSAGES)]
        reading = reader.read(example.question, passages)
        yield reading.confidence if reading.found else -1.0, bool(example.answers), cited(reading, example)


def table(confidence: np.ndarray, answerable: np.ndarray, held: np.ndarray) -> list[list[float]]:
    """Rows of threshold, precision and coverage.

    Precision: of the questions answered, the share with a cited sentence that holds the answer. Coverage: of the
    answerable questions, the share that is answered so.
    """
    rows = []
    for threshold in np.arange(0, 1, STEP):
        said = confidence >= threshold
        if said.sum() < FEWEST:
            break
        right = (said & held).sum()
        rows.append([round(float(x), 4) for x in (threshold, right / said.sum(), right / answerable.sum())])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--limit", type=int, default=10_000, help="at most so many questions of each set")
    arguments = parser.parse_args()
    pool = Pool(valid_pool(arguments.data))
    reader = Reader(threshold=0.0)
    found: list[tuple[float, bool, bool]] = []
    sizes = {}
    for name in SETS:
        examples = read(arguments.data, name, "valid")
        examples = random.Random(0).sample(examples, min(arguments.limit, len(examples)))
        sizes[f"{name}.valid"] = len(examples)
        found += outcomes(examples, pool, reader)
        print(name, len(found), flush=True)
    confidence, answerable, held = (np.array(column) for column in zip(*found, strict=True))
    rows = table(confidence, answerable, held)
    stored = {"measured": datetime.now(UTC).date().isoformat(), "questions": sizes, "passages": PASSAGES, "rows": rows}
    arguments.out.write_text(json.dumps(stored) + "\n", encoding="utf-8")
    for threshold, precision, coverage in rows[::10]:
        print(f"from {threshold:.2f}: right {precision:.3f}, answered rightly {coverage:.3f}")


if __name__ == "__main__":
    main()
