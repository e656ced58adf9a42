/** Which renderer opens what comes: the one that a setting names, or a child of ours. */
import { type RendererProcess, type RendererProcessOptions, rendererProcess } from './renderer-process.ts';

export const rendererFor = (
  { rendererUrl }: { readonly rendererUrl?: string | undefined },
  options: RendererProcessOptions,
): RendererProcess => (rendererUrl ? namedRenderer(rendererUrl) : rendererProcess(options));

/** Whoever runs it ends it, and starts it again. */
const namedRenderer = (url: string): RendererProcess => ({
  address: async () => ({ url }),
  kill: () => undefined,
  settled: () => new Promise((resolve) => setTimeout(resolve, RESTART_MS).unref()),
  close: async () => undefined,
});

const RESTART_MS = 1_000;
