"""Services on the vocabulary: load what comes with the product, and edit what is the country's own."""
