// The style sheet of the HTML report: colours, text and the parts that all sections share.
import { narrowStyle, paperStyle } from "./style-media";
import { sectionStyle } from "./style-sections";

const baseStyle = `
:root { --paper:#f6f7f9; --card:#fff; --ink:#182230; --soft:#566272; --line:#dde2e9; --link:#1d4f91; --bar:0px; color-scheme:light dark;
  --quiet:#0b655e; --low:#1f5796; --medium:#934206; --high:#b3202a; --quiet-wash:#e3f4f1; --low-wash:#e6eef9; --medium-wash:#fdf0dc; --high-wash:#fdebeb; }
@media (prefers-color-scheme:dark) { :root { --paper:#10151c; --card:#182029; --ink:#e6ebf2; --soft:#a3afbf; --line:#2c3744; --link:#8fbdf7;
  --quiet:#2dbdaa; --low:#7db1f3; --medium:#f0a13c; --high:#f7898d; --quiet-wash:#12312e; --low-wash:#182c44; --medium-wash:#3a2a12; --high-wash:#41191c; } }
* { box-sizing:border-box; }
html { scroll-padding-top:calc(var(--bar) + 12px); }
body { margin:0 auto; max-width:1240px; padding:24px 24px 48px; background:var(--paper); color:var(--ink); font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK JP",sans-serif; }
h1 { font-size:24px; margin:0; letter-spacing:-.02em; } h2 { font-size:18px; margin:32px 0 10px; letter-spacing:-.01em; } h3 { font-size:15px; margin:20px 0 6px; } h4 { font-size:14px; margin:0; overflow-wrap:anywhere; }
p { margin:4px 0 0; } a { color:var(--link); text-underline-offset:2px; } :focus-visible { outline:2px solid var(--low); outline-offset:2px; }
code, .mono { font:13px/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace; overflow-wrap:anywhere; }
code { background:var(--paper); border-radius:4px; padding:1px 4px; } code.line { display:block; margin:3px 0; padding:6px 9px; border:1px solid var(--line); color:var(--ink); white-space:pre-wrap; user-select:all; }
.soft { color:var(--soft); } .small, .labels { font-size:13px; } .urn, .fingerprint { font-size:12px; } [hidden] { display:none !important; } :target { outline:2px solid var(--low); outline-offset:-2px; }
.card { background:var(--card); border:1px solid var(--line); border-radius:10px; padding:14px 18px; } .count { color:var(--soft); font-size:13px; font-weight:400; white-space:nowrap; }
.badge { display:inline-block; padding:1px 8px; border-radius:99px; font-size:12px; font-weight:600; white-space:nowrap; background:var(--line); color:var(--ink); }
.badge.high { background:var(--high-wash); color:var(--high); } .badge.medium { background:var(--medium-wash); color:var(--medium); } .badge.low { background:var(--low-wash); color:var(--low); } .badge.active { background:var(--quiet-wash); color:var(--quiet); }
.skip { position:absolute; left:-9999px; } .skip:focus { left:12px; top:8px; z-index:9; padding:8px 12px; background:var(--card); }
ul { margin:0; padding-left:20px; overflow-wrap:anywhere; } ul.card { padding-left:38px; } footer { margin-top:28px; } summary { cursor:pointer; } details > ul { margin-top:8px; }
`;

export const style = baseStyle + sectionStyle + narrowStyle + paperStyle;
