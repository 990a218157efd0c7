"""The explorer: levers beside answers in JupyterLab, in Swedish and English."""
