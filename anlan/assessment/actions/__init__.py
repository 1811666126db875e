"""Every change of the assessment, one function a verb."""
