"""What may stand in the place of a volume's files: a page about an error, the walls or a question.

Panes only render values; they import Qt, `gui.icons`, `gui.wording` and the vocabulary of `core`.
"""
