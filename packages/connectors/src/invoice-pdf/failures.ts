/**
 * Why an invoice does not become a PDF. Reasons are made of our own words, single letters and addresses without their query:
 * nothing of a buyer's may stand in them.
 */
import { Failure } from '@lazada-sof/orders';

/** What came is no invoice that could ever become a PDF: the same bytes come to the same end. */
export const unsupported = (reason: string, cause?: unknown) =>
  new Failure('rejected', `invoice: ${reason}`, { code: 'unsupported', cause });

/** It is a PDF, or should have become one, and not all of it can be read. */
export const renderFailed = (reason: string, cause?: unknown) =>
  new Failure('rejected', `invoice: ${reason}`, { code: 'render_failed', cause });

/** Nothing is wrong with the page: where there is a renderer again it is drawn, by itself. */
export const noRenderer = (reason: string, cause?: unknown) =>
  renderFailed(`a web page, and there is no renderer: ${reason}; it is drawn by itself once there is one`, cause);

/** The browser did not do its work; another time it may. */
export const browserTrouble = (reason: string, cause?: unknown) =>
  new Failure('transient', `invoice: ${reason}`, { code: 'browser', cause });
