// The script of the HTML report: it filters what is on the page and sends no requests.

export const script = `
const form = document.querySelector(".filters");
const shares = [...document.querySelectorAll("[data-share]")];
const groups = [...document.querySelectorAll("[data-group]")];
const rows = shares.filter((share) => share.matches("tbody tr"));
const empty = [...document.querySelectorAll("[data-empty]")];

function filter() {
  const { session, vendor, status, found } = form.elements;
  const searched = session.value.trim().toLowerCase();
  const matches = ({ dataset }) =>
    dataset.share.includes(searched) &&
    (!vendor || vendor.value === "" || dataset.vendor === vendor.value.slice(1)) &&
    (status.value === "" || dataset.status === status.value) &&
    (!found.checked || dataset.found === "yes");
  for (const share of shares) share.hidden = !matches(share);
  for (const group of groups) group.hidden = !group.querySelector("[data-share]:not([hidden])");
  for (const text of empty) text.hidden = [...text.parentElement.querySelectorAll("[data-share]")].some((share) => !share.hidden);
  const visible = rows.filter((row) => !row.hidden).length;
  form.querySelector("output").textContent = visible + " of " + rows.length + " shares shown";
}

form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
filter();
`;
