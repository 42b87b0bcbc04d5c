"""What the API shows and takes, field by field: a new column is not published by accident."""
