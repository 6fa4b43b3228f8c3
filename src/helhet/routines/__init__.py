"""Routines: how recurring work is done, each use of them, operational tasks and the alerts that ask for them."""
