"""The commands of ``tanya``, by what they are about; ``assistant.cli`` joins them."""
