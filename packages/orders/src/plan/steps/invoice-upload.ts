/** A PDF is stored and does not lie at the target yet. */
import type { DocumentFacts } from '../../model/order.ts';
import { isDue, notBlocked } from '../checks/turns.ts';
import type { Step } from './step.ts';

export const invoiceUpload: Step = {
  candidates: (order) =>
    order.documents
      .filter((document) => document.hasPdf && !document.uploadedAt)
      .map(({ documentId }) => ({ step: 'invoice_upload', ref: documentId })),
  checks: [notBlocked, isDue],
  owe: ({ ref }) => ({ step: 'invoice_upload', ref }),
  isFinished: (order, { ref }) => !order.documents.some((document) => isWanted(document, ref)),
};

const isWanted = ({ documentId, uploadedAt }: DocumentFacts, ref: string): boolean => documentId === ref && !uploadedAt;
