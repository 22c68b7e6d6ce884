// Two small comforts; everything works without them: a copy button, and counts that renew themselves.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}

const live = document.querySelector("[data-live]");
const faults = document.getElementById("faults");
if (faults) faults.focus();
if (live) setInterval(renew, Number(live.dataset.live) || 15000);

async function renew() {
  // Nothing is swapped under a reader's hands: only while the page is seen and nothing in it has the focus.
  if (document.hidden || live.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (fresh && fresh.innerHTML !== live.innerHTML) live.replaceChildren(...fresh.childNodes);
  } catch {
    // The next turn tries again.
  }
}
