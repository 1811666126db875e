"""Every read of the assessment that others may ask for."""
