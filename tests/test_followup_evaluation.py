"""Follow-ups measured against the same questions in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core import Assistant
from assistant.followup_evaluation import FollowUpReport, evaluate_follow_ups, load_follow_ups
from assistant.settings import Settings
from index import read_articles
from index.errors import ReadError

CASES = Path(__file__).parent / "followups.jsonl"
SEEDS = Path(__file__).parents[1] / "seeds"


def test_shares_are_of_what_the_questions_in_full_find() -> None:
    report = FollowUpReport((), (), {1: 0.2, 5: 0.4}, {1: 0.4, 5: 0.6}, {1: 0.0, 5: 0.8})
    assert (report.share(1), report.share(5)) == (None, pytest.approx(0.75))
    assert report.to_dict()["recall@5"] == {"alone": 0.4, "rewritten": 0.6, "standalone": 0.8, "share": 0.6 / 0.8}
    assert "0.75" in str(report)


def test_every_follow_up_has_its_evidence_in_the_seeds() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SEEDS.glob("*.md")]
    cases = load_follow_ups(CASES)
    assert len(cases) >= 40
    for case in cases:
        assert case.history
        assert any(case.evidence in text for text in texts), case.evidence


@pytest.mark.parametrize("line", ["", "[]", '{"question": "Kapan?"}', "{", '{"question": "a", "history": [{"x": 1}]}'])
def test_a_bad_file_is_refused_by_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(ReadError, match=r"bad\.jsonl"):
        load_follow_ups(path)


@pytest.mark.slow
def test_rewritten_follow_ups_find_what_the_questions_in_full_find(tmp_path: Path) -> None:
    with Assistant.from_settings(Settings(index=tmp_path / "index"), create=True) as assistant:
        assistant.index.add(read_articles(SEEDS))
        report = evaluate_follow_ups(assistant, load_follow_ups(CASES))
    assert report.share(5) is not None
    assert (report.share(5) or 0) >= 0.9
    assert report.alone[5] < report.resolved[5]
