"""Run a policy and its baseline on the same chance, many times; keep, pair and summarise what comes out."""
