/** `GET /v1/orders/:account/:orderNumber/invoice.pdf` is `getOrderInvoicePdf`: stable, and what clients call it. */
import type { Route } from './routes.ts';

export function operationIdOf({ method, url }: Pick<Route, 'method' | 'url'>): string {
  const parts = url.split('/').filter((part) => part !== '' && part !== 'v1');
  const names = parts.flatMap((part, index) => {
    if (part.startsWith(':')) return [];
    // One of them, where its id follows.
    return [parts[index + 1]?.startsWith(':') ? part.replace(/s$/, '') : part];
  });
  return (
    method.toLowerCase() +
    names
      .flatMap((name) => name.split(/\W+/))
      .map(capital)
      .join('')
  );
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
