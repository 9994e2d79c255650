"""Files of any shape become events through a mapping, each row once, however often it is run."""
