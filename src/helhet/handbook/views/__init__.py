"""The pages of service documentation."""
