// SPDX-License-Identifier: MIT
//
// How a decoded log looks as a page: in a light and in a dark version, by what the reader's system prefers or by the
// switch at the top.
#pragma once

namespace surefoot::tools {

inline constexpr const char* html_style = R"css(
:root { --paper: #fbfbf9; --ink: #1d232a; --soft: #6b7480; --line: #e3e5e1; --card: #ffffff; --good: #1a7f4b;
  --bad: #c2362b; --bad-paper: #fdf1ef; --warn: #8f5b00; --warn-paper: #fdf6e3; --link: #1f5fa8; --mark: #fff3bf; }
@media (prefers-color-scheme: dark) { :root:not(:has(#switch:checked)) { --paper: #15181c; --ink: #dfe3e8;
  --soft: #8d97a3; --line: #2b3138; --card: #1c2026; --good: #5cc98d; --bad: #ff8577; --bad-paper: #2c1c1c;
  --warn: #e8b854; --warn-paper: #2a2416; --link: #7db8f5; --mark: #3d3613; } }
@media (prefers-color-scheme: light) { :root:has(#switch:checked) { --paper: #15181c; --ink: #dfe3e8;
  --soft: #8d97a3; --line: #2b3138; --card: #1c2026; --good: #5cc98d; --bad: #ff8577; --bad-paper: #2c1c1c;
  --warn: #e8b854; --warn-paper: #2a2416; --link: #7db8f5; --mark: #3d3613; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.5rem; padding-bottom: 1rem; }
h1 { font-size: 1.25rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
header p, footer { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
footer { padding-top: 1rem; padding-bottom: 2rem; }
.tools { margin-top: .75rem; display: flex; gap: 1.25rem; flex-wrap: wrap; }
label { color: var(--soft); cursor: pointer; }
main { padding-bottom: .5rem; }
.line { font: 13px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; min-height: 1.55em; padding: 0 .6rem; border-left: 3px solid transparent; }
.other { color: var(--soft); }
.heading { font-weight: 700; margin-top: .8rem; }
.trusted { color: var(--good); margin-top: .8rem; font-weight: 600; }
.untrusted { color: var(--bad); margin-top: .8rem; font-weight: 600; }
.item { background: var(--card); border: 1px solid var(--line); border-left: 3px solid var(--link); border-radius: 4px;
  margin: .3rem 0; padding: .3rem 0 .45rem; }
.item .line { color: var(--soft); margin-top: 0; font-weight: 400; border: 0; }
.item.frame { border-left-color: var(--good); }
.item.doubtful { border-left-color: var(--bad); background: var(--bad-paper); }
.item.plain { border-left-color: var(--soft); }
.item.untrusted { border-left-color: var(--bad); color: inherit; font-weight: inherit; }
.item.untrusted .line { color: var(--bad); font-weight: 600; }
.note { padding: .1rem .75rem; overflow-wrap: anywhere; }
.note code { font: 600 13.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.at { color: var(--link); font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  margin-left: .6rem; }
.pill { display: inline-block; font-size: 12px; line-height: 1.35; padding: 0 .45rem; border-radius: 1rem;
  border: 1px solid var(--line); color: var(--soft); margin-left: .5rem; }
details > summary { cursor: pointer; list-style-position: inside; }
details > summary::marker { color: var(--soft); }
.source { margin: .2rem 0 .35rem; padding: .3rem 0; border: 1px solid var(--line); border-radius: 4px; overflow-x: auto;
  background: var(--paper); font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.source div { white-space: pre; padding: 0 .6rem; width: max-content; min-width: 100%; }
.source i { display: inline-block; min-width: 3.5em; padding-right: 1em; text-align: right; color: var(--soft);
  font-style: normal; user-select: none; }
.source .meant { background: var(--mark); }
.source .differs { color: var(--warn); }
.reason { margin: .35rem .75rem; padding: .4rem .7rem; border-radius: 4px; background: var(--warn-paper);
  border: 1px solid var(--line); }
.reason b { color: var(--warn); font: 600 13px/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.reason p { margin: .15rem 0 0; }
.reason p b { color: var(--good); font: inherit; font-weight: 600; }
.warning { margin: .35rem .75rem; padding: .4rem .7rem; border-radius: 4px; background: var(--warn-paper);
  border: 1px solid var(--warn); color: var(--warn); }
body:has(#hide:checked) .other { display: none; }
)css";

}  // namespace surefoot::tools
