"""The pages: one module per thing, over the domain apps."""
