"""Where an indicator will stand on 31 December 2030, and how sure that is."""
