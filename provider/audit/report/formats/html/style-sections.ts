// The styles of the sections of the HTML report: head, filters, findings, timeline and tables.

export const sectionStyle = `
.verdict { margin:12px 0; padding:10px 16px; border-radius:10px; border-left:5px solid; font-size:17px; font-weight:600; overflow-wrap:anywhere; }
.verdict.none { background:var(--quiet-wash); border-color:var(--quiet); } .verdict.low { background:var(--low-wash); border-color:var(--low); }
.verdict.medium { background:var(--medium-wash); border-color:var(--medium); } .verdict.high { background:var(--high-wash); border-color:var(--high); }
.scope { display:flex; flex-wrap:wrap; gap:4px 28px; margin:0; font-size:13px; } .scope div { min-width:0; } .scope dt { display:inline; color:var(--soft); margin-right:6px; } .scope dd { display:inline; margin:0; overflow-wrap:anywhere; }
nav { margin:12px 0 0; font-size:14px; } nav ul { display:flex; flex-wrap:wrap; gap:2px 16px; list-style:none; padding:0; } nav a { display:inline-block; padding:3px 0; }

.filters { display:flex; flex-wrap:wrap; gap:6px 12px; align-items:end; position:sticky; top:0; z-index:3; margin-top:14px; padding:10px 14px; box-shadow:0 3px 10px -6px #0006; }
.filters .field { display:flex; flex-direction:column; gap:2px; min-width:0; } .filters label { font-size:13px; color:var(--soft); } .filters .search { flex:2 1 220px; } .filters details { flex:5 1 480px; } .filters summary { display:none; }
.filters .fields { display:grid; grid-template-columns:repeat(auto-fit,minmax(110px,1fr)); gap:6px 12px; align-items:end; } .filters label.check { display:flex; align-items:center; gap:7px; min-height:36px; color:var(--ink); }
.filters input:not([type=checkbox]), .filters select, .filters button { font:inherit; font-size:14px; color:var(--ink); background:var(--paper); border:1px solid var(--soft); border-radius:7px; padding:6px 8px; width:100%; min-height:36px; }
.filters input::placeholder { color:var(--soft); opacity:1; } .filters .shown { flex:1 1 100%; margin:0; font-size:13px; color:var(--soft); } .filters button { width:auto; min-height:0; padding:1px 8px; margin-left:8px; font-size:13px; cursor:pointer; }

.finding { border-left:4px solid var(--line); margin:0 0 12px; } .finding.high { border-left-color:var(--high); } .finding.medium { border-left-color:var(--medium); } .finding.low { border-left-color:var(--low); }
.finding h3 { margin:0 0 4px; display:flex; flex-wrap:wrap; gap:2px 10px; align-items:center; } .finding h3 .small { font-weight:400; } .finding p { overflow-wrap:anywhere; }
.steps { margin-top:4px; color:var(--soft); font-size:14px; } .shares { list-style:none; padding:0; margin-top:10px; } .shares > li { padding:9px 8px; border-top:1px solid var(--line); } .share { display:flex; flex-wrap:wrap; gap:0 14px; align-items:baseline; } .left { font-weight:600; color:var(--ink); }

.bar-row { display:grid; grid-template-columns:minmax(0,340px) minmax(0,1fr); gap:4px 18px; align-items:center; padding:8px 0; border-top:1px solid var(--line); } .bar-row p { margin:0; overflow-wrap:anywhere; } .name { font-size:14px; font-weight:600; }
.axis { position:sticky; top:var(--bar); z-index:2; background:var(--card); border-top:0; border-bottom:1px solid var(--line); padding:6px 0 2px; } .session { margin:0; padding:12px 0 5px; font-size:13px; } [data-group] + [data-group] > .session { border-top:1px solid var(--line); }
.track { display:block; width:100%; height:24px; overflow:hidden; } .axis .track { height:20px; overflow:visible; } .axis text { font:11px system-ui,sans-serif; fill:var(--soft); }
.grid { stroke:var(--line); } .now { stroke:var(--ink); stroke-width:1.5; stroke-dasharray:3 3; } .onwards { font:bold 16px system-ui,sans-serif; fill:var(--card); } .onwards.scheduled, .onwards.missing, .onwards.not-listed { fill:var(--ink); }
.bar { fill:var(--quiet); stroke:var(--quiet); stroke-width:1.5; } .bar.low { fill:var(--low); stroke:var(--low); } .bar.medium { fill:var(--medium); stroke:var(--medium); } .bar.high { fill:var(--high); stroke:var(--high); }
.bar.scheduled { fill-opacity:.28; } .bar.missing { fill-opacity:.06; stroke-dasharray:4 3; } .bar.not-listed { fill-opacity:.06; stroke-dasharray:1 3; }
.legend { display:flex; flex-wrap:wrap; gap:4px 18px; margin:12px 0 0; padding:0; list-style:none; font-size:13px; color:var(--soft); } .legend svg { width:26px; height:12px; vertical-align:-1px; margin-right:6px; }

.wide { padding:2px 0; } table { border-collapse:collapse; width:100%; font-size:14px; } th, td { padding:8px 12px; border-top:1px solid var(--line); vertical-align:top; text-align:left; overflow-wrap:anywhere; } thead th { border-top:0; color:var(--soft); font-weight:500; font-size:13px; white-space:nowrap; }
tbody th { font-weight:600; } tbody th > div { font-weight:400; } th .labels { color:var(--ink); } td .badge { margin-bottom:3px; } .ids, .times, .short { white-space:nowrap; } td input[type=checkbox] { width:18px; height:18px; }
#inventory tbody th { width:34%; }
`;
