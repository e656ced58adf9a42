/** The smallest PDF with these pages; of letters alone, so that it can be written down. */
export const pdfOf = (pages: string): Buffer =>
  Buffer.from(
    [
      '%PDF-1.4',
      '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj',
      `2 0 obj<</Type/Pages${pages}>>endobj`,
      '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>endobj',
      'trailer<</Root 1 0 R/Size 4>>',
      '%%EOF',
    ].join('\n'),
  );

export const ONE_PAGE: Buffer = pdfOf('/Kids[3 0 R]/Count 1');
