"""The shipped model's light loader, any other sentence-transformers model, and LangChain's embeddings."""

import json
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from index.embedding import DEFAULT_EMBEDDING, Encoder, _float8_values, as_encoder, load_embedding
from index.errors import EmbeddingError

SENTENCES = [
    "Gubernur meresmikan jembatan baru di Samarinda pada hari Senin.",
    "",
    "   \n\t ",
    "😀 ☂ 中文",
    "Rp1.250.000 untuk setiap keluarga; 12,5 persen lebih banyak daripada tahun 2023!",
    "The governor opened a new bridge in Samarinda on Monday.",
    "tanpaspasi" * 2_000,
]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A StaticEmbedding of four words in two dimensions."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    vocabulary = {"[UNK]": 0, "banjir": 1, "gempa": 2, "##nya": 3}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    rows = np.array([[0, 0], [3, 4], [0, 2], [4, -3]], dtype=np.float16)
    save_file({"embedding.weight": rows}, folder / "model.safetensors")
    module = "sentence_transformers.models.StaticEmbedding"
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "", "type": module}]))
    return folder


def test_static_vector_is_normalised_mean_of_token_vectors(tiny: Path):
    encoder = load_embedding(str(tiny))
    assert (encoder.name, encoder.dimension) == (str(tiny), 2)
    vectors = encoder.encode_documents(["banjir", "Banjirnya", "gempa gempa banjir", "tsunami", ""])
    expected = [[0.6, 0.8], [0.98994949, 0.14142136], [0.35112344, 0.93632918], [0, 0], [0, 0]]
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    assert vectors.dtype == np.float32


def test_lists_and_arrays_agree(tiny: Path):
    encoder = load_embedding(str(tiny))
    texts = ["banjir", "gempa banjir"]
    assert encoder.embed_documents(texts) == encoder.encode_documents(texts).tolist()
    assert encoder.embed_query("gempa") == encoder.encode_query("gempa").tolist() == [0.0, 1.0]
    assert encoder.encode_query("gempa").shape == (2,)
    assert encoder.encode_documents([]).shape == (0, 2)


def test_more_texts_than_a_batch_keep_their_order(tiny: Path):
    vectors = load_embedding(str(tiny)).encode_documents(["banjir", "gempa"] * 500)
    assert (vectors[::2] == vectors[0]).all()
    assert (vectors[1::2] == vectors[1]).all()
    assert (vectors[0] != vectors[1]).any()


def test_shipped_model_is_small_and_finds_related_sentence():
    encoder = load_embedding()
    assert encoder.name == DEFAULT_EMBEDDING
    folder = Path(__file__).parents[1] / "index" / "models" / DEFAULT_EMBEDDING
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) <= 8_500_000
    passages = [
        "Banjir merendam ratusan rumah warga di tepi sungai.",
        "Harga cabai di pasar turun menjelang akhir pekan.",
        "Tim nasional menang dua gol atas tamunya.",
    ]
    scores = encoder.encode_documents(passages) @ encoder.encode_query("Berapa rumah yang terendam air sungai?")
    assert scores.argmax() == 0


@pytest.mark.slow
@pytest.mark.parametrize("which", ["shipped", "tiny"])
def test_vectors_equal_those_of_sentence_transformers(which: str, tiny: Path):
    from sentence_transformers import SentenceTransformer

    folder = tiny if which == "tiny" else Path(__file__).parents[1] / "index" / "models" / DEFAULT_EMBEDDING
    texts = [*SENTENCES, "banjirnya gempa", "tsunami"]
    library = SentenceTransformer(str(folder), device="cpu").float()
    ours = load_embedding(str(folder))
    np.testing.assert_allclose(
        ours.encode_documents(texts), library.encode(texts, normalize_embeddings=True), atol=2e-6
    )
    for text in texts:
        np.testing.assert_allclose(
            ours.encode_query(text), library.encode_query(text, normalize_embeddings=True), atol=2e-6
        )
    # The library adds up one token after the other in single precision, and loses digits over 60,000 of them.
    long = "banjir gempa bumi " * 20_000
    np.testing.assert_allclose(
        ours.encode_query(long), library.encode_query(long, normalize_embeddings=True), atol=2e-4
    )
    if which == "tiny":  # as stored, in half precision, the library rounds each vector; it does not compute in 8 bits
        half = SentenceTransformer(str(folder), device="cpu").encode("banjirnya gempa", normalize_embeddings=True)
        np.testing.assert_allclose(ours.encode_query("banjirnya gempa"), half, atol=2e-3)


