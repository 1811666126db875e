/** Wide tables scroll within their box: whoever uses the keyboard alone must be able to get into it. */

function nameOf(box: Element): string {
  const heading = box.querySelector("caption") ?? box.closest(".card, section")?.querySelector(".card-title, h2, h3");
  return (heading ?? document.querySelector("h1"))?.textContent?.trim() ?? "";
}

function open(): void {
  for (const box of document.querySelectorAll<HTMLElement>(".table-responsive")) {
    const isWider = box.scrollWidth > box.clientWidth + 1;
    if (!isWider || box.hasAttribute("tabindex")) continue;
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", nameOf(box));
  }
}

export function startScrolling(): void {
  open();
  document.addEventListener("htmx:afterSettle", open);
  window.addEventListener("resize", open);
}
