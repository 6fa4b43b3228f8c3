"""Documents: controlled texts with drafts, versions, review, approval, readers, and what they describe."""
