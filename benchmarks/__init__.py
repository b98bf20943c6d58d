"""kanlab measured against other public KANs, against the limit of the machine, and against the paper's tables."""
