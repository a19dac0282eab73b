"""Sentences for a reader that are made where the reader's language is not known yet.

Below the web floor nobody knows in which language a page is made. A phrase is English text that remembers how it was
put together, so that the page can say the same in its own language, while files and the command line print it as it is.
"""

from collections.abc import Callable

Translate = Callable[[str], str]
"""Gives an English phrase in the reader's language; braces stay as they are, to be filled in afterwards."""

Naming = Callable[[object], object]
"""Gives a value of a phrase that has names in many languages, such as a country, in the reader's language."""


class Phrase(str):
    """An English phrase: `template` holds its words with places in braces, `values` what stands in these places."""

    template: str
    values: dict[str, object]

    def in_words(self, translate: Translate, naming: Naming = lambda value: value) -> str:
        """The phrase in the reader's language; phrases and names among its values are said in it too."""
        values = {
            name: value.in_words(translate, naming) if isinstance(value, Phrase) else naming(value)
            for name, value in self.values.items()
        }
        words = translate(self.template)
        return words.format(**values) if values else words


def phrase(template: str, **values: object) -> Phrase:
    """A phrase with its values; the extraction of messages finds the template by the name of this function."""
    made = Phrase(template.format(**values) if values else template)
    made.template = template
    made.values = values
    return made
