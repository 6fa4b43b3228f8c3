"""Persons, groups, memberships, mandates, tasks and saved views; who answers for what since when; the rights policy."""
