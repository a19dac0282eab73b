"""The private house: everything that staff record, the confidential parts too. Only staff code and the gate read it."""
