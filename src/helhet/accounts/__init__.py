"""Users, sign-in and API tokens. Knows no group: the policy that fills `kit.rights` says what a user may do."""
