"""Let an estimate of what happened change what the model believes, without overwriting anything."""
