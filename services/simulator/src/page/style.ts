import { html } from './html.ts';

export const STYLE = html`
:root { color-scheme: light dark; --line: #8884; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 1400px; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
td:first-child { white-space: nowrap; }
th { font-weight: 600; opacity: .7; white-space: nowrap; } td { font-variant-numeric: tabular-nums; }
.columns { display: grid; grid-template-columns: 3fr 2fr 2fr; gap: 0 2.5rem; } .columns > * { min-width: 0; }
@media (max-width: 900px) { .columns { grid-template-columns: minmax(0, 1fr); } }
.figures { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem 2rem; padding: 0; margin: 1rem 0 0; } .figures b { font-size: 1.5rem; }
.bad { color: #c62828; } code { font: 12px ui-monospace, monospace; overflow-wrap: anywhere; }
dt { margin-top: .5rem; } dd { margin: 0; } p { max-width: 75em; }
`;
