"""The pages of suppliers and contracts."""
