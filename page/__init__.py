"""The chat page in parts: what it says, what it shows, what it does. ``ui.py`` puts them together."""
