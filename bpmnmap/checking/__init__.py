"""All that is wrong with maps, without a scenario: reading, the schema, lowering and soundness."""
