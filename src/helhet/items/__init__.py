"""The register: all that can be pointed at, its kind, parts, links, comments and attachments. No doors of its own."""
