/** Opening and closing by Bootstrap's attributes: collapse, dropdown, offcanvas, modal, tab; dismissing. */

const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]):not([type=hidden]), select, textarea, [tabindex='0']";
let opener: HTMLElement | null = null;

function targetOf(trigger: HTMLElement): HTMLElement | null {
  const selector = trigger.dataset["bsTarget"] ?? trigger.getAttribute("href") ?? "";
  return selector.startsWith("#") ? document.getElementById(selector.slice(1)) : null;
}

function expand(trigger: HTMLElement, isOpen: boolean): void {
  trigger.setAttribute("aria-expanded", String(isOpen));
  trigger.classList.toggle("collapsed", !isOpen);
}

function collapse(trigger: HTMLElement): void {
  const target = targetOf(trigger);
  if (!target) return;
  const isOpen = target.classList.toggle("show");
  const same = document.querySelectorAll<HTMLElement>(`[data-bs-target="#${target.id}"], [href="#${target.id}"]`);
  same.forEach((one) => one.dataset["bsToggle"] === "collapse" && expand(one, isOpen));
}

function menuOf(trigger: HTMLElement): HTMLElement | null {
  return trigger.parentElement?.querySelector<HTMLElement>(".dropdown-menu") ?? null;
}

function closeMenus(except?: HTMLElement | null): void {
  document.querySelectorAll<HTMLElement>(".dropdown-menu.show").forEach((menu) => {
    if (menu === except) return;
    menu.classList.remove("show", "dropdown-menu-above");
    const trigger = menu.parentElement?.querySelector<HTMLElement>('[data-bs-toggle="dropdown"]');
    trigger?.classList.remove("show");
    trigger?.setAttribute("aria-expanded", "false");
  });
}

function dropDown(trigger: HTMLElement): void {
  const menu = menuOf(trigger);
  closeMenus(menu);
  if (!menu) return;
  const isOpen = menu.classList.toggle("show");
  menu.dataset["bsPopper"] = "static";
  trigger.classList.toggle("show", isOpen);
  trigger.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return;
  menu.classList.remove("dropdown-menu-above");
  const { bottom, height } = menu.getBoundingClientRect();
  menu.classList.toggle("dropdown-menu-above", bottom > innerHeight && trigger.getBoundingClientRect().top > height);
  menu.querySelector<HTMLInputElement>("input[type=search], input[autofocus]")?.focus();
}

/** Close the panels that <details class="drop"> opens, all but the one that holds `inside`. */
function closePanels(inside: Element | null): void {
  document.querySelectorAll<HTMLDetailsElement>("details.drop[open]").forEach((panel) => {
    if (!inside || !panel.contains(inside)) panel.open = false;
  });
}

function openLayer(target: HTMLElement, trigger: HTMLElement): void {
  opener = trigger;
  const backdrop = document.createElement("div");
  backdrop.className = "layer-backdrop";
  backdrop.addEventListener("click", closeLayers);
  target.before(backdrop);
  target.classList.add("show");
  target.removeAttribute("aria-hidden");
  target.setAttribute("aria-modal", "true");
  target.setAttribute("role", "dialog");
  document.body.classList.add("has-layer");
  (target.querySelector<HTMLElement>(FOCUSABLE) ?? target).focus();
}

function closeLayers(): void {
  document.querySelectorAll(".layer-backdrop").forEach((backdrop) => backdrop.remove());
  document.querySelectorAll<HTMLElement>(".offcanvas.show, .modal.show").forEach((layer) => {
    layer.classList.remove("show");
    layer.setAttribute("aria-hidden", "true");
  });
  document.body.classList.remove("has-layer");
  opener?.focus();
  opener = null;
}

function keepFocusInside(event: KeyboardEvent): void {
  const layer = document.querySelector<HTMLElement>(".offcanvas.show, .modal.show");
  if (!layer || event.key !== "Tab") return;
  const within = [...layer.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.offsetParent);
  const [first, last] = [within[0], within.at(-1)];
  const isLeaving = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (!isLeaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

function showTab(trigger: HTMLElement): void {
  const pane = targetOf(trigger);
  if (!pane) return;
  const list = trigger.closest(".nav");
  list?.querySelectorAll<HTMLElement>("[data-bs-toggle=tab]").forEach((one) => {
    one.classList.toggle("active", one === trigger);
    one.setAttribute("aria-selected", String(one === trigger));
  });
  pane.parentElement?.querySelectorAll(":scope > .tab-pane").forEach((one) => {
    one.classList.toggle("active", one === pane);
    one.classList.toggle("show", one === pane);
  });
  pane.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
}

function toggle(trigger: HTMLElement): void {
  const kind = trigger.dataset["bsToggle"];
  if (kind === "collapse") collapse(trigger);
  else if (kind === "dropdown") dropDown(trigger);
  else if (kind === "tab") showTab(trigger);
  else if (kind === "offcanvas" || kind === "modal") {
    const target = targetOf(trigger);
    if (target) openLayer(target, trigger);
  }
}

function dismiss(button: HTMLElement): void {
  const kind = button.dataset["bsDismiss"] ?? "";
  if (kind === "offcanvas" || kind === "modal") closeLayers();
  else button.closest(`.${kind}`)?.remove();
}

function moveInMenu(event: KeyboardEvent): void {
  const menu = document.querySelector<HTMLElement>(".dropdown-menu.show");
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const items = [...menu.querySelectorAll<HTMLElement>("a, button, input")].filter((one) => one.offsetParent);
  if (!items.length) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement as HTMLElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(at + step + items.length) % items.length]?.focus();
}

export function startDisclosure(): void {
  document.addEventListener("click", (event) => {
    const from = event.target as Element;
    const trigger = from.closest<HTMLElement>("[data-bs-toggle]");
    const closing = from.closest<HTMLElement>("[data-bs-dismiss]");
    closePanels(from);
    if (trigger) {
      event.preventDefault();
      toggle(trigger);
    } else if (closing) {
      dismiss(closing);
    } else if (!from.closest(".dropdown-menu.show") || from.closest(".dropdown-item")) {
      closeMenus();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const trigger = document.querySelector<HTMLElement>('[data-bs-toggle="dropdown"][aria-expanded="true"]');
      closeMenus();
      closePanels(null);
      if (document.querySelector(".layer-backdrop")) closeLayers();
      else trigger?.focus();
    }
    moveInMenu(event);
    keepFocusInside(event);
  });
}
