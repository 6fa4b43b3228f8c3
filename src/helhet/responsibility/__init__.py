"""Responsibility rules and the coverage proof: which group answers for each item, why, and what is outside."""
