"""The copy that needs no server: what stands in it, how it is made, signed, put in place and verified."""
