// A new filter without a new page: the form, the links that take a filter away, and the browser's own way back. The
// address is that of the page without JavaScript, and what changes on the page comes from the page at that address.

export class Filters {
  // `changed(query, page)` is called with the new query string and the document that the server gave for it;
  // `failed(problem)` where there is no such document.
  constructor(element, { changed, failed }) {
    Object.assign(this, { element, changed, failed, page: element.dataset.page });
    document.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("click", (event) => this.followed(event));
    window.addEventListener("popstate", () => this.shown !== location.search && this.load(location.search.slice(1)));
    this.shown = location.search;
  }

  submitted(event) {
    const form = event.target.closest("form.filters");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    const pairs = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value !== "");
    this.go(new URLSearchParams(pairs).toString());
  }

  // A link to this very page under another filter, such as one that takes a part of the filter away.
  followed(event) {
    const link = event.target.closest("a[href]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || link.target || link.hash || link.closest(".masthead")) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin || address.pathname !== location.pathname) return;
    event.preventDefault();
    this.go(address.search.slice(1));
  }

  query() {
    return new URLSearchParams(location.search);
  }

  go(query) {
    const address = query ? `${this.page}?${query}` : this.page;
    if (`${location.pathname}${location.search}` !== address) history.pushState(null, "", address);
    return this.load(query);
  }

  async load(query) {
    this.shown = location.search;
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const answer = await fetch(query ? `${this.page}?${query}` : this.page, { signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // A page that says what is wrong with the filter may be laid out otherwise; then it is shown as it is.
      if (!page.getElementById(this.element.id)) return location.reload();
      renew(page);
      return await this.changed(page.getElementById(this.element.id).dataset.query ?? query, page);
    } catch (problem) {
      if (problem.name !== "AbortError") this.failed(problem, () => this.load(query));
      return undefined;
    }
  }
}

// Takes over every part of another page that is marked as changing, and keeps what is unfolded and who has the focus.
function renew(page) {
  document.title = page.title;
  // The same page in other languages, under the same filter.
  const languages = page.querySelector(".languages");
  if (languages) document.querySelector(".languages")?.replaceWith(document.adoptNode(languages));
  for (const part of document.querySelectorAll("[data-live][id]")) {
    const other = page.getElementById(part.id);
    if (!other) continue;
    const unfolded = [...part.querySelectorAll("details")].map((one) => one.open);
    const focus = describe(part);
    part.hidden = other.hidden;
    part.replaceChildren(...document.adoptNode(other).childNodes);
    part.querySelectorAll("details").forEach((one, number) => { one.open ||= unfolded[number] ?? false; });
    if (focus) find(part, focus)?.focus({ preventScroll: true });
  }
}

function describe(part) {
  const focused = document.activeElement;
  if (!part.contains(focused)) return null;
  return { tag: focused.localName, name: focused.name ?? "", value: focused.value ?? "", text: focused.textContent };
}

function find(part, { tag, name, value, text }) {
  const candidates = [...part.querySelectorAll(tag)].filter((one) => (one.name ?? "") === name);
  return candidates.find((one) => one.value === value && one.textContent === text) ?? candidates[0];
}
