"""From learned curves to closed forms."""
