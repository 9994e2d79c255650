"""The reports that the plan asks for: monthly, yearly and mid-term, as HTML, Word and Excel."""
