// The style sheet of the HTML report, for phone, desktop, dark mode and paper.

export const style = `
:root { --paper:#f6f7f9; --card:#fff; --ink:#182230; --soft:#5b6777; --line:#dde2e9; --quiet:#0f766e; --low:#2563a8; --medium:#b45309; --high:#c0262d;
  --quiet-wash:#e3f4f1; --low-wash:#e6eef9; --medium-wash:#fdf0dc; --high-wash:#fdebeb; color-scheme:light dark; }
@media (prefers-color-scheme:dark) { :root { --paper:#10151c; --card:#182029; --ink:#e6ebf2; --soft:#9aa7b8; --line:#2c3744; --quiet:#2dbdaa; --low:#6ea8f0; --medium:#f0a13c; --high:#f2777c;
  --quiet-wash:#12312e; --low-wash:#182c44; --medium-wash:#3a2a12; --high-wash:#41191c; } }
* { box-sizing:border-box; }
body { margin:0; background:var(--paper); color:var(--ink); font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif; }
main { max-width:1240px; margin:0 auto; padding:28px 24px 64px; }
h1 { font-size:26px; margin:0; letter-spacing:-.02em; } h2 { font-size:18px; margin:36px 0 12px; letter-spacing:-.01em; }
code, .mono { font:13px/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace; overflow-wrap:anywhere; }
.soft { color:var(--soft); } .small { font-size:13px; }
.card { background:var(--card); border:1px solid var(--line); border-radius:10px; padding:16px 18px; }
.verdict { margin:16px 0; padding:12px 18px; border-radius:10px; border-left:5px solid; font-size:17px; font-weight:600; }
.verdict.none { background:var(--quiet-wash); border-color:var(--quiet); } .verdict.low { background:var(--low-wash); border-color:var(--low); }
.verdict.medium { background:var(--medium-wash); border-color:var(--medium); } .verdict.high { background:var(--high-wash); border-color:var(--high); }
dl { display:grid; grid-template-columns:max-content 1fr; gap:4px 18px; margin:0; } dt { color:var(--soft); } dd { margin:0; overflow-wrap:anywhere; }
.tiles { display:grid; grid-template-columns:3fr 5fr; gap:16px; margin:16px 0; } .tiles section { display:grid; grid-auto-flow:column; grid-auto-columns:1fr; padding:12px 6px; } .tiles h2 { grid-column:1/-1; grid-row:1; margin:0 12px 4px; font-size:13px; font-weight:500; color:var(--soft); }
.tile { padding:0 12px; grid-row:2; } .tile + .tile { border-left:1px solid var(--line); } .tile b { display:block; font-size:24px; line-height:1.2; font-variant-numeric:tabular-nums; } .tile span { color:var(--soft); font-size:13px; }
.tile.high b { color:var(--high); } .tile.medium b { color:var(--medium); } .tile.low b { color:var(--low); }
.filters { display:flex; flex-wrap:wrap; gap:10px 14px; align-items:end; position:sticky; top:0; z-index:2; margin-top:28px; }
.filters label { display:flex; flex-direction:column; gap:3px; font-size:13px; color:var(--soft); flex:1 1 150px; }
.filters label.check { flex:0 0 auto; flex-direction:row; align-items:center; gap:7px; padding-bottom:9px; color:var(--ink); }
.filters input:not([type=checkbox]), .filters select { font:inherit; color:var(--ink); background:var(--paper); border:1px solid var(--line); border-radius:7px; padding:7px 9px; width:100%; min-height:38px; }
.filters output { flex:1 1 100%; font-size:13px; color:var(--soft); } .filters :focus-visible { outline:2px solid var(--low); outline-offset:1px; }
.row { display:grid; grid-template-columns:330px 1fr; gap:4px 16px; align-items:center; padding:7px 0; border-top:1px solid var(--line); }
.row.axis { border-top:0; padding:0; } .row p { margin:0; min-width:0; } .row .who { font-size:13px; color:var(--soft); overflow-wrap:anywhere; }
.row .mono { font-weight:600; } p.group { font-weight:600; margin:0; padding:12px 0 5px; border-top:1px solid var(--line); } .row.axis + .group { border-top:0; }
.track { display:block; width:100%; height:24px; overflow:hidden; } .axis .track { height:20px; }
.track text.onwards { font:bold 16px system-ui,sans-serif; fill:var(--card); } .track text.onwards.scheduled, .track text.onwards.missing { fill:var(--ink); } .axis text { font:11px system-ui,sans-serif; fill:var(--soft); } .track .grid { stroke:var(--line); } .track .now { stroke:var(--ink); stroke-width:1.5; stroke-dasharray:3 3; }
.bar { fill:var(--quiet); stroke:var(--quiet); } .bar.low { fill:var(--low); stroke:var(--low); } .bar.medium { fill:var(--medium); stroke:var(--medium); } .bar.high { fill:var(--high); stroke:var(--high); }
.bar.scheduled { fill-opacity:.28; } .bar.missing { fill-opacity:.06; stroke-dasharray:4 3; } .bar { stroke-width:1.5; }
.legend { display:flex; flex-wrap:wrap; gap:4px 18px; margin:12px 0 0; padding:0; list-style:none; font-size:13px; color:var(--soft); } .legend svg { width:26px; height:12px; vertical-align:-1px; margin-right:6px; }
.badge { display:inline-block; padding:1px 8px; border-radius:99px; font-size:12px; font-weight:600; white-space:nowrap; background:var(--line); color:var(--ink); }
.badge.high { background:var(--high-wash); color:var(--high); } .badge.medium { background:var(--medium-wash); color:var(--medium); } .badge.low { background:var(--low-wash); color:var(--low); } .badge.active { background:var(--quiet-wash); color:var(--quiet); }
.finding { border-left:4px solid var(--line); margin:0 0 10px; } .finding.high { border-left-color:var(--high); } .finding.medium { border-left-color:var(--medium); } .finding.low { border-left-color:var(--low); }
.finding h3 { font-size:15px; margin:0 0 4px; display:flex; flex-wrap:wrap; gap:4px 10px; align-items:center; } .finding p { margin:4px 0 0; overflow-wrap:anywhere; }
.wide { overflow-x:auto; padding:4px 0; } table { border-collapse:collapse; width:100%; font-size:14px; } th { text-align:left; color:var(--soft); font-weight:500; font-size:13px; white-space:nowrap; }
th, td { padding:8px 12px; border-top:1px solid var(--line); vertical-align:top; } thead th { border-top:0; } td .badge { margin:0 4px 3px 0; } td { overflow-wrap:break-word; } td .labels { color:var(--soft); font-size:13px; } td.tight, td.mono { white-space:nowrap; }
ul.steps { margin:4px 0 0; padding-left:18px; overflow-wrap:anywhere; } ul.notes { margin:0; padding-left:36px; } [hidden] { display:none !important; }
@media (max-width:760px) {
  main { padding:18px 14px 48px; } h1 { font-size:22px; } .card { padding:13px 13px; } .row { grid-template-columns:1fr; } .row.axis p { display:none; } .odd { display:none; } .filters { position:static; }
  .tiles { grid-template-columns:1fr; gap:10px; } .tile { padding:0 8px; } .tiles h2 { margin-left:8px; } .tile b { font-size:20px; } .tile span { font-size:12px; } dl { grid-template-columns:1fr; gap:0; } dd { margin-bottom:8px; }
  table, tbody, tr, td { display:block; } thead { display:none; } tr { border-top:1px solid var(--line); padding:10px 13px; } tbody tr:first-child { border-top:0; } td { border:0; padding:2px 0; } td.tight, td.mono { white-space:normal; }
  td[data-name]:not(:empty)::before { content:attr(data-name) " "; color:var(--soft); font-size:13px; } td:empty { display:none; }
}
@media print {
  @page { margin:14mm; }
  :root { --paper:#fff; --card:#fff; --ink:#000; --soft:#444; --line:#bbb; --quiet:#0f766e; --low:#2563a8; --medium:#b45309; --high:#c0262d; --quiet-wash:#e3f4f1; --low-wash:#e6eef9; --medium-wash:#fdf0dc; --high-wash:#fdebeb; color-scheme:light; }
  body { font-size:11px; } main { max-width:none; padding:0; } .filters { display:none; } .card { border-radius:0; } .finding, .row, tr { break-inside:avoid; } h2 { break-after:avoid; }
  * { print-color-adjust:exact; -webkit-print-color-adjust:exact; } table { font-size:10px; } .mono, .small, .row .who, td .labels, .legend { font-size:10px; } .wide { overflow:visible; }
}
`;
