"""Rules and numbers of the assessment: values in, values out."""
