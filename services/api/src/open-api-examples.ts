/** What stands in a parameter, by its name: an example that nobody takes for something that exists. */

type Parameter = { name: string; description?: string; example?: unknown };

const PARAMETERS: Readonly<Record<string, Omit<Parameter, 'name'>>> = {
  account: { description: 'The account, by its name here.', example: 'example-shop' },
  name: { description: 'The account, by its name here.', example: 'example-shop' },
  orderNumber: { description: "Lazada's number of the order.", example: '000000000000000' },
  id: { description: 'The import, by the id that its upload was answered.', example: '000000' },
  status: { description: 'How far the order is.' },
  hold: { description: 'Held by this rule. account_blocked: its account is parked, disabled or not for the fleet.' },
  blocked: { description: 'The step that was given up.' },
  invoiceStatus: { description: 'How far its invoice is.' },
  cursor: { description: 'nextCursor of the page before; without it the first page.', example: '1234567' },
  limit: { description: 'How many at most.' },
};

type Described = {
  paths?: Readonly<Record<string, Readonly<Record<string, { parameters?: Parameter[] }>>>>;
};

/** What a shape says itself stays. */
export function withExamples<Document extends object>(document: Document): Document {
  // What @fastify/swagger calls a document names every version of OpenAPI; ours is 3.1.
  const { paths = {} } = document as Described;
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    operation.parameters = operation.parameters?.map((one) => ({ ...PARAMETERS[one.name], ...one })) ?? [];
  }
  return document;
}