def test_table_in_8_bits_is_that_in_16(tiny: Path):
    texts = ["banjir", "Banjirnya", "gempa gempa banjir"]
    wide = load_embedding(str(tiny)).encode_documents(texts)
    codes = bytes([0x00, 0x00, 0x44, 0x48, 0x00, 0x40, 0x48, 0xC4])  # the same numbers: 0, 0, 3, 4, 0, 2, 4, -3
    header = json.dumps({"embedding.weight": {"dtype": "F8_E4M3", "shape": [4, 2], "data_offsets": [0, 8]}}).encode()
    (tiny / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + codes)
    np.testing.assert_array_equal(load_embedding(str(tiny)).encode_documents(texts), wide)


@pytest.mark.slow
def test_every_8_bit_code_is_the_number_that_torch_takes_it_for():
    import torch

    wanted = torch.arange(256, dtype=torch.uint8).view(torch.float8_e4m3fn).float().numpy()
    np.testing.assert_array_equal(_float8_values(), wanted)


@pytest.mark.slow
def test_folder_with_prompts_is_read_by_the_library(tiny: Path):
    """A module the light loader does not know, and prompts: the query's is "gempa ", the document's "banjir "."""
    modules = json.loads((tiny / "modules.json").read_text())
    modules.append(
        {"idx": 1, "name": "1", "path": "1_Dense", "type": "sentence_transformers.sentence_transformer.modules.Dense"}
    )
    (tiny / "modules.json").write_text(json.dumps(modules))
    (tiny / "1_Dense").mkdir()
    settings = {"in_features": 2, "out_features": 2, "bias": False, "activation_function": "torch.nn.Identity"}
    (tiny / "1_Dense" / "config.json").write_text(json.dumps(settings))
    save_file({"linear.weight": np.array([[0, 1], [1, 0]], dtype=np.float32)}, tiny / "1_Dense" / "model.safetensors")
    (tiny / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "gempa ", "document": "banjir "}})
    )
    encoder = load_embedding(str(tiny))
    np.testing.assert_allclose(encoder.encode_query("gempa"), [1, 0], atol=1e-6)
    np.testing.assert_allclose(encoder.encode_documents(["banjir"]), [[0.8, 0.6]], atol=1e-6)
    assert encoder.encode_documents([]).shape == (0, encoder.dimension)


def test_broken_files_are_named(tiny: Path):
    (tiny / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(EmbeddingError, match=r"tiny.*TANYA_EMBEDDING"):
        load_embedding(str(tiny))


def test_broken_tokenizer_is_named(tiny: Path):
    (tiny / "tokenizer.json").write_text('{"model": ')
    with pytest.raises(EmbeddingError, match=r"tiny.*TANYA_EMBEDDING"):
        load_embedding(str(tiny))


@pytest.mark.slow
def test_missing_model_says_what_to_do_next(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(EmbeddingError, match=r"no embedding model.*Give a folder.*TANYA_EMBEDDING"):
        load_embedding("nobody/has-such-a-model")


def test_empty_name_is_an_error():
    with pytest.raises(EmbeddingError, match="is empty"):
        load_embedding(" ")


@pytest.mark.slow
def test_empty_folder_is_an_error(tmp_path: Path):
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        load_embedding(str(tmp_path))


class Lengths(Embeddings):
    """Embeds a text as its length and 1."""

    model = "panjang"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [float(len(text)), 1.0]


def test_langchain_embeddings_are_wrapped_and_normalised():
    encoder = as_encoder(Lengths())
    assert isinstance(encoder, Encoder)
    assert (encoder.name, encoder.dimension) == ("Lengths:panjang", 2)
    np.testing.assert_allclose(encoder.encode_query(""), [0, 1])
    np.testing.assert_allclose(np.linalg.norm(encoder.encode_documents(["a", "abc"]), axis=1), 1, rtol=1e-6)
    assert encoder.encode_documents([]).shape == (0, 2)


def test_encoder_is_not_wrapped_again(tiny: Path):
    encoder = load_embedding(str(tiny))
    assert isinstance(encoder, Embeddings)
    assert as_encoder(encoder) is encoder
