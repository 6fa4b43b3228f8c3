"""The door inward: readers, mappings, plan, apply and undo of imports."""
