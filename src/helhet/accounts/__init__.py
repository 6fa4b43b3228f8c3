"""Users, sign-in and API tokens. Knows no group: what a user may do is decided by the policy that fills `kit.rights`."""
