"""A language model that is made here: random weights, its own tokenizer, and so words without any sense."""

from __future__ import annotations

from collections.abc import Callable


def tiny_model(words: int = 60) -> Callable[[str], str]:
    """Continues a prompt by so many tokens, the same ones each time."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: number for number, letter in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    torch.manual_seed(1)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = LlamaConfig(
        vocab_size=len(alphabet), max_position_embeddings=512, bos_token_id=None, eos_token_id=None, **sizes
    )
    model = LlamaForCausalLM(config).eval()

    def continued(prompt: str) -> str:
        read = torch.tensor([tokenizer.encode(prompt[-400:]).ids[-400:]])
        with torch.inference_mode():
            written = model.generate(
                read, attention_mask=torch.ones_like(read), max_new_tokens=words, do_sample=True, pad_token_id=0
            )
        return tokenizer.decode(written[0, read.shape[1] :].tolist())

    return continued
