/** Text becomes HTML in one way only: everything that is put in is escaped, unless it is HTML already. */
import { escapeHtml } from '../world/invoices.ts';

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Part[];

export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.map((text, index) => text + render(parts[index] ?? '')).join(''));
}

export function table(heads: readonly string[], rows: readonly (readonly Part[])[], none: string): Html {
  if (rows.length === 0) return html`<p>${none}</p>`;
  const head = heads.map((name) => html`<th>${name}</th>`);
  const body = rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`);
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(render).join('');
  return escapeHtml(String(part));
}
