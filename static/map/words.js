// Words of the page's language. They come from the server, in a block of JSON; numbers and months come from the browser.

export class Words {
  constructor(texts, language) {
    this.texts = texts;
    this.language = language;
    this.plurals = new Intl.PluralRules(language);
    this.regions = new Intl.DisplayNames([language], { type: "region" });
    this.numbers = new Intl.NumberFormat(language);
    this.fractions = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
    this.months = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
    this.known = new Map();
  }

  // The text of a name, with each {place} filled in; the name itself where the server has no such text.
  say(name, values = {}) {
    const text = this.texts[name] ?? name;
    return text.replace(/\{(\w+)\}/g, (place, key) => values[key] ?? place);
  }

  // What is asked for again and again is made once.
  once(key, make) {
    if (!this.known.has(key)) this.known.set(key, make());
    return this.known.get(key);
  }

  number(value) {
    return this.numbers.format(value);
  }

  incidents(count) {
    const form = `incidents_${this.plurals.select(count)}`;
    return this.say(form in this.texts ? form : "incidents_other", { n: this.number(count) });
  }

  // A distance in metres, as people say it.
  distance(metres) {
    const [value, unit] = metres < 1000 ? [metres, "meter"] : [metres / 1000, "kilometer"];
    const format = { style: "unit", unit, maximumSignificantDigits: 2 };
    return new Intl.NumberFormat(this.language, format).format(value);
  }

  degrees(value) {
    return `${this.fractions.format(value)}°`;
  }

  // "2020-10" in words.
  month(code) {
    return this.once(code, () => this.months.format(new Date(`${code}-01T00:00:00Z`)));
  }

  country(iso) {
    if (!iso) return "";
    return this.texts.countries?.[iso] ?? this.once(iso, () => this.regions.of(iso) ?? iso);
  }

  group(name) {
    return this.texts.groups?.[name] ?? name;
  }
}

export function wordsOf(element) {
  const block = document.getElementById("map-words");
  const language = element.dataset.language || document.documentElement.lang || "en";
  return new Words(block ? JSON.parse(block.textContent) : {}, language);
}
