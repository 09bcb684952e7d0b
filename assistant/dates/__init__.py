"""Dates in articles, questions and answers: how they are written, and which days they mean."""
