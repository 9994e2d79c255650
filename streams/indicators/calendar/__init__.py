"""China's calendar: which days people work, and which days of two years compare."""
