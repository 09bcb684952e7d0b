"""The parts of the writer: a chat model under a budget, sentences with opaque ids, and statements held to them."""
