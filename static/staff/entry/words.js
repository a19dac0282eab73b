// Sentences in the reader's language, which the page brings along; {braces} are filled in here.

const held = () => document.getElementById("entry-words").dataset;

export function words(name, values = {}) {
  return (held()[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
