"""What a value of a field may be: schemas, phone numbers, dates, postal codes."""
