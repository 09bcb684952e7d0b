"""The parts of the claims check: quantities, days, names, polarity, and the trained support score."""
