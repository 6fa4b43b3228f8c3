"""Documents and services on paper: tagged PDF by Typst, DOCX by python-docx, both from one tree of plain values."""
