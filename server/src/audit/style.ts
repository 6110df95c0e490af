/** Style of the report. Colours are variables with fallbacks, so that an editor can set its theme's. */

/** Used in the editor's panel and in the page alike. */
export const reportCss = `
.eco-report { max-width: 62rem; margin: 0 auto; line-height: 1.5; }
.eco-report h1 { font-size: 1.5em; font-weight: 600; margin: 1.2em 0 .2em; }
.eco-report h2 { font-size: 1.1em; font-weight: 600; margin: 2em 0 .5em; }
.eco-report h3, .eco-report h4 { font-size: 1em; font-weight: 600; margin: 1.4em 0 .3em; }
.eco-report h4 { font-weight: 500; }
.eco-headline { font-size: 1.25em; margin: .4em 0; }
.eco-muted { color: var(--eco-muted, #667); }
.eco-saved { color: var(--eco-accent, #1a7f4b); }
.eco-number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.eco-report th { font-weight: 500; text-align: left; }
.eco-report th.eco-number { text-align: right; }
.eco-report table { border-collapse: collapse; min-width: min(100%, 34rem); }
.eco-report td, .eco-report th { padding: .3em 1.2em .3em 0; border-bottom: 1px solid var(--eco-border, #dde); vertical-align: top; }
.eco-bars { margin: 1.6em 0; }
.eco-bars figcaption { color: var(--eco-muted, #667); margin-bottom: .5em; }
.eco-bar-row { display: grid; grid-template-columns: 11em 1fr 13em; gap: 1em; align-items: center; margin: .35em 0; }
.eco-bar-track { position: relative; height: 1.3em; background: var(--eco-surface, #f0f2f5); border-radius: 3px; }
.eco-bar { position: absolute; inset: 0 auto 0 0; border-radius: 3px; }
.eco-bar-before { background: var(--eco-before, #c76b29); }
.eco-bar-after { background: var(--eco-accent, #1a7f4b); }
.eco-range { position: absolute; top: 50%; height: 0; border-top: 2px solid var(--eco-text, #223); opacity: .55; }
.eco-bar-value { font-variant-numeric: tabular-nums; white-space: nowrap; }
.eco-findings { list-style: none; padding: 0; margin: 0; }
.eco-finding { border-left: 3px solid var(--eco-border, #dde); padding: .1em 0 .1em 1em; margin: 0 0 1.2em; break-inside: avoid; }
.eco-finding p { margin: .3em 0; }
.eco-finding pre { margin: .4em 0; padding: .4em .6em; background: var(--eco-surface, #f0f2f5); border-radius: 3px; overflow-x: auto; }
.eco-error { border-left-color: #c9372c; }
.eco-warning { border-left-color: var(--eco-before, #c76b29); }
.eco-information, .eco-hint { border-left-color: var(--eco-link, #2b6cb0); }
.eco-finding-head { color: var(--eco-muted, #667); }
.eco-severity { font-weight: 600; color: var(--eco-text, #223); }
.eco-line { color: var(--eco-link, #2b6cb0); margin-left: .5em; }
th .eco-line { margin-left: 0; }
.eco-scroll { overflow-x: auto; }
@media (max-width: 42rem) { .eco-bar-row { grid-template-columns: 1fr; gap: .2em; } }
`;

/** For the page that stands alone: the editor has its own. */
export const pageCss = `
:root { color-scheme: light dark; --eco-text: #1d2430; --eco-muted: #5b6675; --eco-background: #fff; --eco-surface: #f1f3f6; --eco-border: #dce1e8; --eco-accent: #1a7f4b; --eco-before: #b85c1c; --eco-link: #1f5fa8; }
@media (prefers-color-scheme: dark) { :root { --eco-text: #e4e8ee; --eco-muted: #98a3b3; --eco-background: #14181f; --eco-surface: #1f2630; --eco-border: #323b48; --eco-accent: #4cc38a; --eco-before: #e08e4f; --eco-link: #79b0f0; } }
body { margin: 0; padding: 0 1.5rem 3rem; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC", sans-serif; color: var(--eco-text); background: var(--eco-background); }
a { color: var(--eco-link); }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: .92em; }
@media print { body { font-size: 10.5pt; padding: 0; color: #000; background: #fff; } a { color: inherit; } .eco-bar, .eco-bar-track { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
