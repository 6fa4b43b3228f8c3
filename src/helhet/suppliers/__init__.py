"""Suppliers: who delivers what to us under which contract, whom to call, and what they have agreed to."""
