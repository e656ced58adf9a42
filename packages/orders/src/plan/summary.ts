/** The stored summary, computed: it is for lists and metrics, and decides nothing. */
import { invoiceParts } from '../invoice/invoice-parts.ts';
import {
  HOLD_REASONS,
  type InvoiceStatus,
  type Order,
  STEP_NAMES,
  type StepRow,
  type Summary,
} from '../model/order.ts';
import type { Blocked, Held } from '../model/owed.ts';
import { isPastReadyToShip, lastConfirmation } from '../model/packages.ts';
import { rollUp } from '../model/status.ts';
import { findRow } from '../model/step-rows.ts';

export function summarize(
  order: Order,
  { held, blocked }: { held: readonly Held[]; blocked: readonly Blocked[] },
): Summary {
  const blockedStep = STEP_NAMES.find((step) => blocked.some((one) => one.step === step)) ?? null;
  const worst = blocked.find((one) => one.step === blockedStep);
  const failing = (worst && findRow(order, worst)) ?? mostTried(order.steps);
  return {
    status: rollUp(order),
    holdReason: HOLD_REASONS.find((reason) => held.some((one) => one.reason === reason)) ?? null,
    blockedStep,
    lastErrorCode: failing?.errorCode ?? null,
    lastError: failing?.error ?? null,
    confirmedAt: lastConfirmation(order),
    invoiceStatus: invoiceStatus(order),
  };
}

const mostTried = (rows: readonly StepRow[]): StepRow | undefined =>
  rows.filter((row) => row.tries > 0).toSorted((a, b) => b.tries - a.tries || a.step.localeCompare(b.step))[0];

const GIVEN_UP: Readonly<Record<string, InvoiceStatus>> = {
  missing: 'missing',
  unsupported: 'unsupported',
  render_failed: 'render_failed',
};

/** The least advanced part of the newest revision, unless fetching was given up. */
function invoiceStatus(order: Order): InvoiceStatus {
  const row = findRow(order, { step: 'invoice_fetch', ref: '' });
  const givenUp = row?.blocked ? GIVEN_UP[row.errorCode ?? ''] : undefined;
  if (givenUp) return givenUp;
  if (!isPastReadyToShip(order) && order.documents.length === 0) return 'none';
  const parts = invoiceParts(order).map((part) => part.document);
  if (parts.length === 0 || parts.some((document) => !document?.hasPdf)) return 'waiting';
  return parts.every((document) => document?.uploadedAt) ? 'uploaded' : 'fetched';
}

export const sameSummary = (a: Summary, b: Summary): boolean =>
  a.status === b.status &&
  a.holdReason === b.holdReason &&
  a.blockedStep === b.blockedStep &&
  a.lastErrorCode === b.lastErrorCode &&
  a.lastError === b.lastError &&
  a.invoiceStatus === b.invoiceStatus &&
  a.confirmedAt?.getTime() === b.confirmedAt?.getTime();
