"""The agent-based labour market: residents, households and institutions, month by month. Opens no file."""
