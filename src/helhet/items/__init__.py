"""The register: all that can be pointed at, its kind, parts, links, comments and attachments. Has no doors of its own."""
