/* Offers known sources while one is typed. Without it, keys, titles and addresses can be typed all the same. */

const PAUSE = 150;

function listFor(field) {
  const id = `${field.id}-known`;
  let list = document.getElementById(id);
  if (!list) {
    list = document.createElement("datalist");
    list.id = id;
    field.after(list);
    field.setAttribute("list", id);
  }
  return list;
}

async function offer(field) {
  const answer = await fetch(`/staff/suggest/${field.dataset.suggest}?q=${encodeURIComponent(field.value)}`);
  if (!answer.ok) {
    return;
  }
  const options = (await answer.json())
    .filter((each) => each.key)
    .map((each) => {
      const option = document.createElement("option");
      option.value = each.key;
      option.textContent = each.note ? `${each.name} (${each.note})` : each.name;
      return option;
    });
  listFor(field).replaceChildren(...options);
}

for (const field of document.querySelectorAll("input[data-suggest]")) {
  let waiting;
  field.setAttribute("autocomplete", "off");
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => offer(field).catch(() => {}), PAUSE);
  });
}
