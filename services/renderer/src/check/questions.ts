/** What is asked of the process that reads PDFs, and what it answers: a line of JSON, behind a question its PDF's bytes. */

export type Question = {
  readonly bytes: number;
  /** Whether every letter on its pages was drawn, for one that we have printed ourselves. */
  readonly readBack: boolean;
  /** The lengths of the PDFs that its bytes are, which are to become one. */
  readonly join?: readonly number[];
};

export type Look =
  | {
      readonly ok: true;
      readonly pages: number;
      /** For each letter that no font had: what is drawn before it. Only where it was to be read back. */
      readonly gaps: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

export type Joined =
  /** `pdf` in base64: an answer is a line. */
  { readonly ok: true; readonly pages: number; readonly pdf: string } | { readonly ok: false; readonly reason: string };

export type Answer<Found = Look | Joined> = {
  readonly look: Found;
  /** It has grown and wants to be replaced. */
  readonly spent: boolean;
};

export type Asked = { readonly question: Question; readonly pdf: Buffer };

/** One after the other, since none is asked before the last is answered. */
export async function* questionsOf(input: AsyncIterable<Buffer>): AsyncGenerator<Asked> {
  let open: Asked | undefined;
  let filled = 0;
  for await (const chunk of input) {
    let bytes = chunk;
    if (open === undefined) {
      const end = bytes.indexOf('\n');
      const question = JSON.parse(bytes.subarray(0, end).toString()) as Question;
      open = { question, pdf: Buffer.alloc(question.bytes) };
      filled = 0;
      bytes = bytes.subarray(end + 1);
    }
    filled += bytes.copy(open.pdf, filled);
    if (filled < open.pdf.length) continue;
    yield open;
    open = undefined;
  }
}

export function partsOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const ends = sizes.map((_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0));
  return ends.map((end, index) => bytes.subarray(end - (sizes[index] ?? 0), end));
}
