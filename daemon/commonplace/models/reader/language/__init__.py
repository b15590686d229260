"""English as the reader knows it: stems, words that mean the same, kin, numbers."""
