"""Suppliers and contracts for programs."""
