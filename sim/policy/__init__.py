"""What a municipality or the employment service can set, with dates, rules, prices and uncertain sizes."""
