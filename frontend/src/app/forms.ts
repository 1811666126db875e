/** Forms: filters that submit themselves, ticking all, dropped files, one submit at a time. */

import { t } from "../words";

function boxes(name: string): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${name}"]:not([disabled])`)];
}

function countTicked(): void {
  document.querySelectorAll<HTMLElement>("[data-checked-count]").forEach((place) => {
    place.textContent = String(boxes(place.dataset["checkedCount"] ?? "").filter((box) => box.checked).length);
  });
  document.querySelectorAll<HTMLButtonElement>("[data-needs-checked]").forEach((button) => {
    button.disabled = !boxes(button.dataset["needsChecked"] ?? "").some((box) => box.checked);
  });
  document.querySelectorAll<HTMLInputElement>("[data-check-all]").forEach((all) => {
    const ticked = boxes(all.dataset["checkAll"] ?? "").map((box) => box.checked);
    all.checked = ticked.length > 0 && ticked.every(Boolean);
    all.indeterminate = !all.checked && ticked.some(Boolean);
  });
}

function change(event: Event): void {
  const field = event.target as HTMLInputElement;
  if (field.dataset["checkAll"]) boxes(field.dataset["checkAll"]).forEach((box) => (box.checked = field.checked));
  if (field.type === "checkbox") countTicked();
  if (field.type === "file") showFiles(field);
  const form = field.form;
  if (form?.hasAttribute("data-auto-submit")) form.requestSubmit();
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
