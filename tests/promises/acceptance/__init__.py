"""The lists of what has to be found: HIPAA's identifiers, card data, special categories of the GDPR, keys."""
