// The styles of the HTML report for phones and for paper.

export const narrowStyle = `
@media (max-width:760px) {
  body { padding:16px 12px 40px; } h1 { font-size:21px; } .card { padding:12px; } .wide { padding:0; } .scope { display:block; }
  .filters { position:static; } .filters summary { display:list-item; padding:4px 0; } .filters .search, .filters details { flex:1 1 100%; } .filters .fields { grid-template-columns:1fr 1fr; }
  .bar-row { grid-template-columns:minmax(0,1fr); } .axis .odd { display:none; }
  .stacked, .stacked tbody, .stacked tr, .stacked td, .stacked th { display:block; width:auto; } .stacked thead { position:absolute; left:-9999px; } .stacked tr { border-top:1px solid var(--line); padding:9px 12px; } .stacked tbody tr:first-child { border-top:0; }
  .stacked td, .stacked tbody th { border:0; padding:1px 0; width:auto !important; } .stacked td:empty { display:none; } .stacked td[data-name]:not(:empty)::before, .stacked th[data-name]::before { content:attr(data-name) " "; color:var(--soft); font-size:13px; font-weight:400; }
  .times { white-space:normal; } .times br, .ids br { display:none; } .stacked .short { display:inline-block; margin-right:14px; } .stacked td.short > div { display:inline; margin-left:6px; } .axis > span { display:none; }
}
`;

export const paperStyle = `
@media print {
  @page { margin:14mm; }
  :root { --paper:#fff; --card:#fff; --ink:#000; --soft:#444; --line:#bbb; --link:#000; --quiet:#0b655e; --low:#1f5796; --medium:#934206; --high:#b3202a;
    --quiet-wash:#e3f4f1; --low-wash:#e6eef9; --medium-wash:#fdf0dc; --high-wash:#fdebeb; color-scheme:light; }
  * { print-color-adjust:exact; -webkit-print-color-adjust:exact; } body { font-size:11px; max-width:none; padding:0; } a { text-decoration:none; } :target { outline:0; }
  .filters, nav, .skip { display:none; } .printed { margin:10px 0; padding:6px 10px; border:2px solid var(--ink); font-weight:600; } .card { border-radius:0; } .axis { position:static; }
  .shares > li, .bar-row, tr { break-inside:avoid; } .steps { break-after:avoid; } .shares > li:first-child, .session + .bar-row { break-before:avoid; } h2, h3, h4 { break-after:avoid; } thead { display:table-header-group; } .wide { overflow:visible; }
  table, thead th, .steps, .mono, code, .small, .labels, .legend, .session, .count, .scope, .name { font-size:10px; } .badge { font-size:9px; padding:0 6px; } .urn, .fingerprint { font-size:9px; } h2 { font-size:14px; } h3 { font-size:12px; } h4 { font-size:11px; } td, th { padding:4px 6px; } .bar-row { grid-template-columns:220px minmax(0,1fr); padding:4px 0; } tbody th:not(.ids, .short) { min-width:130px; } td input[type=checkbox] { width:12px; height:12px; }
}
@media screen { .printed { display:none; } }
`;
