/** What else is looked at in the settings before this service starts. */
import { invoiceTemplateMistakes } from '@lazada-sof/orders';
import type { Checks } from '@lazada-sof/runtime';

const HOW = 'write a relative path that ends in .pdf, and use only the placeholders of the default';

/** The installation's template follows the same rules as an account's own. */
export const CHECKS: Checks<'invoices'> = {
  invoices: {
    pathTemplate(template) {
      const mistakes = invoiceTemplateMistakes(template);
      return mistakes.length > 0 ? [...mistakes, HOW] : [];
    },
  },
};
