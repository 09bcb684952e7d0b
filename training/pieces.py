"""The tokenizer of the static embedding, and texts as its piece numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from .data import Pair

Ids = npt.NDArray[np.int32]


def train_tokenizer(texts: Iterator[str], pieces: int) -> Tokenizer:
    """WordPiece without case, accents, apostrophes or punctuation: what a question may write differently."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=60))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex("['’‘ʼ`´]"), ""),
            normalizers.BertNormalizer(lowercase=True, strip_accents=True),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\d+|[\p{L}\p{M}]+"), behavior="removed", invert=True)
    trainer = trainers.WordPieceTrainer(
        vocab_size=pieces, min_frequency=2, special_tokens=["[UNK]"], limit_alphabet=200, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


class Pieces(dict[str, Ids]):
    """text -> its piece numbers. Sentences come back in every epoch, in other company."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self._tokenizer = tokenizer

    def read(self, texts: Iterable[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self]
        for text, encoding in zip(new, self._tokenizer.encode_batch_fast(new, add_special_tokens=False), strict=True):
            self[text] = np.asarray(encoding.ids, dtype=np.int32)

    def passage(self, sentences: Sequence[str]) -> Ids:
        return np.concatenate([np.empty(0, np.int32), *(self[sentence] for sentence in sentences)])

    def usable(self, found: Iterable[Pair]) -> list[Pair]:
        """The pairs that have at least one piece on either side."""
        found = list(found)
        self.read(text for pair in found for text in (pair.query, *pair.passage))
        return [pair for pair in found if len(self[pair.query]) and len(self.passage(pair.passage))]
