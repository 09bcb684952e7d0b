"""A question in, an answer with its evidence out.

Example::

    from assistant import Assistant

    with Assistant.from_settings() as assistant:
        print(assistant.ask("Siapa pendamping Rudy Mas'ud?"))
"""

from .core import Assistant, open_index
from .settings import Settings
from .types import Answer, Citation, Claim, Support, Turn, Usage

__all__ = ["Answer", "Assistant", "Citation", "Claim", "Settings", "Support", "Turn", "Usage", "open_index"]
