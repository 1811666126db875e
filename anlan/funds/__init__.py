"""Money for the programme: the sources of each year and what each is earmarked for."""
