"""The projected value of an indicator on 31 December 2030, and how certain it is."""
