"""Laws as sums of products of forms under an outer form, found by regression on a dictionary of such products."""
