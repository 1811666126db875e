/** Forms: filters that submit themselves, ticking all, dropped files, one submit at a time. */

import { t } from "../words";

function boxesOf(all: HTMLInputElement): HTMLInputElement[] {
  const rows = all.closest("table")?.querySelectorAll<HTMLInputElement>("tbody input[type=checkbox]:not([disabled])");
  return [...(rows ?? [])];
}

/** Show by the box in the head how many rows are ticked; what works on ticked rows waits for the first. */
function countTicked(): void {
  document.querySelectorAll<HTMLInputElement>("[data-choose-all]").forEach((all) => {
    const boxes = boxesOf(all);
    const ticked = boxes.filter((box) => box.checked);
    all.checked = boxes.length > 0 && ticked.length === boxes.length;
    all.indeterminate = !all.checked && ticked.length > 0;
    boxes.forEach((box) => box.closest("tr")?.classList.toggle("is-chosen", box.checked));
    const form = `${all.dataset["chooseAll"]}-bulk`;
    document.querySelectorAll<HTMLButtonElement>(`button[form="${form}"]`).forEach((button) => {
      button.disabled = ticked.length === 0;
    });
  });
}

function change(event: Event): void {
  const field = event.target as HTMLInputElement;
  if ("chooseAll" in field.dataset) boxesOf(field).forEach((box) => (box.checked = field.checked));
  if (field.type === "checkbox") countTicked();
  if (field.type === "file") showFiles(field);
  if (field.form?.hasAttribute("data-auto-submit")) field.form.requestSubmit();
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function showFiles(field: HTMLInputElement): void {
  const zone = field.closest<HTMLElement>("[data-drop]");
  if (!zone) return;
  const found = zone.querySelector<HTMLElement>(".drop-name");
  const place = found ?? zone.appendChild(Object.assign(document.createElement("div"), { className: "drop-name" }));
  place.textContent = [...(field.files ?? [])].map((file) => `${file.name} (${sizeText(file.size)})`).join(", ");
  zone.classList.toggle("has-file", Boolean(field.files?.length));
}

function drag(event: DragEvent): void {
  const zone = (event.target as Element).closest?.<HTMLElement>("[data-drop]");
  const field = zone?.querySelector<HTMLInputElement>("input[type=file]");
  if (!zone || !field) return;
  event.preventDefault();
  zone.classList.toggle("is-over", event.type === "dragover");
  if (event.type !== "drop" || !event.dataTransfer?.files.length) return;
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Hide the list's items that do not hold what was typed. */
function filterList(field: HTMLInputElement): void {
  const wanted = field.value.trim().toLowerCase();
  document.querySelectorAll<HTMLElement>(`${field.dataset["filterList"]} > *`).forEach((one) => {
    one.hidden = !(one.dataset["search"] ?? one.textContent ?? "").toLowerCase().includes(wanted);
  });
}

/** A second click while the first is under way sends nothing; a page fetched from the back-button's store is usable again. */
function submitOnce(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method === "get" || form.hasAttribute("hx-post") || form.target) return;
  if (form.dataset["isSent"]) {
    event.preventDefault();
    return;
  }
  form.dataset["isSent"] = "yes";
  event.submitter?.classList.add("is-busy");
  event.submitter?.setAttribute("aria-label", `${event.submitter.textContent?.trim()} – ${t("under way")}`);
  window.setTimeout(() => release(form), 15_000);
}

function release(form: HTMLFormElement): void {
  delete form.dataset["isSent"];
  form.querySelectorAll(".is-busy").forEach((button) => {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-label");
  });
}

export function startForms(): void {
  document.addEventListener("change", change);
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.dataset["filterList"]) filterList(field);
  });
  document.addEventListener("submit", submitOnce);
  for (const name of ["dragover", "dragleave", "drop"] as const) document.addEventListener(name, drag);
  document.addEventListener("htmx:afterSettle", countTicked);
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
  countTicked();
}
