"""Django's backend for SQLite, whose writers say when they wait."""
