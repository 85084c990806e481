// The script of the HTML report: it filters what is on the page, keeps the filters in the address, and sends no requests.

export const script = String.raw`
const form = document.querySelector(".filters");
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const items = all("[data-share]");
const rows = all("#inventory tr[data-share]");
const table = document.querySelector("#inventory table");
const printed = document.querySelector(".printed");
const fields = form ? [...form.elements].filter((field) => field.name) : [];
const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? field.value : "") : field.value.trim());
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

// What the search reads: the row of a share and its findings. Collected at the first use: it takes time on a long page.
let texts;
function textOf(key) {
  if (!texts) {
    texts = new Map(rows.map((row) => [row.dataset.share, [row.dataset.share, row.dataset.urns, row.textContent]]));
    for (const item of all("#findings [data-share], #accepted [data-share]")) {
      const heading = item.closest("[data-group]").querySelector("h3");
      texts.get(item.dataset.share)?.push(item.textContent, heading ? heading.textContent : "");
    }
    for (const [share, parts] of texts) texts.set(share, plain(parts.join(" ")));
  }
  return texts.get(key);
}

function matches(row, { q, vendor, status, stack, mode, found }) {
  const { dataset } = row;
  return (
    (!vendor || dataset.vendor === vendor.slice(1)) &&
    (!status || dataset.status === status) &&
    (!stack || dataset.stacks.split("\n").includes(stack.slice(1))) &&
    (!mode || dataset.mode === mode) &&
    (!found || dataset.found === "yes") &&
    (!q || plain(q).split(" ").every((word) => textOf(dataset.share).includes(word)))
  );
}

function filter() {
  const values = Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]));
  const active = fields.filter((field) => values[field.name] !== "");
  const visible = new Set(rows.filter((row) => matches(row, values)).map((row) => row.dataset.share));
  for (const item of items) item.hidden = active.length > 0 && !visible.has(item.dataset.share);
  for (const group of all("[data-group]")) group.hidden = !group.querySelector("[data-share]:not([hidden])");
  for (const text of all("[data-empty]")) text.hidden = Boolean(text.closest("section").querySelector("[data-share]:not([hidden])"));
  for (const count of all("[data-count]")) showCount(count);
  form.querySelector("output").textContent = countText() + " shown";
  form.querySelector("button").hidden = active.length === 0;
  printed.hidden = active.length === 0;
  printed.textContent = "Filtered: " + active.map(conditionText).join(", ") + ". " + countText() + " are printed.";
}

function countText() {
  const visible = rows.filter((row) => !row.hidden).length;
  const total = Number(table.dataset.total);
  return visible + " of " + rows.length + " shares" + (total > rows.length ? " (of " + total + " in the report)" : "");
}

function showCount(count) {
  const own = all("[data-share]", count.closest("[data-group], section"));
  const visible = own.filter((item) => !item.hidden).length;
  count.dataset.text ??= count.textContent;
  count.textContent = visible === own.length ? count.dataset.text : visible + " of " + count.dataset.text;
}

function conditionText(field) {
  if (field.type === "checkbox") return "only shares with findings";
  if (field.type === "search") return 'search = "' + valueOf(field) + '"';
  return field.name + " = " + field.selectedOptions[0].textContent;
}

/** The filters stand in the address, so that a filtered page can be linked. An address without "=" names a place. */
function writeAddress() {
  const values = new URLSearchParams(fields.map((field) => [field.name, valueOf(field)]).filter(([, value]) => value));
  try {
    history.replaceState(null, "", "#" + values);
  } catch {
    // Some viewers of artifacts do not let a page change its address.
  }
}

function readAddress() {
  const address = location.hash.slice(1);
  if (address.includes("=")) {
    const values = new URLSearchParams(address);
    for (const field of fields) set(field, values.get(field.name) ?? "");
    filter();
  } else {
    show(document.querySelector(":target"));
  }
}

function set(field, value) {
  if (field.type === "checkbox") field.checked = value !== "";
  // A choice that this report does not have: the page must show that nothing matches, and not everything.
  else if (field.options && ![...field.options].some((option) => option.value === value)) {
    field.add(new Option(value.replace(/^=/, ""), value, false, true));
  } else field.value = value;
}

function clear() {
  for (const field of fields) set(field, "");
  filter();
}

/** A place that the filters hide becomes visible, and a folded list opens. */
function show(place) {
  if (!place) return;
  if (place.closest("[hidden]")) clear();
  place.closest("details")?.setAttribute("open", "");
  place.scrollIntoView();
}

function start() {
  form.hidden = false;
  form.querySelector("details").open = matchMedia("(min-width: 761px)").matches;
  form.addEventListener("input", () => { filter(); writeAddress(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button").addEventListener("click", () => { clear(); writeAddress(); });
  // The axis of the timeline sticks below the form, whose height depends on the width of the window.
  new ResizeObserver(() => {
    const sticks = getComputedStyle(form).position === "sticky";
    document.documentElement.style.setProperty("--bar", (sticks ? form.offsetHeight : 0) + "px");
  }).observe(form);
  addEventListener("hashchange", readAddress);
  filter();
  if (location.hash) readAddress();
}

if (form) start();
`;
