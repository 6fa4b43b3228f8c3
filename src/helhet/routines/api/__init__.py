"""Routines and runs for programs."""
