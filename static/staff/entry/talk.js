// Talking to the server: every request carries the form's own token, which is renewed where a session began anew.

export const form = document.getElementById("entry");

const token = () => form.elements.csrf_token;

export function renew(fresh) {
  if (fresh) for (const each of document.querySelectorAll("input[name=csrf_token]")) each.value = fresh;
}

// Post fields and give back status and content; a status of 0 means that nobody answered.
export async function post(address, fields, { keepalive = false } = {}) {
  const send = () =>
    fetch(address, {
      method: "POST",
      body: fields,
      keepalive,
      headers: { Accept: "application/json", "X-CSRFToken": token().value },
    });
  try {
    let answer = await send();
    let content = await read(answer);
    if (answer.status === 400 && content?.csrf_token) {
      renew(content.csrf_token);
      if (fields instanceof URLSearchParams && fields.has("csrf_token")) fields.set("csrf_token", content.csrf_token);
      answer = await send();
      content = await read(answer);
    }
    return { status: answer.status, content };
  } catch {
    return { status: 0, content: null };
  }
}

export async function get(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function read(answer) {
  try {
    return await answer.json();
  } catch {
    return null;
  }
}
